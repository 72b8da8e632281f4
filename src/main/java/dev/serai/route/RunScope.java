package dev.serai.route;

import dev.serai.mapping.Mapping;
import dev.serai.metric.Trace;
import dev.serai.record.Identified;
import dev.serai.store.ClaimedRun;
import dev.serai.store.Journal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;

/** What an exchange of a flow carries about its run. Used by one thread at a time, as its exchange is. */
final class RunScope {
    private static final String PROPERTY = "SeraiRunScope";
    /** Of a run; in a flow that splits a list each item is mapped. */
    private static final int MOST_MAPPINGS = 20;

    private final ClaimedRun run;
    private final FlowOptions options;
    private final Map<String, Journal.Recorded> recorded;
    private final Map<String, Integer> turns = new HashMap<>();
    /** The steps that earlier claims began. */
    private final Set<String> before;
    /** Whether an earlier claim counted the turns of a step, by its id. */
    private final Map<String, Boolean> counted = new HashMap<>();

    private final Map<String, Integer> attempts = new HashMap<>();
    private Set<String> carried;
    /** What was found on the way and is not known to be noted, and whether it may come from what the run fetched. */
    private final Map<String, Boolean> untold = new ConcurrentHashMap<>();

    private final List<String> mappedBefore = new ArrayList<>();
    private final List<String> mappings = new ArrayList<>();
    private String mappedFor = "";
    private String open = "";
    private String lastStep = "";
    private boolean called;
    private CompletionStage<Void> written = CompletableFuture.completedFuture(null);
    private CompletionStage<Boolean> settled;
    private Trace trace = Trace.NONE;
    private final Evidence evidence = new Evidence();
    private String payloadSha256 = "";
    private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();

    /** @param recorded what this run did, in earlier claims, by step */
    RunScope(ClaimedRun run, FlowOptions options, Map<String, Journal.Recorded> recorded) {
        this.run = run;
        this.options = options;
        this.recorded = new HashMap<>(recorded);
        this.before = Set.copyOf(recorded.keySet());
    }

    static Optional<RunScope> of(Exchange exchange) {
        return Optional.ofNullable(exchange.getProperty(PROPERTY, RunScope.class));
    }

    /** The run of an exchange or the first one left of its batch, for what is asked about the exchange as a whole. */
    static Optional<RunScope> leading(Exchange exchange) {
        return of(exchange).or(() -> Batch.of(exchange)
                .flatMap(batch -> batch.open().stream().findFirst()));
    }

    void attachTo(Exchange exchange) {
        exchange.setProperty(PROPERTY, this);
    }

    /** What a collector of traces is told of this run. */
    Trace trace() {
        return trace;
    }

    void traced(Trace by) {
        trace = by;
    }

    ClaimedRun run() {
        return run;
    }

    FlowOptions options() {
        return options;
    }

    /**
     * Begins a turn of a step: its id, and {@code id#2} for a second turn within the run (in a loop, say). A step that is
     * begun again before it has ended is redelivered: the same turn once more.
     */
    String begin(String stepId) {
        if (!stepId.equals(open)) {
            int turn = turns.merge(stepId, 1, Integer::sum);
            lastStep = turn == 1 ? stepId : stepId + "#" + turn;
        }
        open = stepId;
        return lastStep;
    }

    /**
     * Begins a turn of a step for one item of a list: {@code id#3fa9c1d2e4b5}, and {@code id#3fa9c1d2e4b5.2} for another one
     * that says the same. When the run is resumed the list may be another one, so places in it tell nothing.
     *
     * @param said stands for what the item says
     */
    String begin(String stepId, String said) {
        if (counted.computeIfAbsent(stepId, this::wasCounted)) {
            return begin(stepId);
        }
        String item = stepId + "#" + said;
        if (!item.equals(open)) {
            int turn = turns.merge(item, 1, Integer::sum);
            lastStep = turn == 1 ? item : item + "." + turn;
        }
        open = item;
        return lastStep;
    }

    /** By a version that did so in splits, too: its run goes on in the same way. */
    private boolean wasCounted(String stepId) {
        var item = Pattern.compile(Pattern.quote(stepId) + "#[0-9a-f]{12}(\\.\\d+)?");
        if (before.stream().anyMatch(step -> item.matcher(step).matches())) {
            return false; // one of its turns had no item, as that of a null in the list
        }
        var turn = Pattern.compile(Pattern.quote(stepId) + "(#\\d{1,9})?");
        return before.stream().anyMatch(step -> turn.matcher(step).matches());
    }

