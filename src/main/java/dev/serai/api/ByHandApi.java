package dev.serai.api;

import static dev.serai.api.Operation.post;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connector.Connector;
import dev.serai.facts.Calling;
import dev.serai.facts.DeadLetterFacts;
import dev.serai.facts.Flow;
import dev.serai.facts.RunFacts;
import dev.serai.facts.RunQuery;
import dev.serai.file.Suggest;
import dev.serai.store.Discard;
import dev.serai.store.History;
import dev.serai.store.Names;
import dev.serai.store.Patience;
import dev.serai.store.Proofs;
import dev.serai.store.Receipt;
import dev.serai.store.Refusal;
import dev.serai.store.Replay;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What people do to many at once besides resuming: runs that wait are cancelled, events go through a flow again. */
final class ByHandApi {
    private static final List<String> WAITING = List.of("waiting");
    private static final int GROUPS = 20;

    private final History history;
    private final Discard discard;
    private final Replay replay;
    private final Proofs proofs;
    private final Running running;

    ByHandApi(History history, Discard discard, Replay replay, Proofs proofs, Running running) {
        this.history = history;
        this.discard = discard;
        this.replay = replay;
        this.proofs = proofs;
        this.running = running;
    }

    List<Operation> operations() {
        return List.of(
                post("/runs/cancel", "cancel_runs", "Gives runs up that wait: for their turn, a retry, or a connection")
                        .body("DiscardOrder")
                        .mayWait()
                        .answers("Cancelled", this::cancel),
                post(
                                "/events/replay",
                                "replay_events",
                                "Lets events go through a flow again, as new runs: what it wrote before is written again")
                        .body("ReplayOrder")
                        .mayWait()
                        .answers("Replayed", this::replay));
    }

    private Answer cancel(Ask ask) throws SQLException {
        Orders.Meant meant = Orders.meant(ask, WAITING);
        boolean dryRun = Orders.dryRun(ask.body());
        int most = Orders.most(ask.body());
        long fit = discard.waiting(meant.which(), Patience.ofLook(dryRun));
        List<Refusal> missed =
                fit == meant.named().size() ? List.of() : DeadLetterFacts.notWaiting(history, meant.named());
        if (dryRun) {
            List<Long> runs = discard.waitingRuns(meant.which(), most);
            ObjectNode json = DeadLetterFacts.cancelled(true, runs.size(), Math.max(0, fit - runs.size()), missed);
            runs.forEach(id -> json.withArray("runs").add(Names.run(id)));
            json.set("waiting", Json.list(discard.groups(meant.which(), most, GROUPS), ByHandApi::group));
            return Answer.of(json);
        }
        Discard.Ended ended = discard.cancel(meant.which(), most, ask.byHand(), soFar -> {});
        ObjectNode json = DeadLetterFacts.cancelled(false, ended.runs(), Math.max(0, fit - ended.runs()), missed);
        return Answer.of(ended.cutShort() ? Orders.cutShort(json) : json);
    }

    private static ObjectNode group(Discard.Waiting group) {
        return Json.object()
                .put("flow", group.flow())
                .put("waits_for", group.waitsFor().isEmpty() ? null : group.waitsFor())
                .put("reason", group.reason())
                .put("runs", group.runs())
                .put("oldest", Names.run(group.oldest()))
                .put("begun", group.begun());
    }

    private Answer replay(Ask ask) throws SQLException {
        Flow flow = flow(ask.body().path("flow").asText());
        boolean dryRun = Orders.dryRun(ask.body());
        var order = new Replay.Order(flow.id(), which(ask, flow), Orders.pace(ask.body()), Replay.MOST);
        Map<String, String> failing = ask.body().has("filter") ? failing(flow, ask) : Map.of();
        if (!dryRun && !failing.isEmpty() && !ask.body().path("anyway").asBoolean()) {
            throw notNow(flow, failing);
        }
        Replay.Result result = dryRun ? replay.tryOut(order) : replay.replay(order, ask.byHand(), soFar -> {});
        ObjectNode json = Json.object().put("dry_run", dryRun).put("flow", flow.id());
        var events = json.put("replayed", result.events().size()).putArray("events");
        result.events().forEach(id -> events.add(new Receipt(id, false).name()));
        var runs = json.putArray("runs");
        result.runs().forEach(id -> runs.add(Names.run(id)));
        json.put("open", result.open()).put("forgotten", result.forgotten()).put("repeated", result.repeated());
        json.put("asked_at", RunFacts.text(ask.now()));
        json.set("failing", Json.list(List.copyOf(failing.entrySet()), one -> Json.object()
                .put("connection", one.getKey())
                .put("reason", one.getValue())));
        json.put("again", result.again()).put("more", result.more());
        json.put("last_due_at", RunFacts.text(result.lastDue()));
        return Answer.of(result.cutShort() ? Orders.cutShort(json) : json);
    }

