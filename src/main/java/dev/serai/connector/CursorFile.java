package dev.serai.connector;

import dev.serai.connector.Listing.Opaque;
import dev.serai.connector.Listing.Order;
import dev.serai.connector.Listing.Since;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the section {@code cursor} of a stream. */
final class CursorFile {
    private static final int GONE = 410;

    private final Problems problems;

    CursorFile(Problems problems) {
        this.problems = problems;
    }

    /** @param at the stream */
    Since read(Yaml at) {
        Optional<Yaml> cursor = at.get("cursor").filter(Yaml::isMap);
        if (cursor.isEmpty()) {
            return new Since(
                    List.of(),
                    TimeFormat.RFC3339,
                    Instant.EPOCH,
                    Duration.ZERO,
                    Order.ANY,
                    Duration.ZERO,
                    true,
                    Optional.empty());
        }
        Yaml c = cursor.get();
        if (c.get("next").isPresent()) {
            return kept(c);
        }
        for (String key : List.of("field", "start", "order")) {
            if (c.get(key).isEmpty()) {
                problems.add(c, "\"cursor\" lacks \"" + key + "\"");
            }
        }
        for (String key : List.of("into", "expired", "first", "first_read", "from_now")) {
            if (c.get(key).isPresent()) {
                problems.addAtKey(
                        c, key, "\"" + key + "\" is about a place that the system keeps itself; name that as \"next\"");
            }
        }
        TimeFormat format = FileParts.oneOf(c, "format", TimeFormat.RFC3339);
        boolean filtered = !isFalse(c, "filtered");
        if (!filtered) {
            checkUnfiltered(c);
        }
        return new Since(
                fields(c),
                format,
                start(c, format),
                lookback(c, format),
                FileParts.oneOf(c, "order", Order.ANY),
                FileParts.span(c, "slice", Duration.ZERO, problems),
                filtered,
                Optional.empty());
    }

    private Since kept(Yaml c) {
        for (String key : List.of("start", "order", "lookback", "slice", "filtered")) {
            if (c.get(key).isPresent()) {
                problems.addAtKey(
                        c, key, "the system keeps the place itself as \"next\" says; leave \"" + key + "\" out");
            }
        }
        if (c.get("first").isPresent() && c.get("first_read").isPresent()) {
            problems.addAtKey(
                    c,
                    "first_read",
                    "\"first\" is of a question that has no place, and \"first_read\" gives it one; write one of them");
        }
        Set<Integer> expired = RulesFile.statuses(c, "expired");
        var place = new Opaque(
                c.text("next").orElse(""),
                c.text("into").orElse(""),
                expired.isEmpty() ? Set.of(GONE) : expired,
                FileParts.texts(c, "first", problems),
                c.text("first_read").orElse(""),
                c.get("from_now").isPresent()
                        ? !isFalse(c, "from_now")
                        : c.get("first_read").isPresent());
        return new Since(
                fields(c),
                FileParts.oneOf(c, "format", TimeFormat.RFC3339),
                Instant.EPOCH,
                Duration.ZERO,
                Order.ANY,
                Duration.ZERO,
                true,
                Optional.of(place));
    }

    private static boolean isFalse(Yaml c, String key) {
        return c.get(key).filter(at -> !at.json().asBoolean(true)).isPresent();
    }

    private static List<String> fields(Yaml c) {
        return c.get("field").stream()
                .flatMap(at -> at.isList() ? at.items().stream() : Stream.of(at))
                .map(Yaml::text)
                .toList();
    }

    /** All is read each time, from its beginning: nothing is gained by an order, and slices need a filter. */
    private void checkUnfiltered(Yaml c) {
        c.get("order")
                .filter(order -> !order.text().equals("any"))
                .ifPresent(
                        order -> problems.add(
                                order,
                                "a list that is not filtered is read whole each time, in whatever order; write \"order: any\""));
        if (c.get("slice").isPresent()) {
            problems.addAtKey(
                    c, "slice", "a slice is asked for by {cursor} and {until}; leave \"slice\" or \"filtered\" out");
        }
    }

    private Duration lookback(Yaml c, TimeFormat format) {
        if (format != TimeFormat.NUMBER) {
            return FileParts.duration(c, "lookback", Duration.ofMinutes(5), problems);
        }
        c.get("lookback")
                .filter(at -> !at.json().canConvertToInt())
                .ifPresent(at -> problems.add(
                        at, "\"lookback\" is \"" + at.text() + "\"; with \"format: number\" a whole number is needed"));
        return Duration.ofMillis(FileParts.number(c, "lookback", 0));
    }

    private Instant start(Yaml cursor, TimeFormat format) {
        boolean number = format == TimeFormat.NUMBER;
        return cursor.get("start")
                .flatMap(at -> {
                    Optional<Instant> start = (number ? format : TimeFormat.RFC3339).read(at.text());
                    if (start.isEmpty()) {
                        problems.add(
                                at,
                                "\"start\" is \"" + at.text() + "\"; "
                                        + (number ? "a whole number" : "a time like 2026-01-01T00:00:00Z")
                                        + " is needed");
                    }
                    return start;
                })
                .orElse(Instant.EPOCH);
    }
}
