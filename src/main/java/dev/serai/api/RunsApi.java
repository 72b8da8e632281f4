package dev.serai.api;

import static dev.serai.api.Operation.get;
import static dev.serai.api.Operation.post;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Operation.Parameter;
import dev.serai.facts.DeadLetterFacts;
import dev.serai.facts.ResumeCost;
import dev.serai.facts.RunFacts;
import dev.serai.facts.RunQuery;
import dev.serai.file.Suggest;
import dev.serai.run.Correction;
import dev.serai.run.Pace;
import dev.serai.store.ByHand;
import dev.serai.store.DeadLetters;
import dev.serai.store.Discard;
import dev.serai.store.Doubts;
import dev.serai.store.Doubts.Doubt;
import dev.serai.store.History;
import dev.serai.store.Names;
import dev.serai.store.Refusal;
import dev.serai.store.Resume;
import dev.serai.store.RunFilter;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs: listed, looked into, and let go on, settled or given up. */
final class RunsApi {
    /** Runs that one request takes up at most. */
    private static final int MOST = Resume.MOST;

    private static final int PATTERNS = 20;

    private final History history;
    private final Resume resume;
    private final DeadLetters deadLetters;
    private final Discard discard;
    private final Doubts doubts;
    private final Payloads payloads;
    private final ResumeCost costs;

    /** The tables it needs. */
    record Stores(History history, Resume resume, Discard discard, Doubts doubts) {}

    RunsApi(Stores stores, Payloads payloads, ResumeCost costs) {
        this.history = stores.history;
        this.resume = stores.resume;
        this.discard = stores.discard;
        this.doubts = stores.doubts;
        this.payloads = payloads;
        this.costs = costs;
        this.deadLetters = new DeadLetters(resume);
    }

    List<Operation> operations() {
        return List.of(
                get("/runs", "list_runs", "Runs, the newest first")
                        .takes(filters(Paging.PARAMETERS))
                        .answers("RunPage", this::list),
                get("/runs/{run}", "show_run", "One run: its event, steps, and every attempt")
                        .answers("Run", this::show),
                get("/runs/{run}/steps", "list_steps", "The connector calls of a run, in their order")
                        .answers("StepList", ask -> part(ask, "steps")),
                get("/runs/{run}/attempts", "list_attempts", "Every try at them; of very many the last 500")
                        .answers("AttemptList", ask -> part(ask, "attempts")),
                get(
                                "/runs/{run}/payload",
                                "show_run_payload",
                                "What the run works on: as it arrived, or as it was corrected; for a viewer without people")
                        .answers("Payload", this::payload),
                get(
                                "/dead-letters",
                                "list_dead_letters",
                                "Runs that are dead or in doubt; those that failed alike as one")
                        .takes(filters(List.of()))
                        .answers("PatternList", this::patterns),
                post(
                                "/runs/resume",
                                "resume_runs",
                                "Lets dead runs and runs in doubt go on, one or many, corrected or not")
                        .body("ResumeOrder")
                        .answers("Resumed", this::resume),
                post("/runs/discard", "discard_runs", "Gives dead runs and runs in doubt up")
                        .body("DiscardOrder")
                        .answers("Discarded", this::discard),
                get("/in-doubt", "list_doubts", "What was sent and never answered, of all runs in doubt")
                        .takes(Paging.PARAMETERS)
                        .answers("DoubtPage", this::doubts),
                get("/runs/{run}/doubt", "show_doubt", "What was sent and never answered, of a run in doubt")
                        .answers("Doubt", this::doubt),
                post("/runs/{run}/settle", "settle_run", "Says whether what is in doubt was done")
                        .body("SettleOrder")
                        .answers("Settled", this::settle));
    }

    private static List<Parameter> filters(List<Parameter> more) {
        var all = new ArrayList<>(RunQuery.WORDS.entrySet().stream()
                .map(word -> Parameter.of(word.getKey(), word.getValue()))
                .sorted(Comparator.comparing(Parameter::name))
                .toList());
        all.addAll(more);
        return all;
    }

    private static RunFilter filter(Map<String, String> words, List<String> states, Ask ask) {
        try {
            return RunQuery.filter(words, states, ask.now());
        } catch (RunQuery.Misfit e) {
            throw Declined.badRequest(e.word() + ": " + e.getMessage());
        }
    }

