package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls forward the runs that stepped back because too many waited in their lane. Asked after the commit by both, by who
 * ended a run and by who made others step back: whichever of the two commits last sees what the other one did, so that
 * nobody is left waiting.
 */
final class Lanes {
    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

    /** The first of a lane, when it has stepped back though nothing is before it any more. */
    private static final String WAKE = """
            UPDATE open_run r SET due_at = ?, waits_for = NULL
              FROM unnest(?::text[]) AS l(lane)
             CROSS JOIN LATERAL (SELECT id, waits_for FROM open_run WHERE lane = l.lane AND holds ORDER BY id LIMIT 1) head
             WHERE r.id = head.id AND head.waits_for = 'lane'""";

    private final DataSource database;
    private final InstantSource clock;

    Lanes(DataSource database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    void wake(Set<String> lanes) {
        try (Connection connection = database.getConnection();
                PreparedStatement wake = connection.prepareStatement(WAKE)) {
            new Sql.Columns(wake).add(clock.instant()).add("text", lanes, lane -> lane);
            wake.executeUpdate();
        } catch (SQLException e) {
            LOG.warn("lanes.not_woken: {}; their runs come forward by themselves in a while", e.getMessage());
        }
    }
}
