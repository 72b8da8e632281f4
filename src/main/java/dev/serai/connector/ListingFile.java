package dev.serai.connector;

import dev.serai.connector.Listing.Pages;
import dev.serai.connector.Listing.Paging;
import dev.serai.connector.Listing.Shape;
import dev.serai.connector.Listing.Since;
import dev.serai.connector.Listing.Style;
import dev.serai.file.Problems;
import dev.serai.file.Template;
import dev.serai.file.Yaml;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Reads one of the {@code streams} of a connector file. */
final class ListingFile {
    private static final int PAGE_SIZE = 100; // N-17

    private final Problems problems;

    ListingFile(Problems problems) {
        this.problems = problems;
    }

    Listing read(String name, Yaml at, Operation.Call call) {
        var listing = new Listing(name, call, pages(at), since(at), shape(at));
        if (!listing.places().contains("cursor")) {
            problems.add(
                    at,
                    "\"streams." + name
                            + "\" has no place {cursor} in its query or body; without it every poll reads everything");
        }
        if (listing.pages().ceiling() > 0 && !listing.since().ascending()) {
            problems.add(
                    at,
                    "\"streams." + name + "\" has a ceiling without \"order: ascending\"; only an ordered list can be"
                            + " asked anew from its latest record");
        }
        return listing;
    }

    private Pages pages(Yaml at) {
        String records = at.text("records").orElse("");
        Optional<Yaml> pagination = at.get("pagination");
        if (pagination.isEmpty()) {
            return new Pages(records, new Paging(Style.CURSOR, "", "", ""), PAGE_SIZE, 0);
        }
        Yaml p = pagination.get();
        Style style = FileParts.oneOf(p, "type", Style.CURSOR);
        String next = p.text("next").orElse("");
        if (style == Style.CURSOR && next.isEmpty() && p.get("type").isPresent()) {
            problems.add(
                    p, "pagination of type cursor lacks \"next\", the place of the next page's token in the answer");
        }
        if (style == Style.OFFSET && !next.isEmpty()) {
            problems.addAtKey(p, "next", "\"next\" is only for pagination of type cursor; offsets are counted");
        }
        var paging = new Paging(
                style, next, p.text("into").orElse(""), p.text("size_into").orElse(""));
        return new Pages(
                records, paging, FileParts.number(p, "page_size", PAGE_SIZE), FileParts.number(p, "ceiling", 0));
    }

    private Since since(Yaml at) {
        Optional<Yaml> cursor = at.get("cursor");
        if (cursor.isEmpty()) {
            return new Since("", TimeFormat.RFC3339, Instant.EPOCH, Duration.ZERO, false);
        }
        Yaml c = cursor.get();
        return new Since(
                c.text("field").orElse(""),
                FileParts.oneOf(c, "format", TimeFormat.RFC3339),
                start(c),
                FileParts.duration(c, "lookback", Duration.ofMinutes(5), problems),
                c.text("order").orElse("").equals("ascending"));
    }

    private Instant start(Yaml cursor) {
        return cursor.get("start")
                .flatMap(at -> {
                    Optional<Instant> start = TimeFormat.RFC3339.read(at.text());
                    if (start.isEmpty()) {
                        problems.add(
                                at, "\"start\" is \"" + at.text() + "\"; a time like 2026-01-01T00:00:00Z is needed");
                    }
                    return start;
                })
                .orElse(Instant.EPOCH);
    }

    private Shape shape(Yaml at) {
        return at.get("event")
                .map(e -> new Shape(
                        e.text("type").orElse(""),
                        FileParts.template(e, "id", problems),
                        FileParts.template(e, "record", problems)))
                .orElseGet(() -> new Shape("", Template.of(""), Template.of("")));
    }
}
