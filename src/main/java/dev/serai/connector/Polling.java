package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connector.Connector.Reach;
import dev.serai.connector.Listing.Style;
import dev.serai.connector.PageRequest.Position;
import dev.serai.connector.PageRequest.Window;
import dev.serai.file.Template;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Polls one stream, page by page. Records that tie with the cursor are read again and recognised by their event id, so
 * the cursor may be stored after each page.
 */
final class Polling {
    private final Requests requests;
    private final Listing stream;
    private final String name;

    Polling(Reach reach, Listing stream) {
        this.requests = new Requests(reach);
        this.stream = stream;
        this.name = reach.name() + "/" + stream.name();
    }

    PageRequest first(Optional<String> cursor, Map<String, String> args, Instant now) {
        Instant stored = cursor.map(this::stored).orElse(stream.since().start());
        Instant from = cursor.isEmpty() ? stored : stored.minus(stream.since().lookback());
        return ask(args, new Window(stored, from, from, now), Position.FIRST);
    }

    private Instant stored(String cursor) {
        return TimeFormat.RFC3339
                .read(cursor)
                .orElseThrow(() -> refused("the stored cursor \"" + cursor + "\" is not a time; reset the stream"));
    }

    private PageRequest ask(Map<String, String> args, Window window, Position position) {
        String since = stream.since().format().write(window.from());
        Function<String, String> places = Values.places(args, MissingNode.getInstance());
        Values values = requests.values(stream, place -> place.equals("cursor") ? since : places.apply(place));
        Requests.Draft draft = requests.draft(stream, values);
        Optional<JsonNode> body = stream.call().body().map(template -> template.fill(values));
        var paging = stream.pages().paging();
        if (!paging.sizeInto().isEmpty()) {
            put(paging.sizeInto(), LongNode.valueOf(stream.pages().size()), body, draft);
        }
        if (position.token() != null && !paging.into().isEmpty()) {
            put(paging.into(), position.token(), body, draft);
        }
        draft.ask(stream.call(), body);
        return new PageRequest(requests.finish(stream, draft, values), args, window, position);
    }

    private static void put(String into, JsonNode value, Optional<JsonNode> body, Requests.Draft draft) {
        if (body.orElse(null) instanceof ObjectNode object) {
            Json.put(object, into, value);
        } else {
            draft.query.put(into, value.asText());
        }
    }

    Page read(PageRequest asked, Answer answer) {
        List<byte[]> records = Slices.objects(answer.body(), stream.pages().records())
                .orElseThrow(() -> refused("the answer has no list of records at \""
                        + stream.pages().records()
                        + "\"; correct \"records\", or the address if this is another page"));
        var events = new ArrayList<StreamEvent>();
        for (byte[] record : records) {
            events.add(event(record, events.size() + 1));
        }
        if (stream.since().ascending()) {
            checkOrder(events);
        }
        Instant latest = events.stream()
                .map(StreamEvent::changedAt)
                .reduce(asked.window().latest(), (a, b) -> a.isAfter(b) ? a : b);
        Optional<PageRequest> next = next(asked, answer.json(), records.size(), latest);
        return new Page(List.copyOf(events), next, cursor(asked.window(), latest, next.isEmpty()));
    }

    private StreamEvent event(byte[] bytes, int number) {
        JsonNode record;
        try {
            record = Answer.JSON.readTree(bytes);
        } catch (IOException e) {
            throw refused("record " + number + " of the page is not JSON");
        }
        String changed = Template.in(record).apply(stream.since().field());
        Instant changedAt = Optional.ofNullable(changed)
                .flatMap(stream.since().format()::read)
                .orElseThrow(() -> refused("record " + number + " of the page has no time at \""
                        + stream.since().field() + "\"; ask the remote to send this field, or correct \"field\""));
        try {
            var shape = stream.shape();
            return new StreamEvent(
                    shape.type(),
                    shape.id().fill(Template.in(record)),
                    shape.record().fill(Template.in(record)),
                    changedAt,
                    bytes);
        } catch (Template.MissingValue e) {
            throw refused("record " + number + " of the page: " + e.getMessage()
                    + "; ask the remote to send this field, or correct \"event\"");
        }
    }

    /** A list that is not in order would let the cursor pass records that are still to come. */
    private void checkOrder(List<StreamEvent> events) {
        for (int i = 1; i < events.size(); i++) {
            if (events.get(i).changedAt().isBefore(events.get(i - 1).changedAt())) {
                throw refused("record " + (i + 1) + " of the page is older than the one before by \""
                        + stream.since().field() + "\"; ask the remote to sort by it, or write \"order: any\"");
            }
        }
    }

    private String cursor(Window window, Instant latest, boolean last) {
        if (!stream.since().ascending() && !last) {
            return window.stored().toString();
        }
        Instant capped = latest.isAfter(window.now()) ? window.now().truncatedTo(ChronoUnit.MILLIS) : latest;
        return (capped.isBefore(window.stored()) ? window.stored() : capped).toString();
    }

    private Optional<PageRequest> next(PageRequest asked, JsonNode answer, int count, Instant latest) {
        Window before = asked.window();
        var window = new Window(before.stored(), before.from(), latest, before.now());
        long seen = asked.position().seen() + count;
        Optional<JsonNode> token = token(answer, count, seen);
        if (token.isEmpty()) {
            return Optional.empty();
        }
        PageRequest next = following(asked.args(), window, new Position(token.get(), seen));
        if (same(next.request(), asked.request())) {
            throw refused("the remote gave the page just asked for as the next one; stopped instead of asking forever");
        }
        return Optional.of(next);
    }

    private Optional<JsonNode> token(JsonNode answer, int count, long seen) {
        var paging = stream.pages().paging();
        if (paging.style() == Style.OFFSET) {
            return count < stream.pages().size()
                    ? Optional.empty()
                    : Optional.of(JsonNodeFactory.instance.numberNode(seen));
        }
        JsonNode token = paging.next().isEmpty() ? MissingNode.getInstance() : Json.at(answer, paging.next());
        return token.isValueNode() && !token.isNull() && !token.asText().isEmpty()
                ? Optional.of(token)
                : Optional.empty();
    }

    /**
     * Mostly the page after. Where the remote lists no further, and where skipping by count could miss a record because
     * another one moved to the end meanwhile, the question is asked anew from the latest record seen.
     */
    private PageRequest following(Map<String, String> args, Window window, Position position) {
        int ceiling = stream.pages().ceiling();
        boolean tooFar = ceiling > 0 && position.seen() + stream.pages().size() > ceiling;
        boolean mayShift = stream.pages().paging().style() == Style.OFFSET;
        Instant later = window.latest().minus(stream.since().format().step());
        if ((tooFar || mayShift) && stream.since().ascending() && later.isAfter(window.from())) {
            return ask(args, new Window(window.stored(), later, window.latest(), window.now()), Position.FIRST);
        }
        if (tooFar) {
            throw refused("more than " + ceiling + " records changed since " + window.from()
                    + " and the remote lists no further; narrow the stream by a filter");
        }
        return ask(args, window, position);
    }

    private static boolean same(Request a, Request b) {
        return a.url().equals(b.url()) && a.method().equals(b.method()) && Arrays.equals(a.body(), b.body());
    }

    private ConnectorRefused refused(String what) {
        return new ConnectorRefused(name + ": " + what);
    }
}
