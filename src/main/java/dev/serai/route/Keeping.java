package dev.serai.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.record.Identified;
import dev.serai.store.Journal;
import dev.serai.store.Runs.Account;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which runs take along what they sent and were answered: those that do not get through always, those that are done as the
 * setting says. Whom it tells of is noted in the same commit, so that a person is found in it, and forgotten in it.
 */
public final class Keeping {
    private static final Logger LOG = LoggerFactory.getLogger(Keeping.class);
    private static final Duration SAMPLE_EVERY = Duration.ofMinutes(1);

    /** Of which runs that are done. */
    public enum Done {
        NONE,
        /** Those that did not get through at once, and one of each flow in a minute. */
        SAMPLED,
        ALL
    }

    private final Done which;
    private final Journal journal;
    private final InstantSource clock;
    /** By flow, when the last sample was taken. */
    private final Map<String, Instant> sampled = new ConcurrentHashMap<>();

    public Keeping(Done which, Journal journal, InstantSource clock) {
        this.which = which;
        this.journal = journal;
        this.clock = clock;
    }

    /** Of a run that is dead, in doubt or tried again later. */
    Account failed(RunScope scope) {
        return account(scope, true);
    }

    /** Of a run that waits for its way to be open; without evidence when all that it did is done again then. */
    Account parked(RunScope scope) {
        return account(scope, scope.evidence().wrote());
    }

    /** Of a run that is done; without evidence when that is not to be kept. */
    Account done(RunScope scope) {
        boolean kept =
                switch (which) {
                    case NONE -> false;
                    case SAMPLED -> scope.run().resumed() || scope.evidence().failed() || isSample(scope);
                    case ALL -> true;
                };
        boolean nothing = scope.evidence().isEmpty() && !scope.run().resumed();
        return account(scope, kept && !nothing);
    }

    private boolean isSample(RunScope scope) {
        if (scope.evidence().isEmpty()) {
            return false;
        }
        Instant now = clock.instant();
        Instant last = sampled.get(scope.run().flow());
        boolean due = last == null || !last.plus(SAMPLE_EVERY).isAfter(now);
        if (due) {
            // two at once are two samples: that does no harm
            sampled.put(scope.run().flow(), now);
        }
        return due;
    }

    /** Whom it tells of goes with it. Where that can't be said, it is not kept: an erasure would not find it. */
    private Account account(RunScope scope, boolean keeps) {
        byte[] evidence = keeps ? told(scope) : null;
        Map<String, Boolean> people = scope.untold();
        if (people.isEmpty()) {
            return new Account(evidence, List.of());
        }
        try {
            return journal.account(scope.run(), evidence, people);
        } catch (SQLException e) {
            LOG.warn(
                    "run.evidence_not_kept run={} sqlstate={}: whom it tells of can't be noted",
                    scope.run().name(),
                    e.getSQLState());
            return Account.NONE;
        }
    }

    /** The run has to end all the same when it can't be told. */
    private static byte[] told(RunScope scope) {
        try {
            ObjectNode json = scope.evidence().json(scope.mapped());
            scope.fresh(Identified.in(json));
            return json.toString().getBytes(StandardCharsets.UTF_8);
        } catch (RuntimeException e) {
            LOG.error(
                    "run.evidence_not_kept run={}: a fault of Serai",
                    scope.run().name(),
                    e);
            return null;
        }
    }
}
