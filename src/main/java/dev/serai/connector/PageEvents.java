package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.Listing.Order;
import dev.serai.file.FirstTemplate;
import dev.serai.file.Template;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** The records of a page as events. */
final class PageEvents {
    private static final String CORRECT = "ask the remote to send this field, or correct ";

    private final String name;
    private final Listing stream;
    private final Map<String, String> arguments;

    PageEvents(String name, Listing stream, Map<String, String> arguments) {
        this.name = name;
        this.stream = stream;
        this.arguments = arguments;
    }

    /**
     * In the order of the page. One that is not as the file describes it is an event that says so.
     *
     * @throws ConnectorRefused when they are not in the order that the file promises
     */
    List<StreamEvent> read(List<byte[]> records) {
        var events = new ArrayList<StreamEvent>();
        for (byte[] record : records) {
            events.add(event(record));
        }
        checkOrder(events);
        return List.copyOf(events);
    }

    private StreamEvent event(byte[] bytes) {
        JsonNode record;
        try {
            record = Answer.JSON.readTree(bytes);
        } catch (IOException e) {
            return StreamEvent.unreadable(name, bytes, null, "it is not JSON");
        }
        var shape = stream.shape();
        Optional<Listing.Deleted> gone = shape.deleted().filter(deleted -> deleted.says(record));
        Optional<Instant> changedAt = changedAt(record);
        if (changedAt.isEmpty() && gone.isEmpty() && !stream.since().fields().isEmpty()) {
            return StreamEvent.unreadable(name, bytes, null, noTime());
        }
        Function<String, String> fields = Template.in(record);
        Function<String, String> values =
                place -> Optional.ofNullable(fields.apply(place)).orElseGet(() -> arguments.get(place));
        try {
            return new StreamEvent(
                    gone.map(Listing.Deleted::type).orElse(shape.type()).fill(values),
                    first(shape.id(), values),
                    first(shape.record(), values),
                    changedAt.orElse(null),
                    bytes,
                    Optional.empty());
        } catch (Template.MissingValue e) {
            return StreamEvent.unreadable(
                    name, bytes, changedAt.orElse(null), e.getMessage() + "; " + CORRECT + "\"event\"");
        }
    }

    /** @throws Template.MissingValue of the last, when none of them can be filled */
    private static String first(FirstTemplate templates, Function<String, String> values) {
        List<Template> all = templates.templates();
        return templates.fill(values).orElseGet(() -> all.get(all.size() - 1).fill(values));
    }

    /** Empty for a record that does not say, and where the remote keeps the place itself. */
    private Optional<Instant> changedAt(JsonNode record) {
        return stream.since().fields().stream()
                .map(Template.in(record))
                .filter(Objects::nonNull)
                .findFirst()
                .flatMap(stream.since().format()::read);
    }

    private String noTime() {
        return "it has no " + (stream.since().format() == TimeFormat.NUMBER ? "number" : "time") + " at \"" + field()
                + "\"; " + CORRECT + "\"field\"";
    }

    private String field() {
        return String.join("\" or \"", stream.since().fields());
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
                        + " than the one before by \"" + field()
                        + "\"; ask the remote to sort by it, or write \"order: any\"");
            }
            before = at;
        }
    }

    private ConnectorRefused refused(String what) {
        return new ConnectorRefused(name + ": " + what);
    }
}
