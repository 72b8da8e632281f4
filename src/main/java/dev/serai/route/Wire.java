package dev.serai.route;

import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.Request;
import dev.serai.connector.Verdicts;
import dev.serai.run.Outcome;
import dev.serai.run.Verdict;
import dev.serai.store.Journal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** What a step sends to one connection: with the token of the moment, judged, and once again when the token was refused. */
final class Wire {
    private final Hub hub;
    private final HttpCalls http;
    private Connector connector;

    Wire(Hub hub, HttpCalls http, Connector connector) {
        this.hub = hub;
        this.http = http;
        this.connector = connector;
    }

    /**
     * What came of one try.
     *
     * @param answer null when none came
     * @param endpoint method and path, no query
     * @param sentPerhaps whether the remote may have done it all the same
     */
    record Tried(
            Answer answer,
            Outcome outcome,
            Instant began,
            String endpoint,
            int requestSize,
            Duration took,
            boolean sentPerhaps) {

        /** As the journal keeps it. */
        Journal.Attempt attempt(int number) {
            return attempt(number, outcome);
        }

        /** @param outcome of one record of many */
        Journal.Attempt attempt(int number, Outcome outcome) {
            return new Journal.Attempt(
                    began,
                    number,
                    endpoint,
                    requestSize,
                    answer == null ? null : answer.status(),
                    outcome.verdict().name().toLowerCase(Locale.ROOT),
                    outcome.reason(),
                    took);
        }
    }

    /** With the token of the moment, where it has one. */
    Connector connector() {
        return connector;
    }

    /** Sees to it that there is a token, where one is needed. @throws StepFailed when there is none */
    Connector ready() {
        connector = hub.tokens().ready(connector, http);
        return connector;
    }

    /** Sends and judges. @param operation whose rules judge */
    Tried send(Gate.Pass pass, String operation, Request request) {
        Instant began = hub.clock().instant();
        Answer answer = null;
        Outcome outcome;
        boolean sentPerhaps;
        try {
            answer = pass.send(http, hub.tokens().sign(connector, request));
            hub.tokens().hear(connector, answer);
            outcome = Verdicts.of(connector, operation, answer, hub.clock().instant());
            sentPerhaps = !outcome.succeeded() && Verdicts.inDoubt(answer);
        } catch (IOException e) {
            outcome = Verdicts.of(connector, e);
            sentPerhaps = Verdicts.inDoubt(e);
        }
        Duration took = Duration.between(began, hub.clock().instant());
        String endpoint = request.method() + " " + request.url().getPath();
        return new Tried(answer, outcome, began, endpoint, request.body().length, took, sentPerhaps);
    }

    /**
     * The request with another token, when it was refused for one that seemed good and could be renewed: what was refused so
     * was not done.
     */
    Optional<Request> renewed(Tried tried, Request request) {
        if (tried.outcome.verdict() != Verdict.UNAUTHORIZED) {
            return Optional.empty();
        }
        Optional<Connector> renewed = hub.tokens().renewed(connector, http);
        renewed.ifPresent(other -> connector = other);
        return renewed.map(other -> other.signIn().carry(request));
    }
}