    private Answer list(Ask ask) throws SQLException {
        RunFilter which = filter(ask.query(), List.of(), ask).before(Paging.before(ask, Names::parseRun));
        List<History.Run> runs = history.runs(which, ask.limit() + 1);
        return Answer.of(Paging.page(ask, runs, RunFacts::line, History.Run::name));
    }

    private Answer show(Ask ask) throws SQLException {
        return Answer.of(facts(ask).json());
    }

    private RunFacts facts(Ask ask) throws SQLException {
        Optional<RunFacts> facts = RunFacts.read(history, ask.run());
        if (facts.isEmpty()) {
            throw Left.run(history, ask.run());
        }
        return facts.get();
    }

    private Answer part(Ask ask, String part) throws SQLException {
        ObjectNode json = Json.object();
        json.set("items", facts(ask).json().path(part));
        return Answer.of(json);
    }

    private Answer doubts(Ask ask) throws SQLException {
        long before = Paging.before(ask, Names::parseRun);
        List<Doubt> found = doubts.list(before == 0 ? Long.MAX_VALUE : before, ask.limit() + 1);
        return Answer.of(Paging.page(ask, found, RunsApi::json, Doubt::name));
    }

    private History.Run run(Ask ask) throws SQLException {
        Optional<History.Run> run = history.run(ask.run());
        if (run.isEmpty()) {
            throw Left.run(history, ask.run());
        }
        return run.get();
    }

    private Answer payload(Ask ask) throws SQLException {
        History.Run run = run(ask);
        Optional<byte[]> corrected = history.corrected(run.id());
        History.Payload arrived = history.payload(run.event().id())
                .orElseThrow(() -> Declined.notFound("its payload has left the history"));
        History.Payload payload = corrected
                .map(bytes -> new History.Payload(arrived.contentType(), bytes))
                .orElse(arrived);
        return Answer.of(payloads.show(ask, run.name(), run.event(), payload).put("corrected", corrected.isPresent()));
    }

    private Answer patterns(Ask ask) throws SQLException {
        RunFilter which = filter(ask.query(), RunQuery.SET_ASIDE, ask);
        DeadLetters.Seen seen =
                ask.query().isEmpty() ? deadLetters.lately(ask.now()) : deadLetters.read(which, ask.now());
        ObjectNode json = Json.object().put("runs", seen.runs());
        json.set("patterns", DeadLetterFacts.patterns(seen.patterns()));
        return Answer.of(json);
    }

    /** The runs that a body means: those it names, or those that fit its filter. */
    private record Meant(RunFilter which, List<Long> named) {}

    private static Meant meant(Ask ask) {
        JsonNode body = ask.body();
        if (body.has("runs") == body.has("filter")) {
            throw Declined.badRequest(
                    "write \"runs\", a list of names, or \"filter\", such as {\"flow\":\"lead-created\"}");
        }
        if (body.has("runs")) {
            var ids = new ArrayList<Long>();
            body.get("runs").forEach(name -> ids.add(number(name.asText())));
            return new Meant(RunFilter.ALL.ids(ids), ids);
        }
        var words = new HashMap<String, String>();
        body.get("filter")
                .properties()
                .forEach(word -> words.put(word.getKey(), word.getValue().asText()));
        words.keySet().stream()
                .filter(word -> !RunQuery.WORDS.containsKey(word))
                .findFirst()
                .ifPresent(word -> {
                    throw Declined.badRequest(
                            "filter has no word \"" + word + "\"; " + Suggest.hint(word, RunQuery.WORDS.keySet()));
                });
        return new Meant(filter(words, RunQuery.SET_ASIDE, ask), List.of());
    }

    private static long number(String run) {
        try {
            return Names.parseRun(run);
        } catch (IllegalArgumentException e) {
            throw Declined.badRequest("runs: " + e.getMessage());
        }
    }

