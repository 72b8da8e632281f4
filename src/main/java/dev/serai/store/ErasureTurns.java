package dev.serai.store;

import dev.serai.store.Erasures.Erasure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with the erasures that were begun and not ended, by whichever hub. One that fails holds up no other: it is tried again
 * after a minute, then after two, four and so on, an hour at most.
 */
public final class ErasureTurns {
    private static final Logger LOG = LoggerFactory.getLogger(ErasureTurns.class);
    private static final Duration FIRST_WAIT = Duration.ofMinutes(1);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    /** Until a run that is being worked on is looked at again. */
    private static final Duration HELD_WAIT = Duration.ofSeconds(2);

    private final DataSource database;
    private final Erasures erasures;
    private final Identifiers identifiers;
    private final InstantSource clock;
    private final Map<Long, Turn> turns = new HashMap<>();

    /** @param newest what had arrived when it was first seen: the index must have it @param pause after the next failure */
    private record Turn(long newest, Instant due, Duration pause) {}

    public ErasureTurns(DataSource database, Erasures erasures, Identifiers identifiers, InstantSource clock) {
        this.database = database;
        this.erasures = erasures;
        this.identifiers = identifiers;
        this.clock = clock;
    }

    /** Those whose turn it is and for which the index has come far enough; does not wait. */
    public synchronized void goOn() throws SQLException {
        List<Long> open = open();
        turns.keySet().retainAll(open);
        if (open.isEmpty()) {
            return;
        }
        Identifiers.Lag lag = identifiers.lag();
        for (long id : open) {
            Turn turn = turns.computeIfAbsent(id, first -> new Turn(lag.newest(), clock.instant(), FIRST_WAIT));
            if (lag.position() >= turn.newest && !clock.instant().isBefore(turn.due)) {
                turns.put(id, goOn(id, turn));
            }
        }
    }

    private Turn goOn(long id, Turn turn) {
        try {
            Erasure erasure = erasures.goOn(id);
            if (erasure.certificate().isPresent()) {
                LOG.info("erasure.done erasure={}", erasure.name());
            }
            return new Turn(turn.newest, clock.instant().plus(HELD_WAIT), FIRST_WAIT);
        } catch (SQLException e) {
            return later(id, turn, "sqlstate=" + e.getSQLState());
        } catch (RuntimeException e) {
            return later(id, turn, "failure=" + e.getClass().getSimpleName());
        }
    }

    /** What the database says of it may quote a row, and with it the person: its message is not told. */
    private Turn later(long id, Turn turn, String why) {
        LOG.warn("erasure.failed erasure=f_{} {} again_in={}", id, why, turn.pause);
        Duration next = turn.pause.multipliedBy(2);
        return new Turn(
                turn.newest, clock.instant().plus(turn.pause), next.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : next);
    }

    private List<Long> open() throws SQLException {
        var open = new ArrayList<Long>();
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT id FROM erasure WHERE finished_at IS NULL ORDER BY id");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                open.add(row.getLong(1));
            }
        }
        return open;
    }
}
