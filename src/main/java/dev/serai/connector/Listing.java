package dev.serai.connector;

import dev.serai.file.Template;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A stream: what changed at the remote since a cursor, page by page, each record as an event. */
public record Listing(String name, Call call, Pages pages, Since since, Shape shape) implements Operation.Single {

    @Override
    public List<ErrorRule> errors() {
        return List.of();
    }

    /** How the next page is asked for. */
    enum Style {
        /** The answer carries a token for the next page. */
        CURSOR,
        /** Records are skipped by count. */
        OFFSET
    }

    /**
     * Where an answer has its records and how to get more.
     *
     * @param records dotted path of the list; empty when the answer is the list
     * @param size records a page
     * @param ceiling the most records the remote lists for one question; 0 for no such limit
     */
    record Pages(String records, Paging paging, int size, int ceiling) {}

    /**
     * How a page is asked for: {@code into} and {@code sizeInto} are dotted paths into the body of a call that has one,
     * else query parameters.
     *
     * @param next dotted path of the token in the answer, for {@link Style#CURSOR}
     * @param into where token or offset go
     * @param sizeInto where the page size goes; empty when it is not sent
     */
    record Paging(Style style, String next, String into, String sizeInto) {}

    /**
     * How a poll continues where the last one ended.
     *
     * @param field dotted path of the time of change in a record
     * @param start where the first poll begins
     * @param lookback how far each poll reaches back before the cursor, for records that tie or appear late
     * @param ascending whether the remote lists by that time, oldest first
     */
    record Since(String field, TimeFormat format, Instant start, Duration lookback, boolean ascending) {}

    /** The event a record becomes; templates over the record. */
    record Shape(String type, Template id, Template record) {}
}
