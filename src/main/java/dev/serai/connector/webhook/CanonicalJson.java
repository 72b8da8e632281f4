package dev.serai.connector.webhook;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.TreeSet;

/**
 * One spelling for JSON that says the same: keys sorted, no white space, numbers by value ({@code 1.50} and
 * {@code 15e-1} are one). Unlike RFC 8785 it keeps every digit of long numbers.
 */
final class CanonicalJson {
    private final StringBuilder out = new StringBuilder();

    private CanonicalJson() {}

    static String of(JsonNode json) {
        var canonical = new CanonicalJson();
        canonical.write(json);
        return canonical.out.toString();
    }

    private void write(JsonNode json) {
        if (json.isObject()) {
            object(json);
        } else if (json.isArray()) {
            array(json);
        } else if (json.isNumber()) {
            BigDecimal number = json.decimalValue();
            // not toPlainString: 1e999999999 would fill the memory
            out.append(number.signum() == 0 ? "0" : number.stripTrailingZeros().toString());
        } else if (json.isTextual()) {
            text(json.textValue());
        } else {
            out.append(json.asText());
        }
    }

    private void object(JsonNode json) {
        var names = new TreeSet<String>();
        json.fieldNames().forEachRemaining(names::add);
        String separator = "{";
        for (String name : names) {
            out.append(separator);
            text(name);
            out.append(':');
            write(json.get(name));
            separator = ",";
        }
        out.append(names.isEmpty() ? "{}" : "}");
    }

    private void array(JsonNode json) {
        out.append('[');
        for (Iterator<JsonNode> items = json.elements(); items.hasNext(); ) {
            write(items.next());
            out.append(items.hasNext() ? "," : "");
        }
        out.append(']');
    }

    private void text(String text) {
        out.append('"')
                .append(JsonStringEncoder.getInstance().quoteAsString(text))
                .append('"');
    }
}
