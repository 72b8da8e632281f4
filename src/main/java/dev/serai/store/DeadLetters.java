package dev.serai.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * All dead letters and runs in doubt, those that failed alike as one. Telling them apart takes long when there are many: what
 * pages show of them is kept for a moment then, so that many open pages cost as much as one.
 */
public final class DeadLetters {
    /** So many are told apart within milliseconds. */
    static final long FEW = 1_000;

    static final Duration MOMENT = Duration.ofSeconds(10);
    /** Of more, the newest. */
    static final int MOST_LOOKED_AT = 50_000;

    /** Told unless more or fewer are asked for. */
    public static final int PATTERNS = 100;

    private final Resume resume;
    private Seen kept = new Seen(Instant.MIN, 0, List.of());

    public DeadLetters(Resume resume) {
        this.resume = resume;
    }

    /** @param runs how many there are @param patterns the most frequent first */
    public record Seen(Instant at, long runs, List<Resume.Pattern> patterns) {}

    /** As it is, or, when there are many, as it was up to ten seconds ago. */
    public synchronized Seen lately(Instant now) throws SQLException {
        boolean fresh = kept.at.isAfter(now.minus(MOMENT)) && !kept.at.isAfter(now.plus(MOMENT));
        if (kept.runs <= FEW || !fresh) {
            kept = read(RunFilter.ALL, now, PATTERNS, Duration.ZERO);
        }
        return kept;
    }

    /** Only some, as they are. @param most patterns @throws SQLException also when that takes too long: {@link Patience} */
    public Seen read(RunFilter which, Instant now, int most) throws SQLException {
        return read(which, now, most, Patience.WITH_PEOPLE);
    }

    private Seen read(RunFilter which, Instant now, int most, Duration patience) throws SQLException {
        return new Seen(
                now, resume.count(which, patience), resume.newestPatterns(which, MOST_LOOKED_AT, most, patience));
    }
}
