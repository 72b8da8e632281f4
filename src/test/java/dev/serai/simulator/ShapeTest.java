package dev.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShapeTest {

    @Test
    void whatIsNullableTakesNull() {
        String schema = "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"nullable\":true,"
                + "\"enum\":[\"x\"]},\"b\":{\"type\":\"string\"}}}";

        assertThat(check(schema, true, "{\"a\":null}")).isEmpty();
        assertThat(check(schema, true, "{\"b\":null}")).containsExactly("b: must be text, not null");
    }

    @Test
    void anObjectThatIsSilentAboutOthersTakesNoneUnlessTold() {
        String schema = "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}";

        assertThat(check(schema, true, "{\"citi\":\"Bonn\"}"))
                .containsExactly("citi: \"citi\" is not in the contract; did you mean \"city\"?");
        assertThat(check(schema, false, "{\"citi\":\"Bonn\"}")).isEmpty();
    }

    @Test
    void whereTheContractWasCutAnythingMayStand() {
        String schema = "{\"type\":\"object\",\"x-cut\":true,\"properties\":{\"city\":{\"type\":\"string\"}}}";

        assertThat(check(schema, true, "{\"anything\":1}")).isEmpty();
    }

    @Test
    void everythingWrongIsNamedWithItsPlace() {
        String schema = "{\"type\":\"object\",\"required\":[\"id\"],\"properties\":{\"id\":{\"type\":\"integer\"},"
                + "\"lines\":{\"type\":\"array\",\"maxItems\":2,\"items\":{\"type\":\"object\",\"properties\":"
                + "{\"mail\":{\"type\":\"string\",\"format\":\"email\"}}}}}}";

        assertThat(check(schema, true, "{\"lines\":[{\"mail\":\"a@example.com\"},{\"mail\":\"a\"},{}]}"))
                .containsExactlyInAnyOrder(
                        "id: \"id\" is missing",
                        "lines: has 3 items; at most 2 are taken",
                        "lines[1].mail: is not a valid email");
    }

    @Test
    void aBoundThatExcludesItselfIsReadAsBothVersionsSayIt() {
        for (String bounds : List.of(
                "\"minimum\":0,\"exclusiveMinimum\":true,\"maximum\":9,\"exclusiveMaximum\":true",
                "\"exclusiveMinimum\":0,\"exclusiveMaximum\":9")) {
            String schema = "{\"type\":\"integer\"," + bounds + "}";
            assertThat(check(schema, true, "0")).as(bounds).hasSize(1);
            assertThat(check(schema, true, "9")).as(bounds).hasSize(1);
            assertThat(check(schema, true, "1")).as(bounds).isEmpty();
        }
        assertThat(check("{\"minimum\":0,\"exclusiveMinimum\":false}", true, "0"))
                .isEmpty();
    }

    @Test
    void aSchemaNobodyCanReadIsNamed() {
        assertThatThrownBy(() -> check("{\"type\":\"string\",\"pattern\":\"(\"}", true, "\"a\""))
                .isInstanceOf(BrokenContract.class)
                .hasMessageStartingWith("contract.json: it can't be read as a schema (");
    }

    private static List<String> check(String schema, boolean closed, String value) {
        var shape = new Shape("it", () -> (ObjectNode) new OpenApiSchemas(closed).translate(Json.parse(schema)));
        return shape.check(Json.parse(value)).stream().map(Violation::toString).toList();
    }
}
