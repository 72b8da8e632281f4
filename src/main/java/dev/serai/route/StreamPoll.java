package dev.serai.route;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Page;
import dev.serai.connector.PageRequest;
import dev.serai.connector.Request;
import dev.serai.connector.StreamEvent;
import dev.serai.connector.Verdicts;
import dev.serai.connector.webhook.Incoming;
import dev.serai.run.Outcome;
import dev.serai.run.Verdict;
import dev.serai.store.Breakers.Endpoint;
import dev.serai.store.CredentialLog.Use;
import dev.serai.store.Cursors;
import dev.serai.store.FlowSwitches.State;
import dev.serai.store.NewEvent;
import dev.serai.store.Receipt;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls a stream once: page by page, each page's events and the moved cursor in one transaction. */
final class StreamPoll {
    private static final Logger LOG = LoggerFactory.getLogger(StreamPoll.class);

    private final Hub hub;
    private final HttpCalls http;
    private final String stream;
    /** With the arguments of this poll: each of its lists is read for itself. */
    private String name;
    /** With the token of the moment, where it has one. */
    private Connector connector;
    /** What was called, by operation. */
    private final Map<String, Use> uses = new LinkedHashMap<>();

    private String flow = "";
    /** Whether the place to begin at was asked for already. */
    private boolean placed;
    /** By which words the system forgot a place, so that something was passed over; empty when it has not. */
    private String forgotten = "";

    StreamPoll(Hub hub, HttpCalls http, Connector connector, String stream) {
        this.hub = hub;
        this.http = http;
        this.connector = connector;
        this.stream = stream;
        this.name = stream;
    }

    /**
     * The body becomes {@code {seen, stored}}; {@code {skipped: true}} when another poll reads this stream now, here or on
     * another hub, or a person has switched the flow off.
     *
     * @param alone whether nothing else here polls this stream, with other arguments: it takes over the place that was
     *     kept when arguments did not count
     */
    void poll(Exchange exchange, Map<String, String> arguments, boolean alone) throws SQLException {
        flow = exchange.getFromRouteId();
        if (hub.subscribers().state(flow) != State.ON) {
            exchange.getMessage().setBody(Map.of("skipped", true));
            return;
        }
        Duration lease = connector.timeout().multipliedBy(3);
        var cursors = hub.stores().cursors();
        name = connector.polling(stream).nameWith(arguments);
        boolean mine = !alone || name.equals(stream) || cursors.inherit(connector.name(), stream, name);
        Optional<String> saved = mine ? cursors.claim(connector.name(), name, lease) : Optional.empty();
        if (saved.isEmpty()) {
            LOG.debug("stream.skipped connection={} stream={}: it is being polled", connector.name(), name);
            exchange.getMessage().setBody(Map.of("skipped", true));
            return;
        }
        try {
            exchange.getMessage().setBody(pages(saved.filter(c -> !c.isEmpty()), arguments, lease));
        } finally {
            cursors.release(connector.name(), name, List.copyOf(uses.values()));
        }
    }

    private Map<String, Object> pages(Optional<String> cursor, Map<String, String> arguments, Duration lease)
            throws SQLException {
        long seen = 0;
        long stored = 0;
        connector = hub.tokens().ready(connector, http);
        Optional<PageRequest> ask = Optional.of(placed(first(cursor, arguments)));
        while (ask.isPresent()) {
            Fetched fetched = fetch(ask.get());
            if (fetched.page == null) {
                ask = Optional.of(placed(fetched.afresh));
                continue;
            }
            Page page = fetched.page;
            List<StreamEvent> told = page.events().stream().map(this::takeable).toList();
            List<NewEvent> events = told.stream().map(this::newEvent).toList();
            tellOfGap();
            var receipts = hub.stores().cursors().advance(connector.name(), name, page.cursor(), lease, events);
            long fresh = hub.intake().stored(connector.name(), receipts);
            hub.metrics().polled(connector.name(), stream, fresh, events.size() - fresh);
            tellOfUnreadable(told, receipts);
            seen += events.size();
            stored += fresh;
            if (fresh > 0) {
                hub.intake().announce();
            }
            ask = page.next();
        }
        LOG.atInfo()
                .addKeyValue("connection", connector.name())
                .addKeyValue("stream", name)
                .addKeyValue("seen", seen)
                .addKeyValue("stored", stored)
                .log("stream.polled");
        return Map.of("seen", seen, "stored", stored);
    }

