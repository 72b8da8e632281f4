package dev.serai.cli.suite;

import dev.serai.run.Outcome;
import dev.serai.run.Verdict;
import dev.serai.simulator.Fault;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What an operation makes of a vendor that refuses, fails, says nothing or asks for patience. */
final class FailureChecks {
    /** An answer that never comes is waited for this long; how quick this machine is does not matter. */
    private static final Duration TIMEOUT = Duration.ofMillis(50);

    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private static final Set<Verdict> NO = EnumSet.of(Verdict.FAIL, Verdict.IGNORE);
    private static final Set<Verdict> LATER = EnumSet.of(Verdict.RETRY, Verdict.RATE_LIMITED);

    private final Trial trial;

    FailureChecks(Trial trial) {
        this.trial = trial;
    }

    /** Each with the verdicts that may follow. A rule of the file may call "not found" or "there already" fine. */
    private static Map<String, Map.Entry<Fault, Set<Verdict>>> faults() {
        var faults = new LinkedHashMap<String, Map.Entry<Fault, Set<Verdict>>>();
        faults.put("an invalid request", Map.entry(Fault.refusal("invalid"), EnumSet.of(Verdict.FAIL)));
        faults.put("403", Map.entry(Fault.status(403), EnumSet.of(Verdict.FAIL)));
        faults.put("a record that is not there", Map.entry(Fault.refusal("not_found"), NO));
        faults.put("a record that is there already", Map.entry(Fault.refusal("exists"), NO));
        faults.put("its own failure", Map.entry(Fault.refusal("failing"), LATER));
        faults.put("503", Map.entry(Fault.status(503), LATER));
        faults.put("a page for people", Map.entry(Fault.html(502), LATER));
        faults.put("a closed connection", Map.entry(Fault.drop(), LATER));
        return faults;
    }

    Finding errors() {
        for (var fault : faults().entrySet()) {
            begin(fault.getValue().getKey());
            Outcome outcome = trial.send().outcome();
            String wrong = wrong(fault.getValue().getValue(), outcome);
            if (!wrong.isEmpty()) {
                return Finding.failed(fault.getKey() + wrong);
            }
        }
        begin(Fault.delay(NEVER));
        Outcome late = trial.send(TIMEOUT).outcome();
        trial.bench().arrived(trial.vendor());
        return late.verdict() == Verdict.RETRY
                ? Finding.OK
                : Finding.failed("no answer in time was judged " + CallChecks.word(late.verdict()));
    }

    private void begin(Fault fault) {
        trial.fresh();
        trial.bench().simulator().fault(trial.vendor(), fault);
    }

    private String wrong(Set<Verdict> allowed, Outcome outcome) {
        if (!allowed.contains(outcome.verdict())) {
            return " was judged " + CallChecks.word(outcome.verdict()) + " (" + outcome.reason()
                    + "); add a rule to \"errors\"";
        }
        String bare = trial.connector().name() + " answered " + outcome.status();
        if (outcome.verdict() == Verdict.FAIL
                && (outcome.reason().equals(bare) || outcome.reason().startsWith(bare + ";"))) {
            return " lost the vendor's words; name their field by \"reason\" in a rule of \"errors\"";
        }
        return outcome.reason().contains("<") ? " put markup into its reason: " + outcome.reason() : "";
    }

    /** One call is allowed in ten seconds; a second one must wait, and the wait must be long enough. */
    Finding limits() {
        trial.fresh();
        trial.bench().simulator().limits(trial.vendor(), 1, WINDOW);
        Outcome first = trial.send().outcome();
        if (!first.succeeded()) {
            return Finding.failed("the first call did not get through: " + first.reason());
        }
        Outcome second = trial.send().outcome();
        if (second.verdict() != Verdict.RATE_LIMITED) {
            return Finding.failed("too many calls were judged " + CallChecks.word(second.verdict())
                    + ", not rate_limited; add a rule to \"errors\"");
        }
        trial.pass(second.retryAfter());
        Outcome third = trial.send().outcome();
        if (third.verdict() == Verdict.RATE_LIMITED) {
            return Finding.failed("after the wait of " + second.retryAfter().toSeconds() + " s it was refused again");
        }
        return Finding.OK;
    }
}
