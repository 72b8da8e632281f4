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
     * Whether its answer may bring again what a page before has brought: a list that is asked for anew does, from there on,
     * and a page that begins with the last record of the one before.
     *
     * @param place of the event on its page, from 0
     */
    public boolean mayRepeat(StreamEvent event, int place) {
        return position.token == null
                ? event.changedAt() != null && !event.changedAt().isBefore(window.from)
                : place == 0 && position.guard.record != 0;
    }

    /**
     * Whether it is the first question of a stream that has not come further than where it begins, and for all that there is.
     *
     * @param start where it begins
     */
    boolean isVeryFirst(Instant start) {
        return position.token == null
                && position.place.isEmpty()
                && window.stored.equals(start)
                && !window.until.isBefore(window.now);
    }

    /** As asked at that moment by the remote's clock, should ours be ahead: what is later is still to come. */
    PageRequest notAfter(Instant moment) {
        return new PageRequest(request, args, window.notAfter(moment), position);
    }

    /**
     * Which changes this question covers.
     *
     * @param stored the cursor as it is stored now
     * @param from changes since then are asked for: {@code stored} less the lookback
     * @param until changes until then; {@code now}, or earlier for a slice of the time
     * @param latest the latest change seen in this poll; {@code from} before the first record
     * @param now no stored cursor is later
     */
    record Window(Instant stored, Instant from, Instant until, Instant latest, Instant now) {
        Window seen(Instant newest) {
            return new Window(stored, from, until, newest, now);
        }

        /** What is stored stays, whatever a remote takes for its time. */
        Window notAfter(Instant moment) {
            Instant most = moment.isBefore(stored) ? stored : moment;
            return new Window(
                    stored, from, until.isBefore(most) ? until : most, latest, now.isBefore(most) ? now : most);
        }

        Window covering(Instant since, Instant end) {
            return new Window(stored, since, end, latest, now);
        }
    }

    /**
     * How far the pages of this window have come.
     *
     * @param token what the last answer gave for this page; null for a first page
     * @param seen records on the pages before
     * @param guard against answers that lie, and lists that move
     * @param place the remote's own word for where the last poll ended; empty when it never said
     * @param told its word for where this one will have ended; empty while it has not said
     * @param full whether a page before had as many records as were asked for
     * @param resumed whether an earlier poll was cut off here: the remote may not know the token any more
     */
    record Position(JsonNode token, long seen, Guard guard, String place, String told, boolean full, boolean resumed) {
        static Position first(String place, boolean full) {
            return new Position(null, 0, Guard.NONE, place, "", full, false);
        }

        Position again() {
            return new Position(null, 0, new Guard(0, 0, 0, guard.moved + 1, 0, null), place, told, full, false);
        }
    }

    /**
     * What the next answer is held against.
     *
     * @param empty pages without a record just before, one after the other
     * @param page what the page before held, as a hash; 0 for a first page
     * @param record what its last record was, as a hash, where the next page must begin with it; 0 where it need not
     * @param moved how often the list was begun anew because records had moved
     * @param walked pages behind the first that were asked for
     * @param mark what asked for the one of them whose number is a power of two, the last such; null before there was one
     */
    record Guard(int empty, int page, int record, int moved, int walked, JsonNode mark) {
        static final Guard NONE = new Guard(0, 0, 0, 0, 0, null);

        /** With the page asked for by this. A chain that leads back to any of its pages comes by its mark in the end. */
        Guard walking(JsonNode token) {
            boolean further = Integer.bitCount(walked + 1) == 1;
            return new Guard(empty, page, record, moved, walked + 1, further ? token : mark);
        }
    }
}