    private PageRequest first(Optional<String> cursor, Map<String, String> arguments) {
        try {
            return connector
                    .polling(stream)
                    .first(cursor, arguments, hub.clock().instant());
        } catch (ConnectorRefused e) {
            throw new StepFailed(Outcome.fail(e.getMessage()), e);
        }
    }

    /** With the place to begin at, where the system gives it by a read of its own. */
    private PageRequest placed(PageRequest ask) {
        Optional<String> read = connector.polling(stream).firstRead(ask);
        if (read.isEmpty()) {
            return ask;
        }
        if (placed) {
            throw new StepFailed(Outcome.fail(
                    connector.name() + "/" + stream + ": its place was forgotten twice in one poll, though "
                            + read.get() + " had given a new one; the next poll begins anew"));
        }
        placed = true;
        String place = place(read.get(), ask.args());
        try {
            return connector.polling(stream).from(ask, place);
        } catch (ConnectorRefused e) {
            throw new StepFailed(Outcome.fail(e.getMessage()), e);
        }
    }

    private String place(String read, Map<String, String> arguments) {
        Outcome outcome;
        try (Gate.Pass pass = hub.gate().enter(connector, read, Caller.POLL)) {
            try {
                Request request = connector.build(read, MissingNode.getInstance(), arguments, "");
                Judged judged = send(pass, read, request);
                outcome = judged.outcome;
                pass.answered(outcome);
                String place = outcome.succeeded()
                        ? connector.useful(read, judged.answer).asText("")
                        : "";
                if (!place.isEmpty()) {
                    return place;
                }
            } catch (IOException e) {
                outcome = Verdicts.of(connector, e);
                pass.answered(outcome);
            } catch (ConnectorRefused e) {
                throw new StepFailed(Outcome.fail(e.getMessage()), e);
            }
        }
        throw outcome.succeeded()
                ? new StepFailed(Outcome.fail(
                        connector.name() + "/" + read + ": the answer has no place to begin at; correct \"returns\""))
                : new StepFailed(outcome, connector.name());
    }

    /** @param page null when the remote wants to be asked afresh */
    private record Fetched(Page page, PageRequest afresh) {}

    private Fetched fetch(PageRequest ask) {
        try (Gate.Pass pass = hub.gate().enter(connector, stream, Caller.POLL)) {
            return fetch(ask, pass);
        }
    }

    private Fetched fetch(PageRequest ask, Gate.Pass pass) {
        Outcome outcome;
        try {
            Judged judged = send(pass, stream, ask.request());
            Answer answer = judged.answer;
            outcome = judged.outcome;
            if (outcome.succeeded()) {
                pass.answered(outcome);
                connector = hub.tokens().ready(connector, http);
                return new Fetched(connector.polling(stream).read(ask, answer), null);
            }
            Optional<PageRequest> afresh = outcome.verdict() == Verdict.FAIL
                    ? connector.polling(stream).afresh(ask, answer.status())
                    : Optional.empty();
            if (afresh.isPresent()) {
                LOG.info("stream.afresh connection={} stream={}: {}", connector.name(), name, outcome.reason());
                if (connector.polling(stream).leavesGap(ask, afresh.get())) {
                    forgotten = outcome.reason();
                }
                pass.answered(outcome);
                return new Fetched(null, afresh.get());
            }
        } catch (IOException e) {
            outcome = Verdicts.of(connector, e);
        } catch (ConnectorRefused e) {
            throw new StepFailed(Outcome.fail(e.getMessage()), e);
        }
        pass.answered(outcome);
        throw new StepFailed(outcome, connector.name());
    }

