package dev.serai.store;

import dev.serai.store.Runs.End;
import dev.serai.store.Runs.State;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A record that fails the same way again and again rests: what comes next for it would fail as well, and cost calls. The last of
 * its dead runs holds its lane for a while; then the next event is tried, and when that fails the same way the record rests again.
 * Like a breaker, for one record of one flow: all others go on.
 */
public final class Rests {
    /** No record ever does. */
    public static final Rests NEVER = new Rests(0, Duration.ZERO);

    /** What a dead run waits for that holds its lane until it is due; it is not tried again itself. */
    static final String WORD = "rest";

    private static final Logger LOG = LoggerFactory.getLogger(Rests.class);

    /** Events of a record that are looked at, for those of one type among them. */
    private static final int LOOKED_AT = 100;

    /**
     * Of runs that are about to be dead, those that called somebody, and whose record's events before, of the same type, are all
     * dead alike. A run that called nobody costs nothing: what comes next is tried.
     */
    private static final String AGAIN = """
            SELECT g.id FROM unnest(?::bigint[], ?::int[], ?::text[], ?::text[]) AS g(id, claim, step, reason)
              JOIN open_run r ON r.id = g.id AND r.claims = g.claim AND r.claimed_by = ?
              JOIN event own ON own.id = r.event_id
             WHERE EXISTS (SELECT FROM attempt a WHERE a.run_id = r.id)
               AND ? = (SELECT count(DISTINCT before.id)
                          FROM (SELECT lately.id
                                  FROM (SELECT e.id, e.type FROM event e WHERE e.record = own.record AND e.id < own.id
                                         ORDER BY e.id DESC LIMIT LOOKED_AT) lately
                                 WHERE lately.type = own.type ORDER BY lately.id DESC LIMIT ?) before
                          JOIN open_run d ON d.event_id = before.id AND d.flow = r.flow AND d.state = 'dead'
                         WHERE d.step IS NOT DISTINCT FROM g.step AND ALIKE_D = ALIKE_G)""".replace("LOOKED_AT", Integer.toString(LOOKED_AT))
            .replace("ALIKE_D", FailedAlike.sql("d.reason"))
            .replace("ALIKE_G", FailedAlike.sql("g.reason"));

    /** Of a run {@code r} that waits: the one before it in its lane. */
    static final String BEHIND = """
            CASE WHEN r.state = 'waiting' THEN (
              SELECT o.id FROM open_run w JOIN open_run o ON o.lane = w.lane AND o.holds AND o.id < w.id
               WHERE w.id = r.id ORDER BY o.id LIMIT 1) END""";

    private static final String END = """
            UPDATE open_run r SET holds = false, waits_for = NULL
             WHERE r.id IN (SELECT id FROM open_run WHERE waits_for = 'rest' AND state = 'dead' AND due_at <= ?
                             FOR UPDATE SKIP LOCKED)
            RETURNING r.lane""";

    private final int after;
    private final Duration time;

    /** @param after so many of its events in a row that failed alike; 0 for never @param time of each rest */
    public Rests(int after, Duration time) {
        this.after = after;
        this.time = time;
    }

    /**
     * Which of these runs hold their lanes, and until when. Lanes have one claim at a time: nobody else adds to one meanwhile.
     *
     * @param ends not written yet, the attempts of their runs are
     */
    Map<Long, Instant> begin(Connection connection, List<End> ends, String hub, Instant now) throws SQLException {
        List<End> dead = ends.stream().filter(end -> end.state() == State.DEAD).toList();
        var resting = new HashMap<Long, Instant>();
        if (after == 0 || dead.isEmpty()) {
            return resting;
        }
        try (PreparedStatement select = connection.prepareStatement(AGAIN)) {
            new Sql.Columns(select)
                    .add("int8", dead, end -> end.run().id())
                    .add("int4", dead, end -> end.run().claim())
                    .add("text", dead, end -> end.failure().step())
                    .add("text", dead, End::reason)
                    .add(hub)
                    .add(after - 1)
                    .add(after - 1);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    resting.put(row.getLong(1), now.plus(time));
                }
            }
        }
        return resting;
    }

    /** Ends the rests that are over, whichever hub began them. @return their lanes */
    static Set<String> end(Connection connection, Instant now) throws SQLException {
        var lanes = new HashSet<String>();
        try (PreparedStatement end = connection.prepareStatement(END)) {
            new Sql.Columns(end).add(now);
            try (ResultSet row = end.executeQuery()) {
                while (row.next()) {
                    lanes.add(row.getString(1));
                }
            }
        }
        return lanes;
    }

    /** After the commit: who looks at the log learns why nothing is tried. */
    void tell(List<End> ends, Outcomes.Taken taken) {
        for (End end : ends) {
            Instant until = taken.resting().get(end.run().id());
            if (until != null && taken.ours().contains(end.run().id())) {
                LOG.atWarn()
                        .addKeyValue("run", end.run().name())
                        .addKeyValue("flow", end.run().flow())
                        .addKeyValue("step", end.failure().step())
                        .addKeyValue("in_a_row", after)
                        .addKeyValue("until", until)
                        .log("record.rests");
            }
        }
    }
}
