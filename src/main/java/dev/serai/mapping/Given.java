package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** What a mapping works on: the record and the values of its parameters. */
record Given(JsonNode record, Map<String, JsonNode> parameters) {

    /** The text of a parameter or, if none has that name, of the scalar at that path of the record; null when neither. */
    String text(String name, FieldPath path) {
        JsonNode parameter = parameters.get(name);
        JsonNode value = parameter != null ? parameter : path.read(record);
        return value != null && value.isValueNode() && FieldPath.hasValue(value) ? value.asText() : null;
    }
}
