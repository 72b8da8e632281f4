package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;

/**
 * The question for one page of a stream, with what is needed to read its answer.
 *
 * @param request to be sent as it is
 */
public record PageRequest(Request request, Map<String, String> args, Window window, Position position) {

    /**
     * Which changes this question covers.
     *
     * @param stored the cursor as it is stored now
     * @param from changes since then are asked for: {@code stored} less the lookback
     * @param latest the latest change seen in this poll; {@code from} before the first record
     * @param now no stored cursor is later
     */
    record Window(Instant stored, Instant from, Instant latest, Instant now) {}

    /**
     * How far the pages of this window have come.
     *
     * @param token what the last answer gave for this page; null for a first page
     * @param seen records on the pages before
     */
    record Position(JsonNode token, long seen) {
        static final Position FIRST = new Position(null, 0);
    }
}
