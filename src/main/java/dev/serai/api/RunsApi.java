package dev.serai.api;

import static dev.serai.api.Operation.get;
import static dev.serai.api.Operation.post;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Operation.Parameter;
import dev.serai.facts.Corrected;
import dev.serai.facts.DeadLetterFacts;
import dev.serai.facts.ResumeCost;
import dev.serai.facts.RunFacts;
import dev.serai.facts.RunQuery;
import dev.serai.facts.SentAndHeard;
import dev.serai.facts.SentAndHeard.People;
import dev.serai.store.DeadLetters;
import dev.serai.store.Discard;
import dev.serai.store.History;
import dev.serai.store.Names;
import dev.serai.store.Patience;
import dev.serai.store.Refusal;
import dev.serai.store.Resume;
import dev.serai.store.RunFilter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Runs: listed, looked into, and let go on or given up. */
final class RunsApi {
    private static final int PATTERNS = 20;

    private static final List<Parameter> CALLS = List.of(new Parameter(
            "calls",
            "plain: what was sent and answered as it was, for who operates, and noted; masked unless said",
            List.of("masked", "plain")));

    private final History history;
    private final Resume resume;
    private final DeadLetters deadLetters;
    private final Discard discard;
    private final Payloads payloads;
    private final ResumeCost costs;
    private final SentAndHeard sentAndHeard;

    /** The tables it needs. */
    record Stores(History history, Resume resume, Discard discard) {}

    RunsApi(Stores stores, Payloads payloads, ResumeCost costs, SentAndHeard sentAndHeard) {
        this.history = stores.history;
        this.resume = stores.resume;
        this.discard = stores.discard;
        this.payloads = payloads;
        this.costs = costs;
        this.sentAndHeard = sentAndHeard;
        this.deadLetters = new DeadLetters(resume);
    }

