package dev.serai.api;

import static dev.serai.api.Operation.get;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Operation.Parameter;
import dev.serai.facts.Proof;
import dev.serai.facts.RunFacts;
import dev.serai.facts.RunQuery;
import dev.serai.store.Events;
import dev.serai.store.History;
import dev.serai.store.History.EventLine;
import dev.serai.store.Receipt;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Events, by receipt. */
final class EventsApi {
    private final History history;
    private final Events events;
    private final Payloads payloads;

    EventsApi(History history, Events events, Payloads payloads) {
        this.history = history;
        this.events = events;
        this.payloads = payloads;
    }

    List<Operation> operations() {
        var filters = List.of(
                Parameter.of("source", "only events of this source"),
                Parameter.of("type", "only events of this type"),
                Parameter.of("record", "only events about this record: contact:7"),
                Parameter.of("since", "arrived then or later: 2h (ago), 2026-11-21 or 2026-11-21T09:30:00Z"));
        return List.of(
                get("/events", "list_events", "Events, the newest first")
                        .takes(Stream.concat(filters.stream(), Paging.PARAMETERS.stream())
                                .toList())
                        .answers("EventPage", this::list),
                get("/events/{receipt}", "show_event", "What became of a receipt: its event and every run")
                        .answers("Proof", this::show),
                get("/receipts/{receipt}", "show_receipt", "The same, by the word the doors use")
                        .answers("Proof", this::show),
                get("/events/{receipt}/payload", "show_event_payload", "What arrived; for a viewer without people")
                        .takes(Payloads.PARAMETERS)
                        .answers("Payload", this::payload));
    }

    private Answer list(Ask ask) throws SQLException {
        long before = Paging.before(ask, Receipt::parse);
        var which = new Events.Which(
                ask.query("source"),
                ask.query("type"),
                ask.query("record"),
                since(ask),
                before == 0 ? Long.MAX_VALUE : before);
        return Answer.of(Paging.page(ask, events.list(which, ask.limit() + 1), EventsApi::line, EventLine::receipt));
    }

    private static Optional<Instant> since(Ask ask) {
        try {
            return RunQuery.time(ask.query(), "since", ask.now());
        } catch (RunQuery.Misfit e) {
            throw Declined.badRequest(e.word() + ": " + e.getMessage());
        }
    }

    private static ObjectNode line(EventLine event) {
        return Json.object()
                .put("receipt", event.receipt())
                .put("source", event.source())
                .put("type", event.type())
                .put("record", event.record())
                .put("received_at", RunFacts.text(event.receivedAt()));
    }

    private Answer show(Ask ask) throws SQLException {
        Optional<Proof> proof = Proof.read(history, number(ask));
        if (proof.isEmpty()) {
            throw Left.event(history, number(ask));
        }
        return Answer.of(payloads.told(
                ask,
                proof.get().json(),
                proof.get().runs().stream().map(RunFacts::run).toList()));
    }

    private Answer payload(Ask ask) throws SQLException {
        Optional<History.StoredEvent> event = history.event(number(ask));
        Optional<History.Payload> payload = history.payload(number(ask));
        if (event.isEmpty() || payload.isEmpty()) {
            throw Left.event(history, number(ask));
        }
        EventLine line = event.get().line();
        return Answer.of(payloads.show(ask, line.receipt(), line, payload.get()));
    }

    private static long number(Ask ask) {
        try {
            return Receipt.parse(ask.path().get("receipt"));
        } catch (IllegalArgumentException e) {
            throw Declined.notFound(e.getMessage());
        }
    }
}
