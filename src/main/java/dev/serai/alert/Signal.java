package dev.serai.alert;

import java.util.Locale;
import java.util.stream.Stream;

/** What a rule can watch. Those without a unit are states that are told the moment they begin. */
public enum Signal {
    REPEATED_PATTERN(Unit.COUNT, About.FLOW, false, "validation", "dead letters of a flow that failed alike"),
    DEAD_LETTERS(Unit.COUNT, About.FLOW, false, "dead-letters", "dead letters of a flow, of whatever pattern"),
    DEAD_LETTER_GROWTH(
            Unit.COUNT,
            About.FLOW,
            true,
            "dead-letters",
            "dead letters of a flow that came within the window, but for those of patterns that are told already"),
    IN_DOUBT(
            Unit.COUNT, About.FLOW, false, "in-doubt", "runs of a flow of which nobody knows whether a write was done"),
    SUCCESS_RATIO(
            Unit.PERCENT,
            About.FLOW,
            true,
            "dead-letters",
            "percent of a flow's runs within the window that ended well, at least 20 of them; dead letters of patterns that"
                    + " are told already do not count"),
    RATE_DROP(
            Unit.PERCENT,
            About.CONNECTION,
            true,
            "rate-change",
            "percent of events fewer than in the window before, which had at least 100, and in the same window a day before; it"
                    + " is over when events come as they did the day before, and not when there is nothing left to compare with"),
    RATE_RISE(
            Unit.PERCENT,
            About.CONNECTION,
            true,
            "rate-change",
            "percent of events more than in the window before and in the same window a day before, at least 100"),
    REQUESTS_REFUSED(
            Unit.PERCENT,
            About.CONNECTION,
            true,
            "requests-refused",
            "percent of a source's requests within the window that were refused for good, such as for a wrong signature, at"
                    + " least 5; once told, it is over when one is accepted, or when none was refused for a day"),
    RECORDS_UNREADABLE(
            Unit.COUNT,
            About.CONNECTION,
            true,
            "records-unreadable",
            "records of a connection's streams that a poll within the window could not read; they are kept as events of type"
                    + " record.unreadable, and the others came in"),
    CONNECTION_FAILING(
            Unit.DURATION,
            About.CONNECTION,
            false,
            "connection-failing",
            "how long a connection has failed: since the first of its proofs that failed in a row, while no call got through"),
    LAG(Unit.DURATION, About.FLOW, false, "lag", "how long the first run that could begin has been waiting"),
    QUEUE_DEPTH(Unit.COUNT, About.FLOW, false, "queue-depth", "runs of a flow that wait"),
    CAPACITY(
            Unit.PERCENT,
            About.HUB,
            false,
            "queue-depth",
            "percent of the runs that all hubs may hold at once that they do hold"),
    INTAKE_LATENCY(
            Unit.PERCENT,
            About.HUB,
            true,
            "intake-latency",
            "percent of requests at the doors that took more than 200 ms, of at least 100; above 1 the 99th percentile does"),
    DISK(Unit.PERCENT, About.HUB, false, "disk", "percent of serai.history.disk-gb that history takes"),
    BREAKER_OPEN(Unit.NONE, About.CONNECTION, false, "breaker-open", "a breaker has opened"),
    CONNECTION_PARKED(Unit.NONE, About.CONNECTION, false, "connection-parked", "a credential was refused"),
    QUOTA_USED(
            Unit.NONE,
            About.CONNECTION,
            false,
            "quota-used",
            "a budget has crossed serai.quota.warn-at or serai.quota.alarm-at; critical from 90 % on"),
    CREDENTIAL_EXPIRING(
            Unit.NONE,
            About.CONNECTION,
            false,
            "credential-expiring",
            "a credential ends within 30 days; critical on the last"),
    DRIFT_FOUND(Unit.NONE, About.CONNECTION, false, "drift-found", "what a source sends has changed"),
    STREAM_GAP(
            Unit.NONE,
            About.CONNECTION,
            false,
            "stream-gap",
            "a system has forgotten the place of a stream, and what changed before the new one was not listed"),
    CANARY_ROLLED_BACK(Unit.NONE, About.FLOW, false, "canary-rolled-back", "a new version of a flow was taken back");

    /** What its threshold is told in. */
    public enum Unit {
        COUNT,
        PERCENT,
        DURATION,
        NONE
    }

    /** What it is told of. */
    public enum About {
        FLOW,
        CONNECTION,
        HUB
    }

    private final Unit unit;
    private final About about;
    private final boolean windowed;
    private final String runbook;
    private final String meaning;

    Signal(Unit unit, About about, boolean windowed, String runbook, String meaning) {
        this.unit = unit;
        this.about = about;
        this.windowed = windowed;
        this.runbook = runbook;
        this.meaning = meaning;
    }

    /** The signals of what comes in: they tell of a source, connected or not. */
    public static boolean isOfSources(String word) {
        return word.equals(RATE_DROP.word())
                || word.equals(REQUESTS_REFUSED.word())
                || word.equals(RECORDS_UNREADABLE.word())
                || word.equals(STREAM_GAP.word());
    }

    /** As files write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Signal of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** The kinds of events that are told of states: {@code breaker.opened} is BREAKER_OPEN. @return null for others */
    static Signal ofKind(String kind) {
        return switch (kind) {
            case "breaker.opened", "breaker.closed" -> BREAKER_OPEN;
            case "connection.parked", "connection.resumed" -> CONNECTION_PARKED;
            case "quota.used", "quota.over" -> QUOTA_USED;
            case "credential.expiring", "credential.renewed" -> CREDENTIAL_EXPIRING;
            case "drift.found", "drift.over" -> DRIFT_FOUND;
            case "stream.gap", "stream.over" -> STREAM_GAP;
            case "canary.rolled_back", "canary.over" -> CANARY_ROLLED_BACK;
            default ->
                Stream.of(values())
                        .filter(signal -> signal.word().equals(kind))
                        .findFirst()
                        .orElse(null);
        };
    }

    public Unit unit() {
        return unit;
    }

    public About about() {
        return about;
    }

    public boolean windowed() {
        return windowed;
    }

    /** Whether little is bad. */
    public boolean below() {
        return this == SUCCESS_RATIO;
    }

    /** The page of {@code docs/runbooks} that helps, unless the class of an error has its own. */
    public String runbook() {
        return runbook;
    }

    public String meaning() {
        return meaning;
    }
}