    /** What the flow calls is tried once before many events go there: dead letters of all of them would say no more. */
    private Map<String, String> failing(Flow flow, Ask ask) throws SQLException {
        var failing = new TreeMap<String, String>();
        for (Connector connector : Calling.connectors(flow, running.library())) {
            if (!connector.missingToCall().isEmpty()) {
                continue; // not in use, which the runs say themselves
            }
            Running.Checked found = running.check(connector.name());
            String result = found.fine() ? "" : found.words();
            proofs.proved(
                    connector.name(), new Proofs.Made(ask.now(), ask.caller().name(), found.tried(), result));
            if (found.tried() && !found.fine()) {
                failing.put(connector.name(), result);
            }
        }
        return failing;
    }

    private static Declined notNow(Flow flow, Map<String, String> failing) {
        var first = failing.entrySet().iterator().next();
        return new Declined(
                409,
                "connection_fails",
                "nothing was replayed: " + first.getKey() + ", which " + flow.id() + " calls, does not work now: "
                        + first.getValue() + "; mend it first, or say that they go anyway");
    }

    private Flow flow(String name) {
        List<Flow> flows = running.flows().stream()
                .filter(flow -> !flow.terms().types().isEmpty())
                .toList();
        return flows.stream()
                .filter(flow -> flow.id().equals(name))
                .findFirst()
                .orElseThrow(() -> Declined.badRequest("flow: no flow \"" + name + "\" takes events; "
                        + Suggest.hint(name, flows.stream().map(Flow::id).toList())));
    }

    private static Replay.Which which(Ask ask, Flow flow) {
        JsonNode body = ask.body();
        if (body.has("events") == body.has("filter")) {
            throw Declined.badRequest(
                    "write \"events\", a list of receipts, or \"filter\", such as {\"source\":\"hubspot\",\"since\":\"2h\"}");
        }
        Map<String, String> words = Orders.words(body);
        if (body.has("filter") && !words.containsKey("since") && !words.containsKey("record")) {
            throw Declined.badRequest("filter: say \"since\" or \"record\"; all of the history is never meant");
        }
        String source = flow.terms().source();
        if (!source.isEmpty()
                && words.containsKey("source")
                && !words.get("source").equals(source)) {
            throw Declined.badRequest("source: " + flow.id() + " takes events of " + source + " only");
        }
        try {
            return new Replay.Which(
                    receipts(body),
                    types(flow, words.get("type")),
                    Optional.ofNullable(source.isEmpty() ? words.get("source") : source),
                    Optional.ofNullable(words.get("record")),
                    RunQuery.time(words, "since", ask.now()),
                    RunQuery.time(words, "until", ask.now()),
                    unlessSince(body));
        } catch (RunQuery.Misfit e) {
            throw Declined.badRequest(e.word() + ": " + e.getMessage());
        }
    }

    private static Optional<Instant> unlessSince(JsonNode body) {
        try {
            return body.has("unless_since")
                    ? Optional.of(Instant.parse(body.get("unless_since").asText()))
                    : Optional.empty();
        } catch (DateTimeException e) {
            throw Declined.badRequest("unless_since: write asked_at of the dry run before");
        }
    }

    private static List<String> types(Flow flow, String asked) {
        List<String> takes = flow.terms().types();
        if (asked == null) {
            return takes;
        }
        if (!takes.contains(asked)) {
            throw Declined.badRequest(
                    "type: " + flow.id() + " takes " + String.join(", ", takes) + ", and no " + asked);
        }
        return List.of(asked);
    }

    private static List<Long> receipts(JsonNode body) {
        var numbers = new ArrayList<Long>();
        for (JsonNode receipt : body.path("events")) {
            try {
                numbers.add(Receipt.parse(receipt.asText()));
            } catch (IllegalArgumentException e) {
                throw Declined.badRequest("events: " + e.getMessage());
            }
        }
        if (body.has("events") && numbers.isEmpty()) {
            throw Declined.badRequest("events: the list is empty; name at least one receipt, such as e_81");
        }
        return numbers;
    }
}
