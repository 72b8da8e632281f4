package dev.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class FieldsTest {
    private static final String SCHEMA = """
            {"type": "object", "properties": {
              "count": {"type": "integer"}, "rate": {"type": "number"}, "vip": {"type": "boolean"},
              "ids": {"type": "array", "items": {"type": "integer"}},
              "names": {"type": "array", "items": {"type": "string"}, "$comment": "by comma"},
              "page[size]": {"type": "integer"},
              "when": {"anyOf": [{"type": "object", "properties": {"gte": {"type": "integer"}}}, {"type": "integer"}]},
              "lines": {"type": "array", "items": {"type": "object", "properties": {"amount": {"type": "integer"}}}},
              "address": {"anyOf": [{"type": "object", "properties": {"city": {"type": "string"}}}, {"type": "string", "enum": [""]}]}
            }}""";

    @Test
    void textBecomesWhatTheContractAsksFor() {
        assertDecoded("count=3&rate=1.50&vip=true", "{\"count\":3,\"rate\":1.50,\"vip\":true}");
    }

    @Test
    void whatCanNotBecomeItStaysText() {
        assertDecoded(
                "count=3x&vip=yes&rate=1e999999999", "{\"count\":\"3x\",\"vip\":\"yes\",\"rate\":\"1e999999999\"}");
    }

    @Test
    void listsComeInFourForms() {
        assertDecoded("ids[]=1&ids[]=2", "{\"ids\":[1,2]}");
        assertDecoded("ids[0]=1&ids[1]=2", "{\"ids\":[1,2]}");
        assertDecoded("ids=1&ids=2", "{\"ids\":[1,2]}");
        assertDecoded("names=a,b", "{\"names\":[\"a\",\"b\"]}");
    }

    @Test
    void bracketsNest() {
        assertDecoded("lines[0][amount]=5&lines[1][amount]=6", "{\"lines\":[{\"amount\":5},{\"amount\":6}]}");
    }

    @Test
    void aNameThatHasBracketsItselfIsTakenWhole() {
        assertDecoded("page%5Bsize%5D=5", "{\"page[size]\":5}");
    }

    @Test
    void ofSeveralFormsTheOneThatFitsIsMeant() {
        assertDecoded("when=7", "{\"when\":7}");
        assertDecoded("when[gte]=7", "{\"when\":{\"gte\":7}}");
        assertDecoded("address=", "{\"address\":\"\"}");
        assertDecoded("address[city]=Bonn", "{\"address\":{\"city\":\"Bonn\"}}");
    }

    private static void assertDecoded(String encoded, String json) {
        var shape = new Shape("it", () -> (ObjectNode) Json.parse(SCHEMA));
        assertThat(new Fields(shape).decode(Asked.pairs(encoded)).toString()).isEqualTo(json);
    }
}
