package dev.serai.api;

import static dev.serai.api.Operation.get;
import static dev.serai.api.Operation.post;

import dev.serai.alert.Alert.Times;
import dev.serai.api.Operation.Parameter;
import dev.serai.facts.AlertFacts;
import dev.serai.facts.Digest;
import dev.serai.facts.Runbooks;
import dev.serai.file.Durations;
import dev.serai.store.AlertBook.Entry;
import dev.serai.store.AlertDesk;
import dev.serai.store.AlertDesk.Place;
import dev.serai.store.ByHand;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Alerts: listed, read, acknowledged, silenced. */
final class AlertsApi {
    private static final Duration LONGEST_SILENCE = Duration.ofDays(30);

    private final AlertDesk desk;
    private final Digest.Sources digest;

    AlertsApi(AlertDesk desk, Digest.Sources digest) {
        this.desk = desk;
        this.digest = digest;
    }

    List<Operation> operations() {
        var parameters = new ArrayList<>(Paging.PARAMETERS);
        parameters.add(new Parameter("state", "open unless said", List.of("open", "resolved")));
        return List.of(
                get("/alerts", "list_alerts", "What is wrong now, or was, the newest first")
                        .takes(parameters)
                        .answers("AlertPage", this::list),
                get("/alerts/{alert}", "show_alert", "All about one alert")
                        .answers("Alert", ask -> Answer.of(AlertFacts.json(find(ask)))),
                post(
                                "/alerts/{alert}/acknowledge",
                                "acknowledge_alert",
                                "Somebody sees to it: until it is over, people are told only when it becomes worse")
                        .body("Reason")
                        .answers("Alert", this::acknowledge),
                post("/alerts/{alert}/silence", "silence_alert", "Nobody is told of it for a while")
                        .body("Silence")
                        .answers("Alert", this::silence),
                get("/digest", "show_digest", "The report of the last seven days; with the tokens for who may see them")
                        .answers("Digest", this::digest),
                get("/runbooks/{runbook}", "show_runbook", "What helps against a class of errors or a kind of alert")
                        .answers("Runbook", AlertsApi::runbook));
    }

    private Answer list(Ask ask) throws SQLException {
        boolean open = !ask.query("state").filter("resolved"::equals).isPresent();
        Place behind = ask.query("cursor")
                .map(AlertsApi::place)
                .orElse(new Place(ask.now().plusSeconds(60), ""));
        List<Entry> entries = desk.list(open, behind, ask.limit() + 1);
        return Answer.of(Paging.page(ask, entries, AlertFacts::line, entry -> {
            Times times = entry.alert().times();
            return (open ? times.since() : times.resolvedAt()) + " "
                    + entry.alert().name();
        }));
    }

    /** Tokens are for those to see who give them. */
    private Answer digest(Ask ask) throws SQLException {
        Digest week = Digest.read(digest, ask.now());
        return Answer.of(ask.caller().role().allows(Role.ADMIN) ? week.withTokens() : week.json());
    }

    private static Answer runbook(Ask ask) {
        String name = ask.path().get("runbook");
        String text = Runbooks.read(name).orElseThrow(() -> Declined.notFound("there is no runbook " + name));
        return Answer.of(Json.object().put("runbook", name).put("markdown", text));
    }

    private static Place place(String cursor) {
        String[] parts = cursor.split(" ", 2);
        try {
            return new Place(Instant.parse(parts[0]), parts.length == 2 ? parts[1] : "");
        } catch (DateTimeException e) {
            throw Declined.badRequest("cursor is \"" + cursor + "\"; write \"next\" of the page before");
        }
    }

    private Entry find(Ask ask) throws SQLException {
        String name = ask.path().get("alert");
        return desk.find(name)
                .orElseThrow(() ->
                        Declined.notFound("there is no alert " + name + "; one that is over is known for 90 days"));
    }

    private Answer acknowledge(Ask ask) throws SQLException {
        ByHand by = ask.byHand();
        Entry entry = find(ask);
        if (!desk.acknowledge(entry.alert().name(), ask.now(), by)) {
            throw Declined.conflict(entry.alert().name() + " is over; there is nothing to acknowledge");
        }
        return Answer.of(AlertFacts.json(find(ask)));
    }

    private Answer silence(Ask ask) throws SQLException {
        ByHand by = ask.byHand();
        String given = ask.body().path("for").asText();
        Duration time = Durations.parse(given)
                .filter(t -> t.compareTo(LONGEST_SILENCE) <= 0)
                .orElseThrow(() -> Declined.badRequest("for is \"" + given + "\"; write 30m, 4h or 7d, at most 30d"));
        Entry entry = find(ask);
        desk.silence(entry.alert().name(), ask.now(), ask.now().plus(time), by);
        return Answer.of(AlertFacts.json(find(ask)));
    }
}
