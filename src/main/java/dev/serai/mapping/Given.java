package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * What a mapping works on: the record and the values of its parameters.
 *
 * @param around for an item of a list, what the list belongs to; null for the record itself
 * @param passing hears what tables let pass
 */
record Given(JsonNode record, Map<String, JsonNode> parameters, Given around, Passing passing) {

    Given(JsonNode record, Map<String, JsonNode> parameters) {
        this(record, parameters, null, Passing.UNHEARD);
    }

    Given item(JsonNode item) {
        return new Given(item, parameters, this, passing);
    }

    /** The text of a parameter or, if none has that name, of the scalar at that path of the record; null when neither. */
    String text(String name, FieldPath path) {
        JsonNode parameter = parameters.get(name);
        JsonNode value = parameter != null ? parameter : path.read(this);
        return value != null && value.isValueNode() && FieldPath.hasValue(value) ? value.asText() : null;
    }
}
