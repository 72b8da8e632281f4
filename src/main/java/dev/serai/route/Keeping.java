package dev.serai.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.store.Journal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which runs take along what they sent and were answered: those that do not get through always, those that are done as the
 * setting says. Whom it tells of is noted, so that a person is found in it, and forgotten in it.
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

    /** Of a run that is dead, in doubt or tried again later; null only when it can't be told. */
    byte[] failed(RunScope scope) {
        return told(scope);
    }

    /** Of a run that waits for its way to be open; null when all that it did is done again then. */
    byte[] parked(RunScope scope) {
        return scope.evidence().wrote() ? told(scope) : null;
    }

    /** Of a run that is done; null when it is not to be kept. */
    byte[] done(RunScope scope) {
        boolean kept =
                switch (which) {
                    case NONE -> false;
                    case SAMPLED -> scope.run().resumed() || scope.evidence().failed() || isSample(scope);
                    case ALL -> true;
                };
        boolean nothing = scope.evidence().isEmpty() && !scope.run().resumed();
        return kept && !nothing ? told(scope) : null;
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

    /** The run has to end all the same when it can't be told. */
    private byte[] told(RunScope scope) {
        try {
            ObjectNode json = scope.evidence().json(scope.mapped());
            Carrying.note(journal, scope, json);
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
