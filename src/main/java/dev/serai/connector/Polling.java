package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.connector.Connector.Reach;
import dev.serai.connector.Listing.Opaque;
import dev.serai.connector.Listing.Style;
import dev.serai.connector.PageRequest.Position;
import dev.serai.connector.PageRequest.Window;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Polls one stream, page by page. Records that tie with the cursor are read again and recognised by their event id, so
 * the cursor may be stored after each page.
 */
public final class Polling {
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;
    private static final String QUERY = "query.";

    private final Requests requests;
    private final Listing stream;
    private final String name;
    private final Supplier<Egress> egress;

    /** @param egress where a next page may be */
    Polling(Reach reach, Listing stream, Supplier<Egress> egress) {
        this.requests = new Requests(reach);
        this.stream = stream;
        this.name = reach.name() + "/" + stream.name();
        this.egress = egress;
    }

    /** What the stream is called when it is asked with these arguments: each of its lists is read for itself. */
    public String nameWith(Map<String, String> arguments) {
        return StreamName.of(stream, arguments);
    }

    /**
     * The first page of a poll.
     *
     * @param cursor what {@link Page#cursor()} said last; empty for the very first poll
     * @param now no later cursor is ever stored, whatever times the remote's records carry
     * @throws ConnectorRefused when a setting or a value is missing or unfit
     */
    public PageRequest first(Optional<String> cursor, Map<String, String> args, Instant now) {
        Optional<SavedPlace> middle = cursor.filter(SavedPlace::is).flatMap(text -> SavedPlace.read(text, now));
        if (middle.isPresent()) {
            return ask(args, middle.get().window(), middle.get().position());
        }
        String place = stream.since().place().isPresent() ? cursor.orElse("") : "";
        Instant start = stream.since().start();
        Instant stored = place.isEmpty() ? cursor.map(this::stored).orElse(start) : start;
        Instant from = cursor.isEmpty() || !place.isEmpty()
                ? stored
                : stored.minus(stream.since().lookback());
        return ask(args, new Window(stored, from, end(from, now), from, now), Position.first(place, false));
    }

    private Instant stored(String cursor) {
        if (SavedPlace.is(cursor)) {
            throw refused("the stored place in the middle of a listing is damaged; reset the stream");
        }
        return stream.since()
                .format()
                .read(cursor)
                .or(() -> TimeFormat.RFC3339.read(cursor))
                .orElseThrow(() -> refused("the stored cursor \"" + cursor + "\" is not a time; reset the stream"));
    }

    /** The end of the slice that begins there. */
    Instant end(Instant from, Instant now) {
        var slice = stream.since().slice();
        Instant end = slice.isZero() ? now : from.plus(slice);
        return end.isAfter(now) ? now : end;
    }

    /**
     * The question after the remote refused one: where a poll was cut off it may have forgotten its token, and it may know
     * its own old place no more.
     *
     * @return empty when asking otherwise makes no sense
     */
    public Optional<PageRequest> afresh(PageRequest refused, int status) {
        Position position = refused.position();
        // of a poll that was cut off it may be the page alone, and what that list has would be passed over
        boolean forgotten = !position.resumed()
                && stream.since()
                        .place()
                        .filter(place ->
                                !position.place().isEmpty() && place.expired().contains(status))
                        .isPresent();
        if (!forgotten && !position.resumed()) {
            return Optional.empty();
        }
        Window before = refused.window();
        Instant from = before.stored().equals(stream.since().start())
                ? before.stored()
                : before.stored().minus(stream.since().lookback());
        var window = new Window(before.stored(), from, end(from, before.now()), from, before.now());
        return Optional.of(ask(refused.args(), window, Position.first(forgotten ? "" : position.place(), false)));
    }

    /**
     * Whether asking afresh passes over what changed before: the remote forgot the place, and the new one is of this moment.
     *
     * @param afresh what {@link #afresh} gave for it
     */
    public boolean leavesGap(PageRequest refused, PageRequest afresh) {
        return !refused.position().place().isEmpty()
                && afresh.position().place().isEmpty()
                && stream.since().place().filter(Opaque::fromNow).isPresent();
    }

    /** The read that must give the place first where this question would begin; empty when it can be asked as it is. */
    public Optional<String> firstRead(PageRequest asked) {
        return stream.since()
                .place()
                .map(Opaque::firstRead)
                .filter(read -> !read.isEmpty()
                        && asked.position().token() == null
                        && asked.position().place().isEmpty());
    }

    /** The same question from that place on. @param place as the read gave it */
    public PageRequest from(PageRequest asked, String place) {
        return ask(asked.args(), asked.window(), Position.first(place, false));
    }

