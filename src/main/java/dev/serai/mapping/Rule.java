package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.record.Masks;
import dev.serai.record.Unacceptable;
import java.util.List;

/**
 * How one target field gets its value.
 *
 * @param field the target by dotted path
 * @param personal whether the value must be masked in messages
 * @param inclusion what it works on, when it is from an included file
 */
record Rule(
        String field, Source source, Treatment treatment, Presence presence, boolean personal, Inclusion inclusion) {

    Rule(String field, Source source, Treatment treatment, Presence presence, boolean personal) {
        this(field, source, treatment, presence, personal, Inclusion.NONE);
    }

    /**
     * What is done to a value, in this order.
     *
     * @param leaveOutInvalid whether a value that is refused counts as no value instead
     */
    record Treatment(List<Act> acts, boolean leaveOutInvalid) {}

    /**
     * Whether the field is there.
     *
     * @param when null when always
     * @param fallback the value when the record has none; null when there is none
     * @param oneWay whether it has no part in the way back
     */
    record Presence(Expr when, boolean required, Source fallback, boolean oneWay) {}

    /** Hears what becomes of a value on its way. */
    interface Listener {
        Listener NONE = (rule, value) -> {};

        /** @param value null when there is none */
        void after(String rule, JsonNode value);
    }

    /** A field cannot be had from this record. */
    static final class Failed extends RuntimeException {
        private final transient List<FieldProblem> problems;

        Failed(List<FieldProblem> problems) {
            super(problems.get(0).sentence(), null, false, false);
            this.problems = problems;
        }

        /** One, or one for each field of each item that is wrong. */
        List<FieldProblem> problems() {
            return problems;
        }
    }

    /** The field's value; null when it is left out. @throws Failed when the record must be refused */
    JsonNode apply(Given all, Listener listener) {
        Given given = inclusion.of(all);
        if (presence.when != null && !wanted(given)) {
            listener.after("when", null);
            return null;
        }
        JsonNode found = found(given);
        listener.after("from", found);
        JsonNode value = found == null ? null : treated(found, given, listener);
        if (value == null && presence.fallback != null) {
            value = presence.fallback.value(given);
            listener.after("default", value);
        }
        if (value == null && presence.required) {
            throw failed(
                    given,
                    found == null ? source.missing(given) : named(given, found) + ", which leaves no value",
                    found);
        }
        return value;
    }

    private boolean wanted(Given given) {
        try {
            return presence.when.isTrue(given);
        } catch (Unacceptable e) {
            throw failed(given, "when: " + e.getMessage(), null);
        }
    }

    private JsonNode found(Given given) {
        try {
            return source.value(given);
        } catch (Unacceptable e) {
            throw failed(given, "the expression " + e.getMessage(), null);
        } catch (Source.ItemsRefused e) {
            throw new Failed(
                    e.problems().stream().map(problem -> problem.under(field)).toList());
        }
    }

    private JsonNode treated(JsonNode found, Given given, Listener listener) {
        JsonNode value = found;
        try {
            for (int i = 0; i < treatment.acts.size(); i++) {
                Act act = treatment.acts.get(i);
                JsonNode before = value;
                value = act.apply(before, given);
                if (value == before && act instanceof Table table && !table.lists(value)) {
                    given.passing().passed(field, table.place(), value, personal);
                }
                listener.after(act.name(), value);
                if (!FieldPath.hasValue(value)) {
                    return null;
                }
            }
            return value;
        } catch (Unacceptable e) {
            if (treatment.leaveOutInvalid) {
                listener.after("invalid", null);
                return null;
            }
            throw failed(given, named(given, found) + " " + e.getMessage(), found);
        }
    }

    private String named(Given given, JsonNode value) {
        return source.name(given) + " \"" + shown(value) + "\"";
    }

    private String shown(JsonNode value) {
        return value == null ? "" : personal ? Masks.personal(value) : Masks.plain(value);
    }

    private Failed failed(Given given, String sentence, JsonNode value) {
        return new Failed(List.of(new FieldProblem(field, source.name(given), shown(value), sentence)));
    }
}
