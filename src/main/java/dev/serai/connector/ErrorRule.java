package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.run.Verdict;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one kind of answer means at this remote.
 *
 * @param because why, one clause for a person; may be empty
 * @param reason dotted path of the body field to quote; empty to look in the usual places
 * @param patience how long to wait, where the file says how to know
 * @param done whether it may have been done all the same
 */
record ErrorRule(Match match, Verdict verdict, String because, String reason, Optional<Wait> patience, Done done) {
    /** More is no code, and takes long to read. */
    private static final int LONGEST_NUMBER = 60;

    /** GraphQL says in a 200 what it did not do: as a whole, or in the list each mutation has for the user's mistakes. */
    static final List<ErrorRule> GRAPHQL = List.of(
            whenNotEmpty("errors", "errors.*.message", Done.IF_BEGUN),
            whenNotEmpty("data.*.userErrors", "data.*.userErrors.*.message", Done.UNSAID));

    /** What a failure says of the work itself. */
    enum Done {
        /**
         * Nothing: what was refused was not done, but for a 408, a 5xx and a page that looks fine, which leave it open by
         * themselves; and of what may be tried again in a success nobody knows.
         */
        UNSAID,
        PERHAPS,
        /** GraphQL (October 2021, 7.1.2): what is refused before it was begun is answered without {@code data}. */
        IF_BEGUN
    }

    /**
     * All must hold that are given.
     *
     * @param statuses empty for any
     * @param field dotted path into the JSON body; empty when the body does not matter
     * @param header name of a header that is tested in place of a field; empty for none
     */
    record Match(Set<Integer> statuses, String field, String header, Test test) {
        /** Whether it certainly holds wherever the other one does. */
        boolean covers(Match other) {
            boolean status = statuses.isEmpty() || !other.statuses.isEmpty() && statuses.containsAll(other.statuses);
            boolean any = field.isEmpty() && header.isEmpty();
            boolean same = field.equals(other.field) && header.equalsIgnoreCase(other.header);
            // one that asks nothing at all is refused for that
            return status && (any ? !statuses.isEmpty() : same && test.covers(other.test));
        }
    }

    /** A 200 that lists problems is no success; a 503 with a list stays a 503. @param reason where the problems are told */
    private static ErrorRule whenNotEmpty(String field, String reason, Done done) {
        return new ErrorRule(
                new Match(Set.of(200), field, "", new Empty(false)), Verdict.FAIL, "", reason, Optional.empty(), done);
    }

    /** What is asked of the values at a path: one of them will do. */
    sealed interface Test permits OneOf, Exists, Empty, Between {
        boolean holds(List<JsonNode> found);

        /** Whether it certainly holds wherever the other one does. */
        default boolean covers(Test other) {
            return equals(other);
        }
    }

    /** A value is one of these, compared as text. */
    record OneOf(Set<String> values) implements Test {
        @Override
        public boolean holds(List<JsonNode> found) {
            return found.stream().anyMatch(value -> value.isValueNode() && values.contains(value.asText()));
        }

        @Override
        public boolean covers(Test other) {
            return other instanceof OneOf fewer && !fewer.values.isEmpty() && values.containsAll(fewer.values);
        }

        /** Whether only a value that says something is one of them. */
        private boolean something() {
            return !values.isEmpty() && values.stream().noneMatch(value -> value.isBlank() || value.equals("null"));
        }
    }

    /** There is a value other than null. */
    record Exists(boolean wanted) implements Test {
        @Override
        public boolean holds(List<JsonNode> found) {
            return found.stream().anyMatch(value -> !value.isNull()) == wanted;
        }

        @Override
        public boolean covers(Test other) {
            return equals(other) || wanted && new Empty(false).covers(other);
        }
    }

    /** Null, an empty text, list or object; what is not there is empty too. */
    record Empty(boolean wanted) implements Test {
        @Override
        public boolean holds(List<JsonNode> found) {
            return found.stream().allMatch(Empty::nothing) == wanted;
        }

        @Override
        public boolean covers(Test other) {
            return equals(other)
                    || !wanted && (other instanceof Between || other instanceof OneOf values && values.something());
        }

        private static boolean nothing(JsonNode value) {
            return value.isNull() || (value.isValueNode() ? value.asText().isBlank() : value.isEmpty());
        }
    }

    /** A number, or the text of one, within the bounds; null for no bound. */
    record Between(BigDecimal least, BigDecimal most) implements Test {
        /** Whether nothing is within. */
        boolean isEmpty() {
            return least != null && most != null && least.compareTo(most) > 0;
        }

        @Override
        public boolean holds(List<JsonNode> found) {
            return found.stream().anyMatch(this::within);
        }

        @Override
        public boolean covers(Test other) {
            return other instanceof Between narrower
                    && (least == null || narrower.least != null && least.compareTo(narrower.least) <= 0)
                    && (most == null || narrower.most != null && most.compareTo(narrower.most) >= 0);
        }

        private boolean within(JsonNode value) {
            try {
                String text = value.asText().strip();
                if (text.length() > LONGEST_NUMBER) {
                    return false;
                }
                var number = new BigDecimal(text);
                return (least == null || number.compareTo(least) >= 0) && (most == null || number.compareTo(most) <= 0);
            } catch (NumberFormatException e) {
                return false;
            }
        }
    }

    boolean matches(Answer answer) {
        return (match.statuses.isEmpty() || match.statuses.contains(answer.status()))
                && (match.field.isEmpty() && match.header.isEmpty() || match.test.holds(found(answer)));
    }

    /** Whether an answer it matches leaves open whether the work was done. */
    boolean leavesOpen(Answer answer) {
        return switch (done) {
            case PERHAPS -> true;
            case IF_BEGUN -> answer.json().has("data");
            case UNSAID -> verdict == Verdict.RETRY && answer.status() >= 200 && answer.status() < 300;
        };
    }

    private List<JsonNode> found(Answer answer) {
        return match.header.isEmpty()
                ? Json.all(answer.json(), match.field)
                : answer.header(match.header).<JsonNode>map(TextNode::valueOf).stream()
                        .toList();
    }
}