    /** A mapping has shaped the body. */
    void mapped(Mapping mapping) {
        if (!mappedFor.isEmpty()) {
            mappedBefore.addAll(mappings);
            mappings.clear();
            mappedFor = "";
        }
        if (mappings.size() + mappedBefore.size() < MOST_MAPPINGS) {
            mappings.add(mapping.name() + "@" + mapping.version());
        }
    }

    /** The mappings that shaped what this step sends: those before the last call, a bar, those since; null when none did. */
    String mapped(String step) {
        if (mappedFor.isEmpty()) {
            mappedFor = step;
        }
        return mappedFor.equals(step) && !mappings.isEmpty()
                ? String.join(" ", mappedBefore) + "|" + String.join(" ", mappings)
                : null;
    }

    /** Of what it works on, for the log: two lines are of the same payload, or not, and nobody can read it. */
    String payloadSha256() {
        if (payloadSha256.isEmpty()) {
            payloadSha256 = PayloadHash.of(run.event().payload());
        }
        return payloadSha256;
    }

    /** What this claim has sent and heard. */
    Evidence evidence() {
        return evidence;
    }

    /** The mappings that shaped what this claim sent, as {@code name@version}. */
    List<String> mapped() {
        var all = new ArrayList<>(mappedBefore);
        all.addAll(mappings);
        return all;
    }

    /** Of what was found on the way, what neither the event carries itself nor this claim has told before. */
    Set<String> fresh(Set<String> found) {
        if (found.isEmpty()) {
            return found;
        }
        if (carried == null) {
            // of a run that was claimed before a person may have corrected the event, and its index knows only what
            // arrived
            carried = run.resumed()
                    ? new HashSet<>()
                    : new HashSet<>(
                            Identified.in(run.event().record(), run.event().payload()));
        }
        Set<String> fresh = found.stream().filter(carried::add).collect(Collectors.toSet());
        fresh.forEach(form -> untold.put(form, called));
        return fresh;
    }

    /** It is noted. */
    void told(Set<String> fresh) {
        untold.keySet().removeAll(fresh);
    }

    /** To be noted with what this claim comes to; whether each may come from what the run fetched. */
    Map<String, Boolean> untold() {
        return Map.copyOf(untold);
    }

    /** What is worked on from here on may be what a remote answered. */
    void calls() {
        called = true;
    }

    /** Whether a remote was called, so that the body need not be what the event told. */
    boolean hasCalled() {
        return called;
    }

    /** The step begun last got through. */
    void end() {
        open = "";
    }

    /** Counts from 1. */
    int nextAttempt(String step) {
        return attempts.merge(step, 1, Integer::sum);
    }

    Optional<Journal.Recorded> recorded(String step) {
        return Optional.ofNullable(recorded.get(step));
    }

    /** What a step did is on its way to the journal. @param required whether the flow may not go on without it */
    void writing(CompletionStage<?> record, boolean required) {
        written = written.thenCompose(before -> required ? record : record.handle((done, failure) -> null))
                .thenApply(done -> null);
    }

    /** Completes when all that this claim's steps did is written down; before that nothing more may be sent. */
    CompletionStage<?> written() {
        return written;
    }

    /** What the remote recognises a repeat of a step by. */
    String idempotencyKey(String step) {
        return recorded(step)
                .map(Journal.Recorded::key)
                .filter(key -> !key.isEmpty())
                .orElseGet(() -> run.name() + ":" + step);
    }

    /** What this claim itself did at a step. */
    void note(String step, Journal.Recorded outcome) {
        recorded.merge(step, outcome, (before, now) -> now.after(before));
    }

    /** The step that was begun last, or empty. */
    String lastStep() {
        return lastStep;
    }

    /** The run's outcome is on its way to the store. @param stored completes when it has arrived */
    CompletionStage<Boolean> settle(CompletionStage<Boolean> stored) {
        settled = stored;
        stored.whenComplete((ours, failure) -> outcome.complete(failure == null && ours));
        return stored;
    }

    /** Completes when its outcome is stored, or its claim was lost. */
    CompletionStage<Boolean> outcome() {
        return outcome;
    }

    /** The outcome on its way to the store, or empty while there is none. */
    Optional<CompletionStage<Boolean>> settled() {
        return Optional.ofNullable(settled);
    }
}