    PageRequest ask(Map<String, String> args, Window window, Position position) {
        var format = stream.since().format();
        Function<String, String> given = Values.places(args, MissingNode.getInstance());
        var own = Map.of("cursor", format.write(window.from()), "until", format.write(window.until()));
        Values values = requests.values(stream, place -> own.containsKey(place) ? own.get(place) : given.apply(place));
        Requests.Draft draft = requests.draft(stream, values);
        if (position.token() == null && position.place().isEmpty()) {
            stream.since().place().ifPresent(place -> place.first()
                    .forEach((key, text) -> draft.query.put(key, values.fill(text))));
        }
        Optional<JsonNode> body = stream.call().body().map(template -> template.fill(values));
        var paging = stream.pages().paging();
        if (!paging.sizeInto().isEmpty()) {
            put(paging.sizeInto(), LongNode.valueOf(stream.pages().size()), body, draft);
        }
        Optional<String> address = turnTo(position, body, draft);
        draft.ask(stream.call(), body);
        Request request = address.isPresent()
                ? requests.follow(stream, draft, values, address.get(), egress.get())
                : requests.finish(stream, draft, values);
        return new PageRequest(request, args, window, position);
    }

    /** Puts in what asks for this page. @return the address, where that is what asks for it */
    private Optional<String> turnTo(Position position, Optional<JsonNode> body, Requests.Draft draft) {
        Optional<Opaque> opaque =
                stream.since().place().filter(place -> !position.place().isEmpty());
        var paging = stream.pages().paging();
        if (position.token() != null && (paging.style() == Style.URL || paging.style() == Style.LINK)) {
            return Optional.of(position.token().asText());
        }
        // a page behind the first is one of the same question; a token that goes where the place went takes its place
        opaque.filter(place -> !place.into().isEmpty())
                .ifPresent(place -> put(place.into(), TextNode.valueOf(position.place()), body, draft));
        if (position.token() == null) {
            if (paging.style() == Style.PAGE) {
                put(paging.into(), LongNode.valueOf(paging.first()), body, draft);
            }
            return opaque.filter(place -> place.into().isEmpty()).map(place -> position.place());
        }
        boolean behind = stream.pages().beyond().isPresent() && new Pager(this, stream).tooFar(position.seen());
        String into = behind ? stream.pages().beyond().get().into() : paging.into();
        if (!into.isEmpty()) {
            put(into, position.token(), body, draft);
        }
        return Optional.empty();
    }

    private static void put(String into, JsonNode value, Optional<JsonNode> body, Requests.Draft draft) {
        if (into.startsWith(QUERY)) {
            draft.query.put(into.substring(QUERY.length()), value.asText());
        } else if (body.orElse(null) instanceof ObjectNode object) {
            Json.put(object, into, value);
        } else {
            draft.query.put(into, value.asText());
        }
    }

    /**
     * Reads the answer to a page, once {@link Verdicts} called it a success.
     *
     * @throws ConnectorRefused when the answer is not as the file describes it
     */
    public Page read(PageRequest asked, Answer answer) {
        boolean nothing = answer.status() == NO_CONTENT || answer.status() == NOT_MODIFIED;
        List<byte[]> records = nothing
                ? List.of()
                : Slices.objects(
                                answer.body(),
                                stream.pages().records(),
                                stream.pages().mayBeAbsent())
                        .orElseThrow(() -> refused("the answer has no list of records at \""
                                + stream.pages().records()
                                + "\"; correct \"records\", the address if this is another page, or write"
                                + " \"records_absent: empty\" if the system leaves an empty list out"));
        List<StreamEvent> events = new PageEvents(name, stream, asked.args()).read(records);
        if (asked.isVeryFirst(stream.since().start())
                && events.size() > 1
                && events.stream().allMatch(StreamEvent::isUnreadable)) {
            throw refused(
                    "none of the " + events.size() + " records it begins with can be read, so the file is taken to be"
                            + " wrong and nothing was stored; of the first: "
                            + events.get(0).problem().orElseThrow());
        }
        PageRequest timed = asked.notAfter(answer.moment(asked.window().now()));
        return new Pager(this, stream)
                .page(timed, answer, records, stream.since().filtered() ? events : newer(asked, events));
    }

    /** Without those that changed before the time that is asked about, where the remote can't leave them out. */
    private static List<StreamEvent> newer(PageRequest asked, List<StreamEvent> events) {
        Instant from = asked.window().from();
        return events.stream()
                .filter(event -> event.changedAt() == null || !event.changedAt().isBefore(from))
                .toList();
    }

    /** An address in the answer to a page, such that it can be followed without that page. */
    String settled(String address, PageRequest page) {
        return requests.settled(address, page.request().url());
    }

    /** Whether the remote tells when a record changed; where its records are in the order of a number, that is no time. */
    public boolean tellsTime() {
        return stream.since().format() != TimeFormat.NUMBER;
    }

    ConnectorRefused refused(String what) {
        return new ConnectorRefused(name + ": " + what);
    }
}
