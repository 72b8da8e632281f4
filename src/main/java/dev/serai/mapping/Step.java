package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.record.Normalizer;

/**
 * One normalizer of a field.
 *
 * @param option name of the parameter, or path of the input field, that gives the normalizer's option; null when none
 */
record Step(Normalizer normalizer, Path option) {

    JsonNode apply(JsonNode value, Given given) {
        return normalizer.apply(value, option == null ? null : given.text(option.text(), option));
    }
}
