package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.connector.Listing.Opaque;
import dev.serai.connector.Listing.Order;
import dev.serai.connector.Listing.Style;
import dev.serai.connector.PageRequest.Guard;
import dev.serai.connector.PageRequest.Position;
import dev.serai.connector.PageRequest.Window;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What is asked after a page, and which cursor may be stored with it. */
final class Pager {
    /** Pages without a record that are followed one after the other: some remotes filter after they have cut pages. */
    private static final int MOST_EMPTY = 100;

    private static final int MOST_MOVES = 20;

    private final Polling polling;
    private final Listing stream;

    Pager(Polling polling, Listing stream) {
        this.polling = polling;
        this.stream = stream;
    }

    Page page(PageRequest asked, Answer answer, List<byte[]> records, List<StreamEvent> events) {
        Instant latest = events.stream()
                .map(StreamEvent::changedAt)
                .filter(Objects::nonNull)
                .reduce(asked.window().latest(), (a, b) -> a.isAfter(b) ? a : b);
        // what a page shows behind records that have moved must not move the cursor past those
        boolean moved = hasMoved(asked.position().guard(), records);
        Window window = moved ? asked.window() : asked.window().seen(latest);
        String told = told(asked, answer);
        Optional<PageRequest> next =
                moved ? Optional.of(anew(asked)) : next(asked, answer, records, events, window, told);
        return new Page(events, next, cursor(asked, window, told, next));
    }

    /**
     * The remote's own word for where the next poll begins. Of a place that is told on every page the first counts: it may
     * be that of now, and what changed after the list was begun need not stand on its later pages.
     */
    private String told(PageRequest asked, Answer answer) {
        String before = asked.position().told();
        return stream.since()
                .place()
                .filter(place -> before.isEmpty() || asksForPages(place))
                .flatMap(place -> Optional.of(
                                Json.at(answer.json(), place.next()).asText(""))
                        .filter(said -> !said.isEmpty())
                        .map(said -> place.into().isEmpty() ? polling.settled(said, asked) : said))
                .orElse(before);
    }

    /** Whether the place is what asks for the next page too, and so moves with each. */
    private boolean asksForPages(Opaque place) {
        var paging = stream.pages().paging();
        return (paging.style() == Style.CURSOR || paging.style() == Style.URL)
                && place.next().equals(paging.next());
    }

    private Optional<PageRequest> next(
            PageRequest asked,
            Answer answer,
            List<byte[]> records,
            List<StreamEvent> events,
            Window window,
            String told) {
        Position before = asked.position();
        Guard guard = guard(before, records);
        long seen = seen(asked, records);
        boolean full = before.full() || records.size() >= stream.pages().size();
        Optional<JsonNode> token =
                reachedCursor(window, events) ? Optional.empty() : token(asked, answer, records, guard);
        if (token.isEmpty()) {
            return nextSlice(asked, window);
        }
        Guard walking = guard.walking(token.get());
        PageRequest next =
                following(asked, window, new Position(token.get(), seen, walking, before.place(), told, full, false));
        if (same(next.request(), asked.request())) {
            throw polling.refused(
                    "the remote gave the page just asked for as the next one; stopped instead of asking forever");
        }
        if (token.get().equals(guard.mark())) {
            throw polling.refused(
                    "the pages lead back to one that was asked for before; stopped instead of asking forever");
        }
        return Optional.of(next);
    }

    /** Records so far; one that a page begins with only to be recognised does not count twice. */
    private static long seen(PageRequest asked, List<byte[]> records) {
        return asked.position().seen()
                + records.size()
                - (asked.position().guard().record() == 0 ? 0 : 1);
    }

    /** Whether the record that must come first was pushed from its place, because one before it has gone. */
    private boolean hasMoved(Guard guard, List<byte[]> records) {
        return guard.record() != 0 && (records.isEmpty() || Arrays.hashCode(records.get(0)) != guard.record());
    }

    private PageRequest anew(PageRequest asked) {
        if (asked.position().guard().moved() >= MOST_MOVES) {
            throw polling.refused("the list moved " + MOST_MOVES
                    + " times while it was read; ask for it in the order of change, or write larger pages");
        }
        return polling.ask(asked.args(), asked.window(), asked.position().again());
    }

