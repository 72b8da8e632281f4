package dev.serai.cli.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** Lines of YAML. Values are written as JSON, which YAML takes as it is. */
final class Lines {
    /** Behind an address without encryption. */
    static final String PLAIN = "   # unknown: whether it has https; by http a key can be read on its way";

    private final StringBuilder text = new StringBuilder();

    Lines add(String line) {
        text.append(line.stripTrailing()).append('\n');
        return this;
    }

    /** On one line, whatever breaks the words have. */
    Lines comment(String indent, String words) {
        return add(indent + "# " + words.replaceAll("[\\s\\p{Cntrl}]+", " "));
    }

    static String quoted(String value) {
        return TextNode.valueOf(value).toString();
    }

    /** An expression of the simulator: JSON within single quotes. */
    static String expression(JsonNode json) {
        return "'" + json.toString().replace("'", "''") + "'";
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
