package dev.serai.route;

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
import dev.serai.store.FlowSwitches.State;
import dev.serai.store.NewEvent;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
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

    StreamPoll(Hub hub, HttpCalls http, Connector connector, String stream) {
        this.hub = hub;
        this.http = http;
        this.connector = connector;
        this.stream = stream;
        this.name = stream;
    }

    /**
     * The body becomes {@code {seen, stored}}; {@code {skipped: true}} when another hub polls this stream now, or a person
     * has switched the flow off.
     *
     * @param alone whether nothing else here polls this stream, with other arguments: it takes over the place that was
     *     kept when arguments did not count
     */
    void poll(Exchange exchange, Map<String, String> arguments, boolean alone) throws SQLException {
        if (hub.subscribers().state(exchange.getFromRouteId()) != State.ON) {
            exchange.getMessage().setBody(Map.of("skipped", true));
            return;
        }
        Duration lease = connector.timeout().multipliedBy(3);
        var cursors = hub.stores().cursors();
        name = connector.polling(stream).nameWith(arguments);
        boolean mine = !alone || name.equals(stream) || cursors.inherit(connector.name(), stream, name);
        Optional<String> saved = mine ? cursors.claim(connector.name(), name, lease) : Optional.empty();
        if (saved.isEmpty()) {
            exchange.getMessage().setBody(Map.of("skipped", true));
            return;
        }
        try {
            exchange.getMessage().setBody(pages(saved.filter(c -> !c.isEmpty()), arguments, lease));
        } finally {
            cursors.release(connector.name(), name);
        }
    }

    private Map<String, Object> pages(Optional<String> cursor, Map<String, String> arguments, Duration lease)
            throws SQLException {
        long seen = 0;
        long stored = 0;
        connector = hub.tokens().ready(connector, http);
        Optional<PageRequest> ask = Optional.of(first(cursor, arguments));
        while (ask.isPresent()) {
            Fetched fetched = fetch(ask.get());
            if (fetched.page == null) {
                ask = Optional.of(fetched.afresh);
                continue;
            }
            Page page = fetched.page;
            List<NewEvent> events = page.events().stream().map(this::newEvent).toList();
            var receipts = hub.stores().cursors().advance(connector.name(), name, page.cursor(), lease, events);
            long fresh = hub.intake().stored(connector.name(), receipts);
            hub.metrics().polled(connector.name(), stream, fresh, events.size() - fresh);
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
            Answer answer = send(pass, ask.request());
            outcome = Verdicts.of(connector, stream, answer, hub.clock().instant());
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
    private Answer send(Gate.Pass pass, Request request) throws IOException {
        Answer answer = hub.tokens().send(pass, http, connector, request);
        boolean refused =
                Verdicts.of(connector, stream, answer, hub.clock().instant()).verdict() == Verdict.UNAUTHORIZED;
        var renewed = refused ? hub.tokens().again(pass, connector, http) : Optional.<Connector>empty();
        if (renewed.isEmpty()) {
            return answer;
        }
        connector = renewed.get();
        return hub.tokens().send(pass, http, connector, connector.signIn().carry(request));
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
                                Optional.ofNullable(event.changedAt()),
                                Optional.empty(),
                                event.bytes(),
                                "application/json"));
    }
}
