package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A rule that brings one value into its one form.
 *
 * @param name as written after {@code do:} in a mapping file
 * @param description one sentence for the reference
 * @param options what the rule may be told beside the value
 * @param inverse the normalizer that leads back: its own name when the form itself is what the other side takes; empty
 *     when nothing leads back
 * @param whole whether a list is one value to it; else it is applied to each item
 */
public record Normalizer(
        String name, String description, List<Option> options, Optional<String> inverse, boolean whole, Rule rule) {

    /** What a rule may be told beside the value. */
    public enum Option {
        /** A country: the one whose habits decide how a phone number without {@code +} is read. */
        REGION(false),
        /** An ISO 4217 code: decides how many decimals an amount has. */
        CURRENCY(false),
        /** How many decimals a vendor gives currencies, where it is not ISO 4217's number: {@code ISK 2, MGA 0}. */
        DECIMALS(true),
        /** A time zone: the one of a time that does not name its own. */
        ZONE(false),
        /** How a date or time is written, by the letters of {@link java.time.format.DateTimeFormatter}. */
        FORMAT(true),
        /** A BCP 47 tag: whose way to write numbers, or names of months. */
        LOCALE(true),
        /** The text between the parts of a list. */
        SEPARATOR(true);

        private final boolean written;

        Option(boolean written) {
            this.written = written;
        }

        /** Whether the mapping file has the option itself, not the name of a field or parameter that has it. */
        public boolean written() {
            return written;
        }

        /** As a mapping file says it. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a rule is told for one record. */
    @FunctionalInterface
    public interface Options {
        Options NONE = option -> null;

        /** The option's value, or null when it has none. */
        String get(Option option);
    }

    /** The rule itself. */
    @FunctionalInterface
    public interface Rule {
        /**
         * @param value never null, never JSON null
         * @throws Unacceptable with the reason
         */
        JsonNode apply(JsonNode value, Options options);
    }

    /**
     * Applies the rule; to each item when the value is a list, unless the rule is one for lists.
     *
     * @param value neither null nor JSON null
     * @throws Unacceptable with the reason, never with the value
     */
    public JsonNode apply(JsonNode value, Options options) {
        if (!value.isArray() || whole) {
            return rule.apply(value, options);
        }
        var items = JsonNodeFactory.instance.arrayNode(value.size());
        for (JsonNode item : value) {
            items.add(item.isNull() ? item : rule.apply(item, options));
        }
        return items;
    }

    /** The type of what it gives, in JSON Schema's word; empty when it is that of what it gets. */
    public Optional<String> gives() {
        return switch (name) {
            case "number", "amount", "major_units" -> Optional.of("number");
            case "integer", "minor_units", "epoch_seconds", "epoch_millis" -> Optional.of("integer");
            case "boolean" -> Optional.of("boolean");
            case "split" -> Optional.of("array");
            case "utm", "click_ids" -> Optional.of("object");
            case "first", "unique" -> Optional.empty();
            default -> Optional.of("string");
        };
    }

    public boolean uses(Option option) {
        return options.contains(option);
    }

    /**
     * What is wrong with an option that stands in the file, if anything is.
     *
     * @param option one that is {@link Option#written()}
     */
    public static Optional<String> problem(Option option, String text) {
        return switch (option) {
            case FORMAT -> Times.problemOfFormat(text);
            case DECIMALS -> Money.problemOfDecimals(text);
            case LOCALE ->
                Languages.isTag(text)
                        ? Optional.empty()
                        : Optional.of("is not a language tag; one such as de or en-US is expected");
            default ->
                text.isEmpty() ? Optional.of("is empty; the text between the parts is expected") : Optional.empty();
        };
    }
}
