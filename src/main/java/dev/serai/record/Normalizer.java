package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;

/**
 * A rule that brings one value into its one form.
 *
 * @param name as written after {@code do:} in a mapping file
 * @param description one sentence for the reference
 * @param option what the rule must be told beside the value
 * @param inverse the normalizer that leads back, when there is one
 */
public record Normalizer(String name, String description, Option option, Optional<String> inverse, Rule rule) {

    /** What a rule may be told beside the value. */
    public enum Option {
        NONE,
        /** A country: the one whose habits decide how a phone number without {@code +} is read. */
        REGION,
        /** An ISO 4217 code: decides how many decimals an amount has. */
        CURRENCY
    }

    /** The rule itself. */
    @FunctionalInterface
    public interface Rule {
        /**
         * @param value never null, never JSON null
         * @param option the option's value, or null when it has none
         * @throws Unacceptable with the reason
         */
        JsonNode apply(JsonNode value, String option);
    }

    /**
     * Applies the rule; to each item when the value is a list.
     *
     * @param value neither null nor JSON null
     * @param option the value of {@link #option()}, or null when the record has none
     * @throws Unacceptable with the reason, never with the value
     */
    public JsonNode apply(JsonNode value, String option) {
        if (!value.isArray()) {
            return rule.apply(value, option);
        }
        var items = JsonNodeFactory.instance.arrayNode(value.size());
        for (JsonNode item : value) {
            items.add(item.isNull() ? item : rule.apply(item, option));
        }
        return items;
    }
}
