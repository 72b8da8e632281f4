package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * Why one field has the value it has. Carries values in clear: for the person who handed in the record, not for a log.
 *
 * @param field the target by dotted path
 * @param source what it is read from, as the mapping file says it
 * @param steps each rule in the order applied, {@code from} first, with the value after it
 * @param after the value in the result; empty when the field is left out
 * @param problem why the record is refused, when this field is the reason
 */
public record Explained(
        String field, String source, List<Step> steps, Optional<JsonNode> after, Optional<FieldProblem> problem) {

    /** @param rule a normalizer's name, or from, when, table, default, invalid @param value empty when there is none */
    public record Step(String rule, Optional<JsonNode> value) {}
}