    /** A token that seemed good and was refused is renewed, a signature of another time is made anew: once. */
    private Judged send(Gate.Pass pass, String operation, Request request) throws IOException {
        Judged judged = call(pass, operation, request);
        boolean refused = pass.mayGoAgain(judged.outcome);
        var renewed = refused ? hub.tokens().again(pass, connector, http) : Optional.<Connector>empty();
        if (renewed.isEmpty()) {
            return judged;
        }
        connector = renewed.get();
        return call(pass, operation, connector.signIn().carry(request));
    }

    /** An answer, and what it means. */
    private record Judged(Answer answer, Outcome outcome) {}

    /** As one of the uses of the connection. */
    private Judged call(Gate.Pass pass, String operation, Request request) throws IOException {
        long fine = 0;
        try {
            Answer answer = hub.tokens().send(pass, http, connector, request);
            Outcome outcome =
                    Verdicts.of(connector, operation, answer, hub.clock().instant());
            fine = outcome.succeeded() ? 1 : 0;
            return new Judged(answer, outcome);
        } finally {
            var use = new Use(
                    flow,
                    operation,
                    connector.endpoint(request),
                    1,
                    fine,
                    hub.clock().instant());
            uses.merge(operation, use, Use::and);
        }
    }

    /** Whatever a remote says: no record of it may pose as the hub's own, or keep the others from coming in. */
    private StreamEvent takeable(StreamEvent event) {
        return event.type().startsWith(Intake.OWN)
                ? StreamEvent.unreadable(
                        connector.name() + "/" + stream,
                        event.bytes(),
                        event.changedAt(),
                        "its type begins with \"" + Intake.OWN + "\", as only those of the hub's own events do")
                : event;
    }

    /** Before the new place is stored: a hub that dies in between finds the old one forgotten again. */
    private void tellOfGap() throws SQLException {
        if (forgotten.isEmpty()) {
            return;
        }
        Instant polled = hub.stores().cursors().all().stream()
                .filter(place -> place.connection().equals(connector.name())
                        && place.stream().equals(name))
                .findFirst()
                .map(Cursors.Position::polledAt)
                .orElse(null);
        Alerts alerts = hub.gate().alerts();
        Instant now = hub.clock().instant();
        alerts.tell(
                alerts.gap(new Endpoint(connector.name(), name), polled, now, forgotten),
                hub.stores().inbox());
        LOG.atWarn()
                .addKeyValue("connection", connector.name())
                .addKeyValue("stream", name)
                .addKeyValue("polled_at", polled)
                .addKeyValue("reason", forgotten)
                .log("stream.gap");
        forgotten = "";
    }

    private void tellOfUnreadable(List<StreamEvent> events, List<Receipt> receipts) {
        long unreadable = 0;
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).isUnreadable() && !receipts.get(i).duplicate()) {
                unreadable++;
                LOG.atWarn()
                        .addKeyValue("connection", connector.name())
                        .addKeyValue("stream", name)
                        .addKeyValue("event", receipts.get(i).name())
                        .addKeyValue("reason", events.get(i).problem().orElseThrow())
                        .log("stream.unreadable");
            }
        }
        if (unreadable > 0) {
            hub.metrics().unreadable(connector.name(), stream, unreadable);
        }
    }

    private NewEvent newEvent(StreamEvent event) {
        return hub.intake()
                .newEvent(
                        connector.name(),
                        new Incoming(
                                event.id(),
                                false,
                                event.type(),
                                Optional.of(event.record()),
                                Optional.ofNullable(event.changedAt())
                                        .filter(at -> connector.polling(stream).tellsTime()),
                                Optional.empty(),
                                event.bytes(),
                                "application/json"));
    }
}
