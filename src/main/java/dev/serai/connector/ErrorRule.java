package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.file.Template;
import dev.serai.run.Verdict;
import java.util.Set;

/**
 * What one kind of answer means at this remote.
 *
 * @param because why, one clause for a person; may be empty
 * @param reason dotted path of the body field to quote; empty to look in the usual places
 */
record ErrorRule(Match match, Verdict verdict, String because, String reason) {

    /**
     * Both must hold where both are given.
     *
     * @param statuses empty for any
     * @param field dotted path into the JSON body; empty when the body does not matter
     */
    record Match(Set<Integer> statuses, String field, JsonNode equals) {}

    boolean matches(Answer answer) {
        return (match.statuses.isEmpty() || match.statuses.contains(answer.status()))
                && (match.field.isEmpty() || fieldMatches(answer));
    }

    private boolean fieldMatches(Answer answer) {
        String found = Template.in(answer.json()).apply(match.field);
        return found != null && found.equals(match.equals.asText());
    }
}
