package dev.serai.connector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.connector.PageRequest.Position;
import dev.serai.connector.PageRequest.Window;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * The place in the middle of a listing as a cursor that can be stored, so that a poll that is cut off after many pages
 * goes on there.
 */
record SavedPlace(Window window, Position position) {
    private static final String MARK = "listing:";
    private static final ObjectMapper JSON = new ObjectMapper();

    static boolean is(String cursor) {
        return cursor.startsWith(MARK);
    }

    String text() {
        var json = JSON.createObjectNode();
        json.put("stored", window.stored().toString());
        json.put("from", window.from().toString());
        json.put("until", window.until().toString());
        json.put("latest", window.latest().toString());
        json.set("token", position.token());
        json.put("seen", position.seen());
        json.put("place", position.place());
        json.put("told", position.told());
        return MARK + json;
    }

    /** Empty when it is damaged. @param now of the poll that goes on */
    static Optional<SavedPlace> read(String cursor, Instant now) {
        try {
            JsonNode json = JSON.readTree(cursor.substring(MARK.length()));
            var window = new Window(
                    instant(json, "stored"),
                    instant(json, "from"),
                    instant(json, "until"),
                    instant(json, "latest"),
                    now);
            return Optional.of(new SavedPlace(
                    window,
                    new Position(
                            json.path("token"),
                            json.path("seen").asLong(),
                            PageRequest.Guard.NONE,
                            json.path("place").asText(""),
                            json.path("told").asText(""),
                            false,
                            true)));
        } catch (JsonProcessingException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Instant instant(JsonNode json, String name) {
        return Instant.parse(json.path(name).asText());
    }
}
