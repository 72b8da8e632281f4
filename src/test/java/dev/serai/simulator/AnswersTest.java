package dev.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.file.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the simulated vendors answer fits their contracts too. {@code simulator-calls} lists calls in the order
 * they are made; {@code </pointer>} stands for a value of the last answer with a body.
 */
class AnswersTest {

    @ParameterizedTest
    @ValueSource(strings = {"hubspot", "mailchimp", "stripe", "slack", "zendesk", "sendgrid"})
    void everyOperationIsAnsweredAsItsContractSays(String vendor) throws Exception {
        var wrong = new ArrayList<String>();
        try (var simulator = Simulator.start(0)) {
            var caller = vendor.equals("mailchimp")
                    ? Caller.basic(simulator, vendor, "any")
                    : Caller.bearer(simulator, vendor);
            JsonNode last = Json.MAKE.objectNode();
            var contract = new Documents(vendor);
            for (Yaml step : calls(vendor)) {
                Caller.Reply reply = call(caller, step, last);
                Call call = simulator
                        .ledger()
                        .calls(vendor)
                        .get(simulator.ledger().calls().size() - 1);
                assertThat(reply.status())
                        .as(call.operation() + ": " + reply.http().body())
                        .isLessThan(300);
                if (!reply.http().body().isEmpty()) {
                    last = reply.json();
                    wrong.addAll(contract.check(call.operation(), reply.status(), last));
                }
                contract.seen(call.operation());
            }
            assertThat(contract.unseen())
                    .as("operations of the vendor's file without a call")
                    .isEmpty();
        }
        assertThat(wrong).isEmpty();
    }

    private static List<Yaml> calls(String vendor) throws IOException {
        try (var in = AnswersTest.class.getResourceAsStream("/simulator-calls/" + vendor + ".yaml")) {
            return Yaml.read(vendor + ".yaml", new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .items();
        }
    }

    private static Caller.Reply call(Caller caller, Yaml step, JsonNode last) throws Exception {
        String[] line = step.text("call").orElseThrow().split(" ", 2);
        String path = filled(line[1], last);
        return step.get("form").isPresent()
                ? caller.form(path, filled(step.text("form").orElseThrow(), last))
                : step.get("json").isPresent()
                        ? caller.json(
                                line[0],
                                path,
                                filled(step.get("json").orElseThrow().json().toString(), last))
                        : caller.send(line[0], path, null, null);
    }

    /** {@code </data/id>} is the value at that pointer of the answer before. */
    private static String filled(String text, JsonNode last) {
        var place = java.util.regex.Pattern.compile("<(/[^>]+)>").matcher(text);
        return place.replaceAll(found -> last.at(found.group(1)).asText());
    }

    /** The raw contracts of a vendor, for their responses. */
    private static final class Documents {
        private final Map<String, JsonNode> operations = new java.util.TreeMap<>();
        private final JsonNode document;
        private final List<String> unseen = new ArrayList<>();

        Documents(String vendor) throws IOException {
            Path folder = Path.of("mappings", vendor);
            Yaml file = Yaml.read(vendor, Files.readString(folder.resolve("simulator.yaml")));
            unseen.addAll(file.get("operations").orElseThrow().entries().keySet());
            document = Contract.document(folder);
            document.path("paths")
                    .forEach(path -> path.forEach(operation ->
                            operations.put(operation.path("operationId").asText(), operation)));
        }

        void seen(String operation) {
            unseen.remove(operation);
        }

        List<String> unseen() {
            return unseen;
        }

        List<String> check(String operation, int status, JsonNode body) {
            JsonNode responses = operations.get(operation).path("responses");
            JsonNode schema = responses
                    .path(String.valueOf(status))
                    .path("content")
                    .path("application/json")
                    .path("schema");
            assertThat(responses.has(String.valueOf(status)))
                    .as(operation + " may answer " + status)
                    .isTrue();
            var open = new OpenApiSchemas(false);
            ObjectNode translated = Json.MAKE.objectNode().setAll((ObjectNode)
                    open.translate(schema.isObject() ? schema : Json.MAKE.objectNode()));
            translated.set(
                    "$defs", open.translateAll(document.path("components").path("schemas")));
            return new Shape("it", () -> translated)
                    .check(body).stream().map(v -> operation + ": " + v).toList();
        }
    }
}