    private Guard guard(Position before, List<byte[]> records) {
        boolean none = records.isEmpty();
        int hash = none ? before.guard().page() : Arrays.deepHashCode(records.toArray());
        if (!none && before.token() != null && hash == before.guard().page()) {
            throw polling.refused("the remote answered the same page again; stopped instead of asking forever (if it"
                    + " repeats its last page, write \"total\" or \"more\" under \"pagination\")");
        }
        int empty = none ? before.guard().empty() + 1 : 0;
        if (empty > MOST_EMPTY) {
            throw polling.refused(
                    "the remote gave " + empty + " pages without a record; stopped instead of asking forever");
        }
        int last = records.size() < 2 || !overlapping() ? 0 : Arrays.hashCode(records.get(records.size() - 1));
        Guard held = before.guard();
        return new Guard(empty, hash, last, held.moved(), held.walked(), held.mark());
    }

    /** Each page begins with the last record of the one before, which tells whether anything has moved meanwhile. */
    private boolean overlapping() {
        var paging = stream.pages().paging();
        return paging.style() == Style.OFFSET && !paging.aligned();
    }

    /** Newest first, all that follows was seen by an earlier poll. */
    private boolean reachedCursor(Window window, List<StreamEvent> events) {
        return stream.since().order() == Order.DESCENDING
                && events.stream().map(StreamEvent::changedAt).anyMatch(at -> at != null && at.isBefore(window.from()));
    }

    private Optional<JsonNode> token(PageRequest asked, Answer answer, List<byte[]> records, Guard guard) {
        long seen = seen(asked, records);
        var pages = stream.pages();
        JsonNode json = answer.json();
        if (saidToBeLast(json)) {
            return Optional.empty();
        }
        if (pages.beyond().isPresent() && tooFar(seen)) {
            return scalar(Json.at(json, pages.beyond().get().next()));
        }
        String next = pages.paging().next();
        return switch (pages.paging().style()) {
            case CURSOR -> next.isEmpty() ? Optional.empty() : scalar(Json.at(json, next));
            case URL -> scalar(Json.at(json, next)).map(at -> address(at.asText(), asked));
            case LINK -> answer.header("Link").flatMap(Links::next).map(at -> address(at, asked));
            case OFFSET ->
                ended(asked, json, records)
                        ? Optional.empty()
                        : Optional.of(LongNode.valueOf(guard.record() == 0 ? seen : seen - 1));
            case PAGE ->
                ended(asked, json, records) ? Optional.empty() : Optional.of(LongNode.valueOf(number(asked) + 1));
            case LAST -> ended(asked, json, records) ? Optional.empty() : ofLast(records, next);
        };
    }

    private JsonNode address(String said, PageRequest asked) {
        return TextNode.valueOf(polling.settled(said, asked));
    }

    private long number(PageRequest asked) {
        JsonNode token = asked.position().token();
        return token == null ? stream.pages().paging().first() : token.asLong();
    }

    private Optional<JsonNode> ofLast(List<byte[]> records, String field) {
        try {
            return scalar(Json.at(Answer.JSON.readTree(records.get(records.size() - 1)), field))
                    .or(() -> {
                        throw polling.refused("the last record of the page has no \"" + field
                                + "\", which asks for the next one; correct \"next\"");
                    });
        } catch (IOException e) {
            throw polling.refused("the last record of the page, which asks for the next one, is not JSON");
        }
    }

    /**
     * Whether this was the last page, where only counting tells. A remote may give fewer records a page than it was asked
     * for: a short page is the last one only after a full one, and only where the next poll would bring what it hides.
     */
    private boolean ended(PageRequest asked, JsonNode json, List<byte[]> records) {
        var end = stream.pages().paging().end();
        long seen = seen(asked, records);
        if (seen == asked.position().seen()) {
            return true;
        }
        JsonNode total = end.total().isEmpty() ? null : Json.at(json, end.total());
        if (total != null && total.asText("").matches("\\d{1,18}")) {
            // behind a key some remotes count all, and some what is left
            boolean byKey = stream.pages().paging().style() == Style.LAST;
            return (byKey ? records.size() : seen) >= total.asLong();
        }
        return end.more().isEmpty()
                && end.last().isEmpty()
                && stream.since().ascending()
                && asked.position().full()
                && records.size() < stream.pages().size();
    }

    private boolean saidToBeLast(JsonNode json) {
        var end = stream.pages().paging().end();
        return !end.more().isEmpty() && !isTrue(Json.at(json, end.more()))
                || !end.last().isEmpty() && isTrue(Json.at(json, end.last()));
    }

