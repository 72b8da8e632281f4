package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.Listing.Order;
import dev.serai.file.Template;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The records of a page as events. */
final class PageEvents {
    private final String name;
    private final Listing stream;
    private final Map<String, String> arguments;

    PageEvents(String name, Listing stream, Map<String, String> arguments) {
        this.name = name;
        this.stream = stream;
        this.arguments = arguments;
    }

    /** In the order of the page. @throws ConnectorRefused naming the record that is not as the file describes it */
    List<StreamEvent> read(List<byte[]> records) {
        var events = new ArrayList<StreamEvent>();
        for (byte[] record : records) {
            events.add(event(record, events.size() + 1));
        }
        checkOrder(events);
        return List.copyOf(events);
    }

    private StreamEvent event(byte[] bytes, int number) {
        JsonNode record;
        try {
            record = Answer.JSON.readTree(bytes);
        } catch (IOException e) {
            throw refused("record " + number + " of the page is not JSON");
        }
        var shape = stream.shape();
        Optional<String> gone =
                shape.deleted().filter(d -> isGone(record, d.field())).map(Listing.Deleted::type);
        Instant changedAt = changedAt(record, number, gone.isPresent());
        Function<String, String> fields = Template.in(record);
        Function<String, String> values =
                place -> Optional.ofNullable(fields.apply(place)).orElseGet(() -> arguments.get(place));
        try {
            return new StreamEvent(
                    gone.orElse(shape.type()),
                    shape.id().fill(values),
                    shape.record().fill(values),
                    changedAt,
                    bytes);
        } catch (Template.MissingValue e) {
            throw refused("record " + number + " of the page: " + e.getMessage()
                    + "; ask the remote to send this field, or correct \"event\"");
        }
    }

    private static boolean isGone(JsonNode record, String field) {
        JsonNode at = Json.at(record, field);
        return !at.isMissingNode() && !at.isNull() && !(at.isBoolean() && !at.asBoolean());
    }

    /** Null for a record that is gone and does not say when, and where the remote keeps the place itself. */
    private Instant changedAt(JsonNode record, int number, boolean gone) {
        String field = stream.since().field();
        if (field.isEmpty()) {
            return null;
        }
        Optional<Instant> changed = Optional.ofNullable(Template.in(record).apply(field))
                .flatMap(stream.since().format()::read);
        if (changed.isEmpty() && !gone) {
            throw refused("record " + number + " of the page has no "
                    + (stream.since().format() == TimeFormat.NUMBER ? "number" : "time") + " at \"" + field
                    + "\"; ask the remote to send this field, or correct \"field\"");
        }
        return changed.orElse(null);
    }

    /** A list that is not in order would let the cursor pass records that are still to come. */
    private void checkOrder(List<StreamEvent> events) {
        Order order = stream.since().order();
        Instant before = null;
        for (int i = 0; i < events.size() && order != Order.ANY; i++) {
            Instant at = events.get(i).changedAt();
            if (at == null) {
                continue;
            }
            boolean older = before != null && at.isBefore(before);
            boolean newer = before != null && at.isAfter(before);
            if (order == Order.ASCENDING ? older : newer) {
                throw refused("record " + (i + 1) + " of the page is " + (older ? "older" : "newer")
                        + " than the one before by \"" + stream.since().field()
                        + "\"; ask the remote to sort by it, or write \"order: any\"");
            }
            before = at;
        }
    }

    private ConnectorRefused refused(String what) {
        return new ConnectorRefused(name + ": " + what);
    }
}
