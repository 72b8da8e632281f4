package dev.serai.connector;

import dev.serai.connector.Listing.Beyond;
import dev.serai.connector.Listing.Deleted;
import dev.serai.connector.Listing.End;
import dev.serai.connector.Listing.Order;
import dev.serai.connector.Listing.Pages;
import dev.serai.connector.Listing.Paging;
import dev.serai.connector.Listing.Shape;
import dev.serai.connector.Listing.Since;
import dev.serai.connector.Listing.Style;
import dev.serai.file.FirstTemplate;
import dev.serai.file.Problems;
import dev.serai.file.Template;
import dev.serai.file.Yaml;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads one of the {@code streams} of a connector file. */
final class ListingFile {
    private static final int PAGE_SIZE = 100; // N-17
    private static final FirstTemplate NOTHING = new FirstTemplate(List.of());

    private final Problems problems;

    ListingFile(Problems problems) {
        this.problems = problems;
    }

    Listing read(String name, Yaml at, Operation.Call call) {
        var listing = new Listing(name, call, pages(at), new CursorFile(problems).read(at), shape(at));
        checkPlaces("\"streams." + name + "\"", at, listing);
        at.get("event").ifPresent(event -> checkEvent(event, listing.shape()));
        checkAllIsRead("\"streams." + name + "\"", at, listing.since());
        boolean sliced = !listing.since().slice().isZero();
        boolean otherwise = sliced || listing.pages().beyond().isPresent();
        if (listing.pages().ceiling() > 0 && !listing.since().ascending() && !otherwise) {
            problems.add(
                    at,
                    "\"streams." + name + "\" has a ceiling without \"order: ascending\"; only an ordered list can be"
                            + " asked anew from its latest record");
        }
        return listing;
    }

    /** A record for all is an order for all, which may be meant; a field's name without its braces is not. */
    private void checkEvent(Yaml event, Shape shape) {
        event.get("id").stream()
                .flatMap(at -> at.isList() ? at.items().stream() : Stream.of(at))
                .forEach(at -> FileParts.checkVaries(at, "id", FileParts.ONE_EVENT, problems));
        event.get("record")
                .filter(at -> shape.id().names().contains(at.text()))
                .ifPresent(at -> FileParts.checkVaries(at, "record", FileParts.ONE_LANE, problems));
    }

    /** Behind the first page of a list that is not ascending there may be records older than the latest on it. */
    private void checkAllIsRead(String name, Yaml at, Since since) {
        if (at.get("pagination").isPresent() || since.place().isPresent()) {
            return;
        }
        at.get("cursor")
                .flatMap(cursor -> cursor.get("order"))
                .filter(order -> Set.of("any", "descending").contains(order.text()))
                .ifPresent(order -> problems.add(
                        order,
                        name + " has \"order: " + order.text()
                                + "\" and no \"pagination\", so that what stands behind the"
                                + " first page would never be read; say how to get the next one, or write pagination: {"
                                + " type: none } where one answer holds all"));
    }

    private void checkPlaces(String name, Yaml at, Listing listing) {
        Since since = listing.since();
        Set<String> places = listing.places();
        boolean needed = since.place().isEmpty() && since.order() != Order.DESCENDING && since.filtered();
        if (needed && !places.contains("cursor")) {
            problems.add(
                    at,
                    name
                            + " has no place {cursor}; without it every poll reads everything. Where the system can't leave"
                            + " out what is older, write \"filtered: false\" under \"cursor\"");
        }
        if (!since.filtered() && places.contains("cursor")) {
            at.get("cursor")
                    .ifPresent(c -> problems.addAtKey(
                            c,
                            "filtered",
                            name + " has a place {cursor}, by which the"
                                    + " system leaves out what is older; leave \"filtered\" out"));
        }
        if (since.filtered() && since.slice().isZero() == places.contains("until")) {
            problems.add(
                    at,
                    name + " has one of \"slice\" and the place {until} without the other; a question that covers a"
                            + " slice of the time must say where it ends");
        }
    }

