package dev.serai.api;

import static dev.serai.api.Operation.post;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.facts.Flow;
import dev.serai.facts.RunFacts;
import dev.serai.facts.RunQuery;
import dev.serai.file.Suggest;
import dev.serai.store.Discard;
import dev.serai.store.History;
import dev.serai.store.Names;
import dev.serai.store.Patience;
import dev.serai.store.Receipt;
import dev.serai.store.Replay;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What people do to many at once besides resuming: runs that wait are cancelled, events go through a flow again. */
final class ByHandApi {
    private static final List<String> WAITING = List.of("waiting");
    private static final List<String> WORDS = List.of("source", "type", "record", "since", "until");
    private static final int GROUPS = 20;

    private final History history;
    private final Discard discard;
    private final Replay replay;
    private final Running running;

    ByHandApi(History history, Discard discard, Replay replay, Running running) {
        this.history = history;
        this.discard = discard;
        this.replay = replay;
        this.running = running;
    }

    List<Operation> operations() {
        return List.of(
                post("/runs/cancel", "cancel_runs", "Gives runs up that wait: for their turn, a retry, or a connection")
                        .body("DiscardOrder")
                        .answers("Cancelled", this::cancel),
                post(
                                "/events/replay",
                                "replay_events",
                                "Lets events go through a flow again, as new runs: what it wrote before is written again")
                        .body("ReplayOrder")
                        .answers("Replayed", this::replay));
    }

    private Answer cancel(Ask ask) throws SQLException {
        RunsApi.Meant meant = RunsApi.meant(ask, WAITING);
        boolean dryRun = ask.body().path("dry_run").asBoolean();
        long fit = discard.waiting(meant.which(), Patience.ofLook(dryRun));
        ObjectNode json = Json.object().put("dry_run", dryRun);
        var refused = Json.object().putArray("refused");
        for (long id : fit == meant.named().size() ? List.<Long>of() : meant.named()) {
            String state = history.run(id).map(History.Run::state).orElse("not there");
            if (!state.equals("waiting")) {
                refused.addObject()
                        .put("run", Names.run(id))
                        .put("why", "it is " + state + "; only runs that wait can be cancelled");
            }
        }
        var groups = dryRun ? discard.groups(meant.which(), Replay.MOST, GROUPS) : List.<Discard.Waiting>of();
        long given = dryRun
                ? Math.min(Replay.MOST, fit)
                : discard.cancel(meant.which(), Replay.MOST, ask.byHand(), soFar -> {});
        json.put("cancelled", given).put("left", Math.max(0, fit - given));
        json.set("refused", refused);
        if (dryRun) {
            json.set("waiting", Json.list(groups, ByHandApi::group));
        }
        return Answer.of(json);
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
        boolean dryRun = ask.body().path("dry_run").asBoolean();
        var order = new Replay.Order(flow.id(), which(ask, flow), RunsApi.pace(ask.body()), Replay.MOST);
        Replay.Result result = dryRun ? replay.tryOut(order) : replay.replay(order, ask.byHand(), soFar -> {});
        ObjectNode json = Json.object().put("dry_run", dryRun).put("flow", flow.id());
        var events = json.put("replayed", result.events().size()).putArray("events");
        result.events().forEach(id -> events.add(new Receipt(id, false).name()));
        var runs = json.putArray("runs");
        result.runs().forEach(id -> runs.add(Names.run(id)));
        json.put("open", result.open()).put("forgotten", result.forgotten());
        json.put("again", result.again()).put("more", result.more());
        return Answer.of(json.put("last_due_at", RunFacts.text(result.lastDue())));
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
        Map<String, String> words = new HashMap<>();
        body.path("filter")
                .properties()
                .forEach(word -> words.put(word.getKey(), word.getValue().asText()));
        words.keySet().stream()
                .filter(word -> !WORDS.contains(word))
                .findFirst()
                .ifPresent(word -> {
                    throw Declined.badRequest("filter has no word \"" + word + "\"; " + Suggest.hint(word, WORDS));
                });
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
                    RunQuery.time(words, "until", ask.now()));
        } catch (RunQuery.Misfit e) {
            throw Declined.badRequest(e.word() + ": " + e.getMessage());
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
