package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.file.FirstTemplate;
import dev.serai.file.Template;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A stream: what changed at the remote since a cursor, page by page, each record as an event. */
public record Listing(String name, Call call, Pages pages, Since since, Shape shape) implements Operation.Single {

    @Override
    public List<ErrorRule> errors() {
        return List.of();
    }

    @Override
    public Stream<Text> texts() {
        return Stream.concat(call.texts(), since.place().stream().flatMap(place -> place.first().values().stream()));
    }

    /** How the next page is asked for. */
    enum Style {
        /** The answer carries a token for the next page. */
        CURSOR,
        /** Records are skipped by count. */
        OFFSET,
        /** Pages are counted. */
        PAGE,
        /** The answer carries the address of the next page. */
        URL,
        /** The header {@code Link} carries it (RFC 8288), with {@code rel="next"}. */
        LINK,
        /** A field of the last record asks for what comes after it. */
        LAST;

        /** Whether a page is asked for by a count, and by nothing that the answer gave. */
        boolean counted() {
            return this == OFFSET || this == PAGE;
        }
    }

    /**
     * Where an answer has its records and how to get more.
     *
     * @param records dotted path of the list; empty when the answer is the list
     * @param mayBeAbsent whether an answer without that list has no records
     * @param size records a page
     * @param ceiling the most records the remote lists for one question; 0 for no such limit
     * @param beyond how it lists those behind the ceiling all the same
     */
    record Pages(String records, boolean mayBeAbsent, Paging paging, int size, int ceiling, Optional<Beyond> beyond) {}

    /** A token that asks for the pages behind a ceiling. @param next dotted path in the answer @param into where it goes */
    record Beyond(String next, String into) {}

    /**
     * How a page is asked for: {@code into} and {@code sizeInto} are dotted paths into the body of a call that has one,
     * else query parameters; {@code query.offset} is one in any case.
     *
     * @param next dotted path of token or address in the answer, or of the field of the last record
     * @param into where token, offset or number go
     * @param sizeInto where the page size goes; empty when it is not sent
     * @param first the number of the first page
     * @param aligned whether the remote takes no offset but multiples of the page size
     * @param shifts whether its tokens or addresses are counts in truth
     */
    record Paging(
            Style style,
            String next,
            String into,
            String sizeInto,
            int first,
            boolean aligned,
            boolean shifts,
            End end) {
        /** Whether records that come or go meanwhile move others to another page. */
        boolean mayShift() {
            return style.counted() || shifts;
        }
    }

    /**
     * How the last page is known; dotted paths in the answer, empty where it does not say.
     *
     * @param more true as long as there are more pages
     * @param last true on the last page
     * @param total the count of all records; behind a key, of those or of what is left
     */
    record End(String more, String last, String total) {}

    /** In which order the remote lists, by the time of change. */
    enum Order {
        /** Oldest first: the cursor moves with every page. */
        ASCENDING,
        /** Newest first: a poll ends at the first record before the cursor. */
        DESCENDING,
        ANY
    }

    /**
     * How a poll continues where the last one ended.
     *
     * @param fields dotted paths of the time of change in a record, of which the first counts that has a value; none when
     *     the remote keeps the place itself
     * @param start where the first poll begins
     * @param lookback how far each poll reaches back before the cursor, for records that tie or appear late
     * @param slice the longest time one question covers; zero for all of it
     * @param filtered whether the remote leaves out what is older; else it is left out here
     * @param place how the remote keeps the place; empty for a cursor of ours
     */
    record Since(
            List<String> fields,
            TimeFormat format,
            Instant start,
            Duration lookback,
            Order order,
            Duration slice,
            boolean filtered,
            Optional<Opaque> place) {
        boolean ascending() {
            return order == Order.ASCENDING;
        }
    }

    /**
     * A place that only the remote understands: a token or an address that stands in an answer and asks for what changed
     * after it.
     *
     * @param into where a token goes; empty for an address
     * @param expired statuses by which the remote says that it knows the place no more: the list is begun anew
     * @param first query parameters of the question that begins without a place, and of no other
     * @param firstRead the read that gives the place to begin at; empty where a first question needs none
     * @param fromNow whether a list begun anew begins at that moment, and not with all there is
     */
    record Opaque(
            String next,
            String into,
            Set<Integer> expired,
            Map<String, Text> first,
            String firstRead,
            boolean fromNow) {}

    /** The event a record becomes; templates over the record, and the arguments of the stream. */
    record Shape(Template type, FirstTemplate id, FirstTemplate record, Optional<Deleted> deleted) {
        /** The values it asks for. */
        Set<String> names() {
            var names = new TreeSet<>(type.names());
            names.addAll(id.names());
            names.addAll(record.names());
            return names;
        }
    }

    /**
     * A record that says it is gone.
     *
     * @param field dotted path of what tells
     * @param word what stands there then; empty where only such a record has anything there
     * @param type of its event
     */
    record Deleted(String field, Optional<String> word, Template type) {
        boolean says(JsonNode record) {
            JsonNode at = Json.at(record, field);
            if (word.isPresent()) {
                return at.isValueNode() && !at.isNull() && at.asText().equals(word.get());
            }
            return !at.isMissingNode() && !at.isNull() && !(at.isBoolean() && !at.asBoolean());
        }
    }
}