    List<Operation> operations() {
        return List.of(
                get("/runs", "list_runs", "Runs, the newest first")
                        .takes(filters(Paging.PARAMETERS))
                        .answers("RunPage", this::list),
                get(
                                "/runs/{run}",
                                "show_run",
                                "One run: its event, steps, and every attempt, with what was sent and answered where it is kept")
                        .takes(CALLS)
                        .answers("Run", this::show),
                get("/runs/{run}/steps", "list_steps", "The connector calls of a run, in their order")
                        .answers("StepList", ask -> part(ask, "steps")),
                get("/runs/{run}/attempts", "list_attempts", "Every try at them; of very many the last 500")
                        .takes(CALLS)
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
                        .mayWait()
                        .answers("Resumed", this::resume),
                post("/runs/discard", "discard_runs", "Gives dead runs and runs in doubt up")
                        .body("DiscardOrder")
                        .mayWait()
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

    private Answer list(Ask ask) throws SQLException {
        RunFilter which = Orders.filter(ask.query(), List.of(), ask).before(Paging.before(ask, Names::parseRun));
        List<History.Run> runs = history.runs(which, ask.limit() + 1);
        ObjectNode page = Paging.page(ask, runs, RunFacts::line, History.Run::name);
        payloads.each(
                ask,
                page.path("items"),
                "run",
                runs.stream()
                        .filter(run -> run.reason() != null)
                        .limit(ask.limit())
                        .toList());
        return Answer.of(page);
    }

    private Answer show(Ask ask) throws SQLException {
        return Answer.of(told(ask));
    }

    private ObjectNode told(Ask ask) throws SQLException {
        boolean operates = ask.caller().role().allows(Role.OPERATOR);
        boolean plain = operates && ask.query("calls").filter("plain"::equals).isPresent();
        RunFacts facts = facts(ask);
        ObjectNode json = sentAndHeard.tell(facts, plain ? People.THEMSELVES : operates ? People.OTHERS : People.NONE);
        if (plain && json.at("/evidence/kept").asBoolean()) {
            payloads.seen(ask, json.path("run").asText());
        }
        return payloads.told(ask, json, List.of(facts.run()));
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
        RunFilter which = Orders.filter(ask.query(), RunQuery.SET_ASIDE, ask);
        int most = ask.query("limit").isPresent() ? ask.limit() : DeadLetters.PATTERNS;
        DeadLetters.Seen seen = all(ask) ? deadLetters.lately(ask.now()) : deadLetters.read(which, ask.now(), most);
        ObjectNode json = Json.object().put("runs", seen.runs());
        json.set("patterns", DeadLetterFacts.patterns(seen.patterns()));
        if (!ask.caller().role().allows(Role.OPERATOR)) {
            // what is a word of the pattern stands in the reason of each of them
            List<Long> newest =
                    seen.patterns().stream().map(Resume.Pattern::newest).toList();
            payloads.each(ask, json.path("patterns"), "newest", history.runs(RunFilter.ALL.ids(newest), newest.size()));
        }
        return Answer.of(json);
    }

    /** Whether nothing is said but, perhaps, that those are meant that are dead or in doubt. */
    private static boolean all(Ask ask) {
        return ask.query().entrySet().stream()
                .allMatch(word -> word.getValue().isEmpty()
                        || word.getKey().equals("state")
                                && Set.copyOf(List.of(word.getValue().split(",")))
                                        .equals(Set.copyOf(RunQuery.SET_ASIDE)));
    }

    private Answer resume(Ask ask) throws SQLException {
        Orders.Meant meant = Orders.meant(ask, RunQuery.SET_ASIDE);
        boolean dryRun = Orders.dryRun(ask.body());
        int most = Orders.most(ask.body());
        var order = new Resume.Order(meant.which(), Orders.correctionOfRuns(ask.body()), Orders.pace(ask.body()), most);
        Resume.Result result =
                dryRun ? resume.tryOut(order, soFar -> {}) : resume.resume(order, ask.byHand(), soFar -> {});
        if (result.cutShort()) {
            return Answer.of(Orders.cutShort(DeadLetterFacts.resumed(false, result, List.of(), List.of())));
        }
        var missed = new LinkedHashSet<>(meant.named());
        result.resumed().forEach(missed::remove);
        result.refused().forEach(refusal -> missed.remove(refusal.run()));
        List<Refusal> unfit = DeadLetterFacts.neitherDeadNorInDoubt(history, missed, "resumed");
        if (!dryRun) {
            return Answer.of(DeadLetterFacts.resumed(false, result, unfit, List.of()));
        }
        List<Resume.Pattern> alike = resume.patterns(meant.which(), most, most, Patience.WITH_PEOPLE);
        List<Resume.Pattern> told = alike.subList(0, Math.min(PATTERNS, alike.size()));
        ObjectNode json = DeadLetterFacts.resumed(true, result, unfit, told);
        json.set("cost", costs.of(alike));
        return Answer.of(json);
    }

    private Answer discard(Ask ask) throws SQLException {
        Orders.Meant meant = Orders.meant(ask, RunQuery.SET_ASIDE);
        boolean dryRun = Orders.dryRun(ask.body());
        int most = Orders.most(ask.body());
        long fit = resume.count(meant.which(), Patience.ofLook(dryRun));
        List<Refusal> missed = fit == meant.named().size()
                ? List.of()
                : DeadLetterFacts.neitherDeadNorInDoubt(history, meant.named(), "discarded");
        if (dryRun) {
            long given = Math.min(most, fit);
            List<Resume.Pattern> patterns = resume.patterns(meant.which(), most, PATTERNS, Patience.WITH_PEOPLE);
            return Answer.of(DeadLetterFacts.discarded(true, given, fit - given, missed, patterns));
        }
        Discard.Ended ended = discard.discard(meant.which(), most, ask.byHand(), soFar -> {});
        ObjectNode json =
                DeadLetterFacts.discarded(false, ended.runs(), Math.max(0, fit - ended.runs()), missed, List.of());
        return Answer.of(ended.cutShort() ? Orders.cutShort(json) : json);
    }
}
