package dev.serai.api;

import static dev.serai.api.Operation.get;
import static dev.serai.api.Operation.post;

import dev.serai.api.Operation.Parameter;
import dev.serai.facts.AlertFacts;
import dev.serai.facts.Digest;
import dev.serai.facts.Runbooks;
import dev.serai.file.Durations;
import dev.serai.store.AlertBook.Entry;
import dev.serai.store.AlertDesk;
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
                get("/digest", "show_digest", "The report of the last seven days")
                        .answers(
                                "Digest",
                                ask -> Answer.of(Digest.read(digest, ask.now()).json())),
                get("/runbooks/{runbook}", "show_runbook", "What helps against a class of errors or a kind of alert")
                        .answers("Runbook", AlertsApi::runbook));
    }

    private Answer list(Ask ask) throws SQLException {
        boolean open = !ask.query("state").filter("resolved"::equals).isPresent();
        Instant before =
                ask.query("cursor").map(AlertsApi::moment).orElse(ask.now().plusSeconds(60));
        List<Entry> entries = desk.list(open, before, ask.limit() + 1);
        return Answer.of(Paging.page(ask, entries, AlertFacts::line, entry -> (open
                        ? entry.alert().times().since()
                        : entry.alert().times().resolvedAt())
                .toString()));
    }

    private static Answer runbook(Ask ask) {
        String name = ask.path().get("runbook");
        String text = Runbooks.read(name).orElseThrow(() -> Declined.notFound("there is no runbook " + name));
        return Answer.of(Json.object().put("runbook", name).put("markdown", text));
    }

    private static Instant moment(String cursor) {
        try {
            return Instant.parse(cursor);
        } catch (DateTimeException e) {
            throw Declined.badRequest("cursor is \"" + cursor + "\"; write \"next\" of the page before");
        }
    }

    private Entry find(Ask ask) throws SQLException {
        String name = ask.path().get("alert");
        return desk.find(name).orElseThrow(() -> Declined.notFound("there is no alert " + name));
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
        desk.silence(entry.alert().name(), ask.now().plus(time), by);
        return Answer.of(AlertFacts.json(find(ask)));
    }
}
