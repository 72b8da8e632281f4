package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.record.Normalizer.Options;
import dev.serai.record.Normalizers;
import dev.serai.record.Unacceptable;
import java.util.Optional;

/**
 * A value a mapping is given from outside: by the route that uses it, else by a setting, else by its default.
 *
 * @param setting the setting that gives its value, or empty
 * @param value as configured: of the setting or the default; empty when neither has one
 * @param testValue the default as the file has it, so that the file's tests are the same on every machine
 */
public record Parameter(
        String name, Info info, String setting, Optional<JsonNode> value, Optional<JsonNode> testValue) {

    /** @param type string, number, integer or boolean */
    public record Info(String type, String description) {}

    /** Text as the parameter's type. @throws Unacceptable when it is not of that type */
    static JsonNode typed(String type, String text) {
        return switch (type) {
            case "number", "integer" -> Normalizers.of(type).orElseThrow().apply(TextNode.valueOf(text), Options.NONE);
            case "boolean" -> {
                if (!text.equals("true") && !text.equals("false")) {
                    throw new Unacceptable("must be true or false");
                }
                yield BooleanNode.valueOf(text.equals("true"));
            }
            default -> TextNode.valueOf(text);
        };
    }
}
