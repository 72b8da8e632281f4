package dev.serai.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.library.Library;
import dev.serai.library.LibraryFolder;
import dev.serai.record.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MappingTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void theFirstSourceThatHasAValueWinsAndEmptyTextIsNone() {
        Mapping mapping = fields("a: { from: [x, y.0.z], default: none }");

        assertThat(apply(mapping, "{'x':'','y':[{'z':7}]}")).isEqualTo("{'a':7}");
        assertThat(apply(mapping, "{'x':null}")).isEqualTo("{'a':'none'}");
        assertThat(apply(mapping, "{'x':false}")).isEqualTo("{'a':false}");
    }

    @Test
    void everyReasonOfARefusalIsGivenAtOnceAndNoPersonalValueInClear() {
        Mapping mapping = fields("a: { from: a, required: true }\n  b: { from: b, do: [email] }\n  c: { from: c }");

        Refused refused = catchThrowableOfType(Refused.class, () -> apply(mapping, "{'b':'ada lovelace','c':1}"));

        assertThat(refused.problems())
                .containsExactly(
                        new FieldProblem("a", "a", "", "a is missing"),
                        new FieldProblem(
                                "b", "b", "a***", "b \"a***\" is not an e-mail address; name@example.com is expected"));
        assertThat(refused)
                .hasMessage("mapping x/y refused the record: a: a is missing; b: b \"a***\" is not an e-mail address;"
                        + " name@example.com is expected");
    }

    @Test
    void aTableRefusesPassesOrReplacesWhatItDoesNotList() {
        String table = "a: { from: a, table: { lead: Lead, 1: One }";

        assertThat(apply(fields(table + " }"), "{'a':1}")).isEqualTo("{'a':'One'}");
        assertThat(apply(fields(table + ", unknown: pass }"), "{'a':'x'}")).isEqualTo("{'a':'x'}");
        assertThat(apply(fields(table + ", unknown: { default: Other } }"), "{'a':'x'}"))
                .isEqualTo("{'a':'Other'}");
        assertThatThrownBy(() -> apply(fields(table + " }"), "{'a':'xyz'}"))
                .hasMessageContaining("a: a \"x***\" is not in the table; known: 1, lead");
    }

    @Test
    void aFieldIsThereOnlyWhenItsConditionHolds() {
        Mapping mapping = fields("vip: { value: true, when: '.plan == \"enterprise\"' }\n  p: { from: plan }");

        assertThat(apply(mapping, "{'plan':'enterprise'}")).isEqualTo("{'vip':true,'p':'enterprise'}");
        assertThat(apply(mapping, "{'plan':'starter'}")).isEqualTo("{'p':'starter'}");
    }

    @Test
    void numbersInATargetMakeAListWithoutHoles() {
        Mapping mapping = fields("to.0.email: { from: a }\n  to.1.email: { from: b }");

        assertThat(apply(mapping, "{'b':'x'}")).isEqualTo("{'to':[{'email':'x'}]}");
    }

    @Test
    void aParameterComesFromTheRouteElseTheSettingElseTheDefault() {
        String yaml = "mapping: x/y\nfrom: any\nparameters: { c: { default: '{{x.c:two}}', description: C. } }\n"
                + "fields: { a: { text: '{c}' }, b: { expr: '$c' }, d: { from: d, default: '{c}' } }\n"
                + "tests: [ { name: t, given: {}, expect: { a: two, b: two, d: two } } ]";
        Mapping unset = Mapping.read("f", yaml, name -> Optional.empty());
        Mapping set = Mapping.read("f", yaml, name -> Optional.of("one").filter(v -> name.equals("x.c")));

        assertThat(unset.apply(json("{}")).path("a").asText()).isEqualTo("two");
        assertThat(set.apply(json("{}")).path("b").asText()).isEqualTo("one");
        assertThat(set.apply(json("{}"), Map.of("c", "three")).path("d").asText())
                .isEqualTo("three");
        assertThatThrownBy(() -> set.apply(json("{}"), Map.of("C1", "x")))
                .hasMessageContaining("parameters: \"C1\" is not declared; did you mean \"c\"?");
    }

    @Test
    void aResultThatIsNotTheCanonicalRecordIsRefused() {
        Mapping mapping = Mapping.read(
                "f",
                "mapping: x/y\nfrom: any\nto: contact\nfields: { email: { from: e }, vip: { from: v } }\n"
                        + "tests: [ { name: t, given: { e: a@b.example }, expect: { email: a@b.example } } ]",
                name -> Optional.empty());

        assertThatThrownBy(() -> mapping.apply(json("{'e':'ada','v':'yes'}")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("email: \"a***\" must be an e-mail address")
                .hasMessageContaining("vip: \"yes\" must be true or false");
    }

    @Test
    void whyAFieldHasItsValueIsToldStepByStep() {
        Mapping mapping = fields("a: { from: a, do: [trim, lower] }\n  b: { from: b, required: true }");

        List<Explained> why = mapping.explain(json("{'a':' X '}"));

        assertThat(why.get(0).steps()).extracting(Explained.Step::rule).containsExactly("from", "trim", "lower");
        assertThat(why.get(0).after().orElseThrow().asText()).isEqualTo("x");
        assertThat(why.get(1).problem().orElseThrow()).hasToString("b: b is missing");
    }

    @Test
    void theResultSharesNothingWithTheRecord() {
        ObjectNode in = (ObjectNode) json("{'a':{'b':1}}");
        JsonNode out = fields("a: { from: a }").apply(in);

        ((ObjectNode) in.get("a")).put("b", 2);

        assertThat(out.at("/a/b").intValue()).isEqualTo(1);
    }

    @Test
    void anExpressionNeverTellsWhatItGaveUpOn() {
        assertThatThrownBy(() -> apply(fields("a: { expr: round(.x) }\n  c: { from: a }"), "{'x':'ada@example.com'}"))
                .hasMessage(
                        "mapping x/y refused the record: a: the expression cannot be computed: round() does not take"
                                + " what the record has");
    }

    @Test
    void patternsThatRunForeverElsewhereEndAtOnce() {
        Mapping mapping = fields("a: { expr: 'test(.x, \"^(a+)+$\")' }\n  c: { from: a }");
        String evil = "a".repeat(50_000) + "!";

        assertThat(apply(mapping, "{'x':'" + evil + "'}")).isEqualTo("{'a':false}");
    }

    @Test
    void ofALoopInALoopOnlySmallRecordsAreTaken() {
        Mapping mapping =
                fields("a: { expr: '[for (if (is-array(.x)) .x else []) size([for (.y) .])]' }\n  c: { from: a }");

        assertThatThrownBy(() -> apply(mapping, "{'x':[" + "1,".repeat(6_000) + "1]}"))
                .hasMessageContaining("more than 5000 values");
    }

    @Test
    void whateverTheRecordIsItIsMappedOrRefused() {
        var random = new Random(5);
        Library shipped = LibraryFolder.read(
                Path.of("mappings"),
                name -> name.endsWith("url") || name.endsWith("server") ? Optional.empty() : Optional.of("7"));
        var names = new ArrayList<>(shipped.mappings().keySet());
        for (int i = 0; i < 20_000; i++) {
            Mapping mapping = shipped.mappings().get(names.get(i % names.size()));
            JsonNode in = i % 3 == 0 ? Samples.json(random, 4) : recordFor(mapping, random);
            try {
                assertThat(mapping.apply(in).isObject()).isTrue();
            } catch (Refused e) {
                assertThat(e.problems()).isNotEmpty();
            }
        }
    }

    /** A record of the right shape with any values in it. */
    private static JsonNode recordFor(Mapping mapping, Random random) {
        ObjectNode record = JSON.createObjectNode();
        for (Explained field : mapping.explain(record)) {
            for (String path : field.source().split(", ")) {
                ObjectNode at = record;
                String[] names = path.split("\\.");
                for (int i = 0; i < names.length - 1; i++) {
                    JsonNode next = at.get(names[i]);
                    at = next instanceof ObjectNode object ? object : at.putObject(names[i]);
                }
                at.set(names[names.length - 1], Samples.json(random, 2));
            }
        }
        return record;
    }

    /** A mapping of these fields; its own test only shows that a record of this kind is taken. */
    private static Mapping fields(String fields) {
        String yaml = "mapping: x/y\nfrom: any\nfields:\n  " + fields
                + "\ntests: [ { name: t, given: { a: lead, b: a@b.example, c: 1, x: 1, plan: enterprise }, expect: {} } ]";
        return Mapping.read("f", yaml, name -> Optional.empty());
    }

    private static String apply(Mapping mapping, String json) {
        return mapping.apply(json(json)).toString().replace('"', '\'');
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
