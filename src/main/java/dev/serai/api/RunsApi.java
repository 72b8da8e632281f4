package dev.serai.api;

import static dev.serai.api.Operation.get;
import static dev.serai.api.Operation.post;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Operation.Parameter;
import dev.serai.facts.Corrected;
import dev.serai.facts.DeadLetterFacts;
import dev.serai.facts.ResumeCost;
import dev.serai.facts.RunFacts;
import dev.serai.facts.RunQuery;
import dev.serai.file.Suggest;
import dev.serai.run.Correction;
import dev.serai.run.Pace;
import dev.serai.store.DeadLetters;
import dev.serai.store.Discard;
import dev.serai.store.History;
import dev.serai.store.Names;
import dev.serai.store.Refusal;
import dev.serai.store.Resume;
import dev.serai.store.RunFilter;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs: listed, looked into, and let go on or given up. */
final class RunsApi {
    /** Runs that one request takes up at most. */
    private static final int MOST = Resume.MOST;

    private static final int PATTERNS = 20;

    private final History history;
    private final Resume resume;
    private final DeadLetters deadLetters;
    private final Discard discard;
    private final Payloads payloads;
    private final ResumeCost costs;

    /** The tables it needs. */
    record Stores(History history, Resume resume, Discard discard) {}

    RunsApi(Stores stores, Payloads payloads, ResumeCost costs) {
        this.history = stores.history;
        this.resume = stores.resume;
        this.discard = stores.discard;
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
                        .takes(Payloads.PARAMETERS)
                        .answers("Payload", this::payload),
                get(
                                "/dead-letters",
                                "list_dead_letters",
                                "Runs that are dead or in doubt; those that failed alike as one")
                        .takes(filters(List.of(Parameter.of("limit", "patterns at most, 1 to 500; 100 unless said"))))
                        .answers("PatternList", this::patterns),
                post(
                                "/runs/resume",
                                "resume_runs",
                                "Lets dead runs and runs in doubt go on, one or many, corrected or not")
                        .body("ResumeOrder")
                        .answers("Resumed", this::resume),
                post("/runs/discard", "discard_runs", "Gives dead runs and runs in doubt up")
                        .body("DiscardOrder")
                        .answers("Discarded", this::discard));
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
        ObjectNode page = Paging.page(ask, runs, RunFacts::line, History.Run::name);
        for (int i = 0; i < page.path("items").size(); i++) {
            History.Run run = runs.get(i);
            if (run.reason() != null && !ask.caller().role().allows(Role.OPERATOR)) {
                var line = (ObjectNode) page.path("items").get(i);
                payloads.told(
                        ask,
                        line,
                        run.event(),
                        history.payload(run.event().id()).stream().toList());
            }
        }
        return Answer.of(page);
    }

    private Answer show(Ask ask) throws SQLException {
        return Answer.of(told(ask));
    }

    private ObjectNode told(Ask ask) throws SQLException {
        RunFacts facts = facts(ask);
        return payloads.told(ask, facts.json(), facts.run().event(), worked(facts.run()));
    }

    /** What may stand in its reasons: of what arrived, and of what it was corrected to. */
    private List<History.Payload> worked(History.Run run) throws SQLException {
        return Stream.concat(
                        history.payload(run.event().id()).stream(),
                        Corrected.of(history, run).map(Corrected::payload).stream())
                .toList();
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
        json.set("items", told(ask).path(part));
        return Answer.of(json);
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
        Corrected made =
                Corrected.of(history, run).orElseThrow(() -> Declined.notFound("its payload has left the history"));
        ObjectNode json = payloads.show(ask, run.name(), run.event(), made.payload());
        json.put("corrected", made.isCorrected());
        if (made.lost()) {
            json.put("unsure", "what it was corrected by is not kept any more; this is what arrived");
        }
        if (ask.caller().role().allows(Role.OPERATOR)) {
            json.set("patches", payloads.patches(history.byHand(run.id())));
        }
        return Answer.of(json);
    }

    private Answer patterns(Ask ask) throws SQLException {
        RunFilter which = filter(ask.query(), RunQuery.SET_ASIDE, ask);
        int most = ask.query("limit").isPresent() ? ask.limit() : DeadLetters.PATTERNS;
        DeadLetters.Seen seen =
                ask.query().isEmpty() ? deadLetters.lately(ask.now()) : deadLetters.read(which, ask.now(), most);
        ObjectNode json = Json.object().put("runs", seen.runs());
        json.set("patterns", DeadLetterFacts.patterns(seen.patterns()));
        return Answer.of(json);
    }

    /** The runs that a body means: those it names, or those that fit its filter. */
    record Meant(RunFilter which, List<Long> named) {}

    /** @param states when the filter names none */
    static Meant meant(Ask ask, List<String> states) {
        Meant meant = chosen(ask, states);
        return ask.body().has("after")
                ? new Meant(
                        meant.which.after(
                                number("after", ask.body().get("after").asText())),
                        meant.named)
                : meant;
    }

    private static Meant chosen(Ask ask, List<String> states) {
        JsonNode body = ask.body();
        if (body.has("runs") == body.has("filter")) {
            throw Declined.badRequest(
                    "write \"runs\", a list of names, or \"filter\", such as {\"flow\":\"lead-created\"}");
        }
        if (body.has("runs")) {
            var ids = new ArrayList<Long>();
            body.get("runs").forEach(name -> ids.add(number("runs", name.asText())));
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
        return new Meant(filter(words, states, ask), List.of());
    }

    private static long number(String word, String run) {
        try {
            return Names.parseRun(run);
        } catch (IllegalArgumentException e) {
            throw Declined.badRequest(word + ": " + e.getMessage());
        }
    }

    private Answer resume(Ask ask) throws SQLException {
        Meant meant = meant(ask, RunQuery.SET_ASIDE);
        boolean dryRun = ask.body().path("dry_run").asBoolean();
        int most = ask.body().path("limit").asInt(MOST);
        var order = new Resume.Order(meant.which, correction(ask.body()), pace(ask.body()), most);
        Resume.Result result =
                dryRun ? resume.tryOut(order, soFar -> {}) : resume.resume(order, ask.byHand(), soFar -> {});
        var missed = new LinkedHashSet<>(meant.named);
        result.resumed().forEach(missed::remove);
        result.refused().forEach(refusal -> missed.remove(refusal.run()));
        List<Refusal> unfit = DeadLetterFacts.neitherDeadNorInDoubt(history, missed, "resumed");
        if (!dryRun) {
            return Answer.of(DeadLetterFacts.resumed(false, result, unfit, List.of()));
        }
        List<Resume.Pattern> alike = resume.patterns(meant.which, most, most);
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
            if (body.has("payload_base64")) {
                return Optional.of(Correction.whole(
                        Base64.getDecoder().decode(body.get("payload_base64").asText())));
            }
            return body.has("patch")
                    ? Optional.of(Correction.patch(body.get("patch").toString()))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            throw Declined.badRequest((body.has("patch") ? "patch: " : "payload_base64: ") + e.getMessage());
        }
    }

    static Pace pace(JsonNode body) {
        try {
            Pace pace = body.has("rate") ? Pace.of(body.get("rate").asText()) : Pace.AT_ONCE;
            return body.has("due_after")
                    ? pace.behind(Instant.parse(body.get("due_after").asText()))
                    : pace;
        } catch (IllegalArgumentException e) {
            throw Declined.badRequest("rate: " + e.getMessage());
        } catch (DateTimeException e) {
            throw Declined.badRequest("due_after: write last_due_at of the answer before");
        }
    }

    private Answer discard(Ask ask) throws SQLException {
        Meant meant = meant(ask, RunQuery.SET_ASIDE);
        boolean dryRun = ask.body().path("dry_run").asBoolean();
        int most = ask.body().path("limit").asInt(MOST);
        long fit = resume.count(meant.which);
        List<Refusal> missed = fit == meant.named.size()
                ? List.of()
                : DeadLetterFacts.neitherDeadNorInDoubt(history, meant.named, "discarded");
        List<Resume.Pattern> patterns = dryRun ? resume.patterns(meant.which, most, PATTERNS) : List.of();
        long given = dryRun ? Math.min(most, fit) : discard.discard(meant.which, most, ask.byHand(), soFar -> {});
        return Answer.of(DeadLetterFacts.discarded(dryRun, given, Math.max(0, fit - given), missed, patterns));
    }
}