    private Answer resume(Ask ask) throws SQLException {
        Meant meant = meant(ask);
        boolean dryRun = ask.body().path("dry_run").asBoolean();
        var order = new Resume.Order(meant.which, correction(ask.body()), pace(ask.body()), MOST);
        Resume.Result result =
                dryRun ? resume.tryOut(order, soFar -> {}) : resume.resume(order, ask.byHand(), soFar -> {});
        var missed = new LinkedHashSet<>(meant.named);
        result.resumed().forEach(missed::remove);
        result.refused().forEach(refusal -> missed.remove(refusal.run()));
        List<Refusal> unfit = DeadLetterFacts.neitherDeadNorInDoubt(history, missed, "resumed");
        if (!dryRun) {
            return Answer.of(DeadLetterFacts.resumed(false, result, unfit, List.of()));
        }
        List<Resume.Pattern> alike = resume.patterns(meant.which, MOST, MOST);
        List<Resume.Pattern> told = alike.subList(0, Math.min(PATTERNS, alike.size()));
        ObjectNode json = DeadLetterFacts.resumed(true, result, unfit, told);
        json.set("cost", costs.of(alike));
        return Answer.of(json);
    }

    static Optional<Correction> correction(JsonNode body) {
        try {
            if (body.has("payload")) {
                return Optional.of(
                        Correction.whole(body.get("payload").toString().getBytes(StandardCharsets.UTF_8)));
            }
            return body.has("patch")
                    ? Optional.of(Correction.patch(body.get("patch").toString()))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            throw Declined.badRequest("patch: " + e.getMessage());
        }
    }

    private static Pace pace(JsonNode body) {
        try {
            return body.has("rate") ? Pace.of(body.get("rate").asText()) : Pace.AT_ONCE;
        } catch (IllegalArgumentException e) {
            throw Declined.badRequest("rate: " + e.getMessage());
        }
    }

    private Answer discard(Ask ask) throws SQLException {
        Meant meant = meant(ask);
        boolean dryRun = ask.body().path("dry_run").asBoolean();
        long fit = resume.count(meant.which);
        List<Refusal> missed = fit == meant.named.size()
                ? List.of()
                : DeadLetterFacts.neitherDeadNorInDoubt(history, meant.named, "discarded");
        List<Resume.Pattern> patterns = dryRun ? resume.patterns(meant.which, MOST, PATTERNS) : List.of();
        long given = dryRun ? Math.min(MOST, fit) : discard.discard(meant.which, MOST, ask.byHand(), soFar -> {});
        return Answer.of(DeadLetterFacts.discarded(dryRun, given, Math.max(0, fit - given), missed, patterns));
    }

    private Doubt found(Ask ask) throws SQLException {
        Optional<Doubt> doubt = doubts.find(ask.run());
        if (doubt.isEmpty()) {
            History.Run run = run(ask);
            throw Declined.conflict(run.name() + " is " + run.state() + ", not in doubt; there is nothing to settle");
        }
        return doubt.get();
    }

    private Answer doubt(Ask ask) throws SQLException {
        return Answer.of(json(found(ask)));
    }

    private static ObjectNode json(Doubt doubt) {
        return Json.object()
                .put("run", doubt.name())
                .put("seen", doubt.claim())
                .put("step", doubt.step())
                .put("connection", doubt.connection())
                .put("operation", doubt.operation())
                .put("write_class", doubt.writeClass())
                .put("idempotency_key", doubt.idempotencyKey())
                .put("intended_at", RunFacts.text(doubt.intendedAt()));
    }

    private Answer settle(Ask ask) throws SQLException {
        ByHand by = ask.byHand();
        Doubt doubt = found(ask);
        if (ask.body().path("seen").asInt(doubt.claim()) != doubt.claim()) {
            throw moved(doubt);
        }
        boolean settled =
                switch (ask.body().path("outcome").asText()) {
                    case "done" -> doubts.done(doubt, answer(ask.body()), by);
                    case "not_done" -> doubts.notDone(doubt, by);
                    default -> throw Declined.badRequest("\"outcome\" is missing; write done or not_done");
                };
        if (!settled) {
            throw moved(doubt);
        }
        return Answer.of(json(doubt).put("settled", ask.body().path("outcome").asText()));
    }

    private static byte[] answer(JsonNode body) {
        return body.has("answer") ? body.get("answer").toString().getBytes(StandardCharsets.UTF_8) : null;
    }

    private static Declined moved(Doubt doubt) {
        return Declined.conflict(doubt.name() + " has moved since it was looked at; nothing was changed. Look again");
    }
}