    private static boolean isTrue(JsonNode more) {
        return more.isBoolean() ? more.asBoolean() : more.asText("").equalsIgnoreCase("true");
    }

    private static Optional<JsonNode> scalar(JsonNode token) {
        boolean ended = token.isNumber() && token.asLong() < 0; // -1: there is no next one
        return token.isValueNode() && !token.isNull() && !token.asText().isEmpty() && !ended
                ? Optional.of(token)
                : Optional.empty();
    }

    boolean tooFar(long seen) {
        int ceiling = stream.pages().ceiling();
        return ceiling > 0 && seen + stream.pages().size() > ceiling;
    }

    /**
     * Mostly the page after. Where the remote lists no further, and where skipping by count could miss a record because
     * another one moved to the end meanwhile, the question is asked anew from the latest record seen, or for half of the
     * time.
     */
    private PageRequest following(PageRequest asked, Window window, Position position) {
        boolean tooFar = stream.pages().beyond().isEmpty() && tooFar(position.seen());
        boolean mayShift = stream.pages().paging().mayShift();
        Duration step = stream.since().format().step();
        Instant later = window.latest().minus(step);
        if ((tooFar || mayShift) && stream.since().ascending() && later.isAfter(window.from())) {
            return polling.ask(
                    asked.args(),
                    window.covering(later, window.until()),
                    Position.first(position.place(), position.full()));
        }
        if (!tooFar) {
            return polling.ask(asked.args(), window, position);
        }
        Duration half = Duration.between(window.from(), window.until()).dividedBy(2);
        if (!stream.since().slice().isZero() && half.compareTo(step) > 0) {
            return polling.ask(
                    asked.args(),
                    window.covering(window.from(), window.from().plus(half)),
                    Position.first(position.place(), position.full()));
        }
        throw polling.refused("more than " + stream.pages().ceiling() + " records changed since " + window.from()
                + " and the remote lists no further; narrow the stream by a filter");
    }

    /** The time after this slice, which touches it: what changed in that very moment is recognised. */
    private Optional<PageRequest> nextSlice(PageRequest asked, Window window) {
        if (stream.since().place().isPresent() || !window.until().isBefore(window.now())) {
            return Optional.empty();
        }
        Instant from = window.until().minus(stream.since().format().step());
        Instant done = window.until().isBefore(window.stored()) ? window.stored() : window.until();
        Instant end = polling.end(window.until(), window.now());
        var next = new Window(done, from, end, window.latest(), window.now());
        return Optional.of(polling.ask(
                asked.args(),
                next,
                Position.first(asked.position().place(), asked.position().full())));
    }

    private String cursor(PageRequest asked, Window window, String told, Optional<PageRequest> next) {
        Optional<Opaque> place = stream.since().place();
        if (place.isPresent()) {
            boolean reached = !told.isEmpty() && (next.isEmpty() || asksForPages(place.get()));
            return reached ? told : middle(next).orElse(asked.position().place());
        }
        boolean sliceDone = next.isPresent() && next.get().window().stored().isAfter(window.stored());
        if (sliceDone) {
            return written(next.get().window().stored(), window.now());
        }
        if (next.isPresent() && !stream.since().ascending()) {
            return middle(next).orElseGet(() -> written(window.stored(), window.now()));
        }
        Instant latest = window.latest();
        if (stream.since().order() == Order.ANY && latest.isAfter(window.until())) {
            latest = window.until(); // a record passed by may have changed while the list was read
        }
        return written(latest.isBefore(window.stored()) ? window.stored() : latest, window.now());
    }

    /** The place in the middle of a list, where what asks for its next page lasts. */
    private Optional<String> middle(Optional<PageRequest> next) {
        return next.filter(page ->
                        !stream.pages().paging().mayShift() && page.position().token() != null)
                .map(page -> new SavedPlace(page.window(), page.position()).text());
    }

    private String written(Instant moment, Instant now) {
        if (stream.since().format() == TimeFormat.NUMBER) {
            return TimeFormat.NUMBER.write(moment);
        }
        return (moment.isAfter(now) ? now.truncatedTo(ChronoUnit.MILLIS) : moment).toString();
    }

    private static boolean same(Request a, Request b) {
        // the cursor may stand in a header
        return a.url().equals(b.url())
                && a.method().equals(b.method())
                && a.headers().equals(b.headers())
                && Arrays.equals(a.body(), b.body());
    }
}