    private Pages pages(Yaml at) {
        String records = at.text("records").orElse("");
        boolean mayBeAbsent = at.text("records_absent").isPresent();
        if (mayBeAbsent && records.isEmpty()) {
            problems.addAtKey(
                    at,
                    "records_absent",
                    "without \"records\" the answer itself is the list; name where the list stands");
        }
        Optional<Yaml> pagination = at.get("pagination").filter(Yaml::isMap).filter(this::hasPages);
        if (pagination.isEmpty()) {
            return new Pages(
                    records,
                    mayBeAbsent,
                    new Paging(Style.CURSOR, "", "", "", 1, false, false, new End("", "", "")),
                    PAGE_SIZE,
                    0,
                    Optional.empty());
        }
        Yaml p = pagination.get();
        Style style = FileParts.oneOf(p, "type", Style.CURSOR);
        if (p.text("type").orElse("").equals(style.name().toLowerCase(Locale.ROOT))) {
            checkStyle(p, style); // else the schema has named the type as missing or unknown
        }
        var paging = new Paging(
                style,
                p.text("next").orElse(""),
                p.text("into").orElse(""),
                p.text("size_into").orElse(""),
                FileParts.number(p, "first_page", 1),
                isTrue(p, "aligned"),
                isTrue(p, "shifts"),
                new End(
                        p.text("more").orElse(""),
                        p.text("last").orElse(""),
                        p.text("total").orElse("")));
        Optional<Beyond> beyond = p.get("beyond")
                .map(b -> new Beyond(b.text("next").orElse(""), b.text("into").orElse("")));
        if (beyond.isPresent() && p.get("ceiling").isEmpty()) {
            problems.addAtKey(p, "beyond", "\"beyond\" is what lists the pages behind a \"ceiling\"; write both");
        }
        int size = FileParts.number(p, "page_size", PAGE_SIZE);
        int ceiling = FileParts.number(p, "ceiling", 0);
        if (ceiling > 0 && ceiling < size) {
            problems.addAtKey(
                    p,
                    "ceiling",
                    "\"ceiling\" is " + ceiling + " records and one page has " + size
                            + " (\"page_size\"); write the most records of all pages, or a smaller \"page_size\"");
        }
        return new Pages(records, mayBeAbsent, paging, size, ceiling, beyond);
    }

    private boolean hasPages(Yaml p) {
        boolean none = p.text("type").filter("none"::equals).isPresent();
        p.entries().keySet().stream()
                .filter(key -> none && !key.equals("type"))
                .forEach(key -> problems.addAtKey(
                        p, key, "pagination of type none has no pages; leave \"" + key + "\" out, or name the type"));
        return !none;
    }

    private static boolean isTrue(Yaml p, String key) {
        return p.get(key).map(at -> at.json().asBoolean()).orElse(false);
    }

    private void checkStyle(Yaml p, Style style) {
        String type = style.name().toLowerCase(Locale.ROOT);
        boolean tells = Set.of(Style.CURSOR, Style.URL, Style.LAST).contains(style);
        String next = style == Style.LAST
                ? "the field of the last record that asks for what comes after it"
                : style == Style.URL
                        ? "the place of the next page's address in the answer"
                        : "the place of the next page's token in the answer";
        if (tells && p.text("next").orElse("").isEmpty()) {
            problems.add(p, "pagination of type " + type + " lacks \"next\", " + next);
        }
        if (style.counted() && p.get("next").isPresent()) {
            problems.addAtKey(
                    p,
                    "next",
                    "\"next\" is only for pagination of type cursor, url and last; offsets and pages are counted");
        }
        if (style == Style.LINK && p.get("next").isPresent()) {
            problems.addAtKey(p, "next", "the header Link names its next page itself; leave \"next\" out");
        }
        boolean address = style == Style.URL || style == Style.LINK;
        if (address && p.get("into").isPresent()) {
            problems.addAtKey(p, "into", "an address is followed as it is; leave \"into\" out");
        } else if (!address && p.get("into").isEmpty()) {
            problems.add(p, "pagination of type " + type + " lacks \"into\", where " + word(style) + " goes");
        }
        if (p.get("first_page").isPresent() && style != Style.PAGE) {
            problems.addAtKey(p, "first_page", "\"first_page\" is only for pagination of type page");
        }
        if (p.get("shifts").isPresent() && (style.counted() || style == Style.LAST)) {
            problems.addAtKey(
                    p,
                    "shifts",
                    style == Style.LAST
                            ? "what comes after a record does not shift; leave \"shifts\" out"
                            : "offsets and pages shift in any case; leave \"shifts\" out");
        }
        if (p.get("total").isPresent() && !style.counted() && style != Style.LAST) {
            problems.addAtKey(p, "total", "a page without a next one is the last; \"total\" is for what is counted");
        }
    }

    private static String word(Style style) {
        return switch (style) {
            case OFFSET -> "the offset";
            case PAGE -> "the number of the page";
            default -> "the token";
        };
    }

    private Shape shape(Yaml at) {
        return at.get("event")
                .map(e -> new Shape(
                        FileParts.template(e, "type", problems),
                        FirstTemplate.read(e, "id", problems).orElse(NOTHING),
                        FirstTemplate.read(e, "record", problems).orElse(NOTHING),
                        e.get("deleted")
                                .map(d -> new Deleted(
                                        d.text("field").orElse(""),
                                        d.text("equals"),
                                        FileParts.template(d, "type", problems)))))
                .orElseGet(() -> new Shape(Template.of(""), NOTHING, NOTHING, Optional.empty()));
    }
}
