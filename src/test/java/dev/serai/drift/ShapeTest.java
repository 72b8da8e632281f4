package dev.serai.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ShapeTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A drift: what becomes of an order from some moment on, and what is to be said of it. */
    private record Seed(UnaryOperator<JsonNode> change, String... expected) {}

    private static Arguments drift(String name, UnaryOperator<ObjectNode> change, String... expected) {
        return Arguments.of(name, new Seed(order -> change.apply((ObjectNode) order), expected));
    }

    static Stream<Arguments> drifts() {
        return Stream.of(
                drift("a new field", o -> o.put("vat_id", "DE1"), "NEW vat_id"),
                drift("a new field in one of five", o -> o.get("id").asInt() % 5 > 0 ? o : o.put("x", 1), "NEW x"),
                drift("a new field of a map", o -> with(o, "customer", "vip", true), "NEW customer.vip"),
                drift(
                        "a new map",
                        o -> o.set("shipping", JSON.createObjectNode().put("by", "post")),
                        "NEW shipping"),
                drift("a new list", o -> o.set("refunds", JSON.createArrayNode().add(1)), "NEW refunds"),
                drift("a new field of items", o -> items(o, i -> i.put("tax", 19)), "NEW lines.*.tax"),
                drift("a field goes", o -> without(o, "currency"), "GONE currency"),
                drift("a map goes", o -> without(o, "customer"), "GONE customer"),
                drift("a field of a map goes", o -> under(o, "customer", "email"), "GONE customer.email"),
                drift("an optional field goes", o -> under(o, "customer", "phone"), "GONE customer.phone"),
                drift("a field of items goes", o -> items(o, i -> i.remove("sku")), "GONE lines.*.sku"),
                drift("a list is empty", o -> o.set("lines", JSON.createArrayNode()), "GONE lines.*"),
                drift("a field is renamed", o -> without(o.put("amount", 3.5), "total"), "NEW amount", "GONE total"),
                drift("text for a number", o -> o.put("total", "12.50"), "RETYPED total a number in quotes"),
                drift("a number for text", o -> o.put("channel", 4), "RETYPED channel a number"),
                drift(
                        "a map for text",
                        o -> o.set("channel", JSON.createObjectNode().put("id", "web")),
                        "RETYPED channel a map"),
                drift(
                        "a list for a map",
                        o -> o.set("customer", JSON.createArrayNode().add(o.get("customer"))),
                        "RETYPED customer a list"),
                drift("another form of time", o -> o.put("placed_at", "21.11.2026"), "RETYPED placed_at text"),
                drift("a number for a time", o -> o.put("placed_at", 1_795_255_200L), "RETYPED placed_at a number"),
                drift("text for yes or no", o -> o.put("gift", "no"), "RETYPED gift text"),
                drift("newly null", o -> o.putNull("currency"), "EMPTY currency"),
                drift(
                        "newly null now and then",
                        o -> o.get("id").asInt() % 4 > 0 ? o : o.putNull("total"),
                        "EMPTY total"),
                drift("newly empty text", o -> o.put("channel", ""), "EMPTY channel"),
                drift("never a value any more", o -> o.putNull("note"), "EMPTY note"),
                drift(
                        "a new word",
                        o -> o.get("id").asInt() % 3 > 0 ? o : o.put("state", "on_hold"),
                        "VALUE state on_hold"),
                drift("a new word of items", o -> items(o, i -> i.put("unit", "pallet")), "VALUE lines.*.unit pallet"),
                drift(
                        "a new word of a list",
                        o -> o.set("tags", JSON.createArrayNode().add("outlet")),
                        "VALUE tags.* outlet"),
                drift("a new code", o -> o.put("priority", 9), "VALUE priority 9"),
                Arguments.of(
                        "a list for the body",
                        new Seed(o -> JSON.createArrayNode().add(o), "RETYPED  a list")),
                Arguments.of("no JSON", new Seed(o -> null, "RETYPED  no JSON")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("drifts")
    void aDriftIsFoundWithinAHundredEventsAndNothingElseIs(String name, Seed seed) {
        var traffic = new Traffic(name.hashCode());
        var shape = new Shape(new Budget(10_000));
        assertThat(told(shape, traffic, 2_000, o -> o)).isEmpty();

        assertThat(told(shape, traffic, 100, seed.change)).containsExactlyInAnyOrder(seed.expected);
    }

    @Test
    void steadyTrafficRaisesNoAlarm() {
        int streams = 10;
        var alarms = new ArrayList<String>();
        for (int stream = 0; stream < streams; stream++) {
            alarms.addAll(told(new Shape(new Budget(10_000)), new Traffic(stream), 3_000, o -> o));
        }
        alarms.addAll(told(new Shape(new Budget(10_000)), new Traffic(99), 10_000, o -> o));

        assertThat(alarms).isEmpty();
    }

    @Test
    void aFindingNamesTheFirstEventTheFormsBeforeAndAMaskedExample() {
        var traffic = new Traffic(1);
        var shape = new Shape(new Budget(10_000));
        told(shape, traffic, 500, o -> o);
        var found = new ArrayList<Finding>();
        for (int i = 0; i < 20; i++) {
            found.addAll(take(
                    shape,
                    traffic.order()
                            .put("total", "Ada Lovelace")
                            .put("vat_id", "DE1")
                            .put("ceo", "Grace")));
        }

        assertThat(found)
                .containsExactlyInAnyOrder(
                        new Finding(Kind.RETYPED, "total", "text", "a number", "A***", 501, NOON.plusSeconds(501)),
                        new Finding(Kind.NEW, "vat_id", "", "", "DE1", 501, NOON.plusSeconds(501)),
                        new Finding(Kind.NEW, "ceo", "", "", "G***", 501, NOON.plusSeconds(501)));
    }

    @Test
    void howOftenItWasSoSinceIsCounted() {
        var traffic = new Traffic(4);
        var shape = new Shape(new Budget(10_000));
        told(shape, traffic, 500, o -> o);
        var found = new ArrayList<Finding>();
        for (int i = 0; i < 40; i++) {
            ObjectNode order = items(traffic.order(), line -> line.put("unit", "pallet"));
            order.put("vat.id", "DE1").put("total", "x").putNull("channel").remove("currency");
            order.set("tags", JSON.createArrayNode().add("outlet"));
            found.addAll(take(shape, order));
        }

        assertThat(found).hasSize(6).allSatisfy(finding -> assertThat(shape.count(finding))
                .as(finding.toString())
                .isEqualTo(40));
        assertThat(shape.count(new Finding(Kind.NEW, "no.such", "", "", "", 1, NOON)))
                .isZero();
    }

    @Test
    void whatIsGoneAndComesBackIsTold() {
        var traffic = new Traffic(2);
        var shape = new Shape(new Budget(10_000));
        told(shape, traffic, 500, o -> o);

        assertThat(told(shape, traffic, 50, o -> without((ObjectNode) o, "currency")))
                .containsExactly("GONE currency");
        assertThat(told(shape, traffic, 50, o -> o)).containsExactly("BACK currency");
        assertThat(told(shape, traffic, 50, o -> ((ObjectNode) o).putNull("channel")))
                .containsExactly("EMPTY channel");
        assertThat(told(shape, traffic, 50, o -> o)).containsExactly("BACK channel");
    }

    @Test
    void aShapeThatIsWrittenAndReadAgainGoesOnAsIfNothingHadHappened() {
        var traffic = new Traffic(3);
        var budget = new Budget(10_000);
        Shape shape = new Shape(budget);
        UnaryOperator<JsonNode> change =
                o -> without(((ObjectNode) o).put("vat_id", "DE1").put("state", "on_hold"), "total");
        told(shape, traffic, 1_000, o -> o);
        var told = new ArrayList<String>();
        for (int i = 0; i < 40; i++) {
            told.addAll(told(shape, traffic, 1, change));
            JsonNode written = ShapeJson.write(shape);
            int left = budget.left();
            shape.close();
            shape = ShapeJson.read(written, budget);
            assertThat(budget.left()).isEqualTo(left);
            assertThat(ShapeJson.write(shape)).isEqualTo(written);
        }

        assertThat(told).containsExactlyInAnyOrder("NEW vat_id", "VALUE state on_hold", "GONE total");
    }

    @Test
    void mapsWhoseKeysAreDataAndBodiesWithoutEndTakeBoundedMemory() {
        var budget = new Budget(3_000);
        var shape = new Shape(budget);
        var told = new ArrayList<Finding>();
        for (int i = 0; i < 1_000; i++) {
            ObjectNode body = JSON.createObjectNode().put("id", i);
            ObjectNode users = body.putObject("users");
            for (int k = 0; k < 20; k++) {
                users.putObject("user-" + (i * 7 + k * k)).put("name", "x").put("left", k);
            }
            users.put("count", 20);
            ObjectNode deep = body.putObject("deep");
            for (int d = 0; d < 100; d++) {
                deep = deep.putObject("d");
            }
            var list = body.putArray("list");
            for (int n = 0; n < 1_000; n++) {
                list.add("w" + n);
            }
            told.addAll(take(shape, body));
        }
        assertThat(told).isEmpty();
        assertThat(3_000 - budget.left()).isLessThan(60);
        assertThat(shape.overfull()).isLessThan(60);
        assertThat(told(shape, 60, "{\"users\":{\"a\":{\"name\":\"x\",\"left\":1,\"mail\":\"y\"},\"count\":20}}"))
                .contains("NEW users.*.mail");

        var full = new Shape(new Budget(10));
        for (int i = 0; i < 300; i++) {
            ObjectNode wide = JSON.createObjectNode();
            for (int f = 0; f < 50; f++) {
                wide.put("f" + f, f);
            }
            take(full, wide);
        }
        assertThat(full.overfull()).isEqualTo(300);
    }

    @Test
    void anEventThatWasLookedAtIsNotCountedAgain() {
        var shape = new Shape(new Budget(100));
        shape.take(5, NOON, JSON.createObjectNode());
        shape.take(5, NOON, JSON.createObjectNode());
        shape.take(4, NOON, JSON.createObjectNode());
        assertThat(shape.events()).isOne();
        assertThat(shape.isLearning()).isTrue();
    }

    private static List<String> told(Shape shape, int events, String body) {
        var told = new ArrayList<String>();
        for (int i = 0; i < events; i++) {
            try {
                take(shape, JSON.readTree(body)).forEach(f -> told.add((f.kind() + " " + f.path()).strip()));
            } catch (java.io.IOException e) {
                throw new IllegalStateException(e);
            }
        }
        return told;
    }

    private List<String> told(Shape shape, Traffic traffic, int events, UnaryOperator<JsonNode> change) {
        var told = new ArrayList<String>();
        for (int i = 0; i < events; i++) {
            take(shape, change.apply(traffic.order()))
                    .forEach(f -> told.add((f.kind() + " " + f.path() + " " + f.detail()).strip()));
        }
        return told;
    }

    private static List<Finding> take(Shape shape, JsonNode body) {
        return shape.take(shape.lastEvent() + 1, NOON.plusSeconds(shape.lastEvent() + 1), body);
    }

    private static ObjectNode with(ObjectNode order, String map, String field, boolean value) {
        ((ObjectNode) order.get(map)).put(field, value);
        return order;
    }

    private static ObjectNode without(ObjectNode order, String field) {
        order.remove(field);
        return order;
    }

    private static ObjectNode under(ObjectNode order, String map, String field) {
        ((ObjectNode) order.get(map)).remove(field);
        return order;
    }

    private static ObjectNode items(ObjectNode order, java.util.function.Consumer<ObjectNode> change) {
        order.get("lines").forEach(line -> change.accept((ObjectNode) line));
        return order;
    }
}
