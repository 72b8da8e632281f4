package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.store.ByHand;
import dev.serai.store.Names;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One request, its parameters checked against those of its operation.
 *
 * @param path the values of the places of the path
 * @param body a missing node when there is none
 */
public record Ask(Map<String, String> path, Map<String, String> query, JsonNode body, Caller caller, Instant now) {
    private static final int PAGE = 50;
    private static final int LONGEST_PAGE = 500;

    Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name)).filter(value -> !value.isBlank());
    }

    boolean asked(String name) {
        return query(name).map("true"::equals).orElse(false);
    }

    /** How many items a page has. */
    int limit() {
        String given = query("limit").orElse(Integer.toString(PAGE));
        if (!given.matches("\\d{1,4}") || Integer.parseInt(given) < 1 || Integer.parseInt(given) > LONGEST_PAGE) {
            throw Declined.badRequest("limit is \"" + given + "\"; a number from 1 to " + LONGEST_PAGE + " is needed");
        }
        return Integer.parseInt(given);
    }

    /** The number of the run that the path names. */
    long run() {
        try {
            return Names.parseRun(path.get("run"));
        } catch (IllegalArgumentException e) {
            throw Declined.notFound(e.getMessage());
        }
    }

    /** Who does it, and why: no change without a reason. */
    ByHand byHand() {
        String why = body.path("why").asText("").strip();
        if (why.isEmpty()) {
            throw Declined.badRequest("\"why\" is missing in the body; say what was found or mended");
        }
        return new ByHand(caller.name(), why);
    }
}
