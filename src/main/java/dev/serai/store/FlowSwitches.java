package dev.serai.store;

import dev.serai.run.Canary.Ended;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/** What people have switched: flows that are off or paused, and what share canaries get. Each change is in the audit. */
public final class FlowSwitches {
    /** Done runs that a canary is judged by, at most. */
    private static final int LOOKED_AT = 20_000;

    private static final String SET = """
            WITH switched AS (
              INSERT INTO flow_switch AS s (flow, state, since, share_since, who, why)
              SELECT g.flow, g.state, g.at, g.at, g.who, g.why
                FROM (SELECT ?::text AS flow, ?::text AS state, ?::timestamptz AS at, ?::text AS who, ?::text AS why) g
               WHERE g.state <> 'on' OR EXISTS (SELECT FROM flow_switch k WHERE k.flow = g.flow)
              ON CONFLICT (flow) DO UPDATE
                 SET state = EXCLUDED.state, since = EXCLUDED.since, who = EXCLUDED.who, why = EXCLUDED.why
               WHERE s.state <> EXCLUDED.state
              RETURNING flow, who, why)
            INSERT INTO audit (who, what, why) SELECT who, ? || ' flow ' || flow, why FROM switched""";

    private static final String SHARE = """
            WITH switched AS (
              INSERT INTO flow_switch AS s (flow, since, share, share_since, who, why)
              SELECT g.flow, g.at, g.share, g.at, g.who, g.why
                FROM (SELECT ?::text AS flow, ?::timestamptz AS at, ?::int AS share, ?::text AS who, ?::text AS why) g
               WHERE g.share > 0 OR EXISTS (SELECT FROM flow_switch k WHERE k.flow = g.flow)
              ON CONFLICT (flow) DO UPDATE
                 SET share = EXCLUDED.share, share_since = EXCLUDED.share_since, who = EXCLUDED.who, why = EXCLUDED.why
               WHERE s.share <> EXCLUDED.share
              RETURNING flow, share, who, why)
            INSERT INTO audit (who, what, why)
            SELECT who, 'canary flow ' || flow || ' ' || share || ' %', why FROM switched""";

    private static final String ROLL_BACK = """
            WITH switched AS (
              UPDATE flow_switch SET share = 0, share_since = ?, who = 'serai', why = ?
               WHERE flow = ? AND share > 0 AND share_since = ?
              RETURNING flow, who, why)
            INSERT INTO audit (who, what, why) SELECT who, 'canary flow ' || flow || ' 0 %', why FROM switched""";

    /** What was skipped or given up has a reason, and says nothing of the flow. */
    private static final String ENDED = """
            SELECT (SELECT count(*) FROM (SELECT flow, created_at, reason FROM done_run ORDER BY id DESC LIMIT ?) newest
                     WHERE flow = ? AND created_at >= ? AND reason IS NULL),
                   (SELECT count(*) FROM open_run
                     WHERE state IN ('dead', 'in_doubt') AND flow = ? AND created_at >= ?)""";

    private final DataSource database;

    public FlowSwitches(DataSource database) {
        this.database = database;
    }

    /** ON: it takes its events. PAUSED: its runs wait. OFF: its events make no runs. */
    public enum State {
        ON("switch on"),
        PAUSED("pause"),
        OFF("switch off");

        private final String verb;

        State(String verb) {
            this.verb = verb;
        }

        public String word() {
            return Sql.lower(this);
        }
    }

    /**
     * How a flow was switched.
     *
     * @param since of the state
     * @param share percent of the records of the flow it replaces
     */
    public record Switch(
            String flow, State state, Instant since, int share, Instant shareSince, String who, String why) {}

    /** Those that were ever switched, by flow. */
    public Map<String, Switch> all() throws SQLException {
        var all = new TreeMap<String, Switch>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT * FROM flow_switch");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                var one = new Switch(
                        row.getString("flow"),
                        Sql.constant(State.class, row.getString("state")),
                        Sql.instant(row.getTimestamp("since")),
                        row.getInt("share"),
                        Sql.instant(row.getTimestamp("share_since")),
                        row.getString("who"),
                        row.getString("why"));
                all.put(one.flow, one);
            }
        }
        return all;
    }

    /** @return false when it was so already */
    public boolean set(String flow, State state, Instant now, ByHand by) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement set = connection.prepareStatement(SET)) {
            new Sql.Columns(set)
                    .add(flow)
                    .add(state.word())
                    .add(now)
                    .add(by.who())
                    .add(by.why())
                    .add(state.verb);
            return set.executeUpdate() > 0;
        }
    }

    /** @param percent from 0 to 100 @return false when it was so already */
    public boolean share(String flow, int percent, Instant now, ByHand by) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement share = connection.prepareStatement(SHARE)) {
            new Sql.Columns(share).add(flow).add(now).add(percent).add(by.who()).add(by.why());
            return share.executeUpdate() > 0;
        }
    }

    /**
     * Takes its share from a canary, and tells of it in the same transaction.
     *
     * @param seen as it was judged
     * @return false when a person or another hub has changed it meanwhile
     */
    public boolean rollBack(Switch seen, Instant now, String why, NewEvent alert) throws SQLException {
        return Sql.transaction(database, connection -> {
            try (PreparedStatement back = connection.prepareStatement(ROLL_BACK)) {
                new Sql.Columns(back).add(now).add(why).add(seen.flow).add(seen.shareSince);
                boolean ours = back.executeUpdate() > 0;
                if (ours) {
                    Inbox.append(connection, now, List.of(List.of(alert)));
                }
                return ours;
            }
        });
    }

    /** Of the newest runs of the hub, those of a flow that began since then and have ended. */
    public Ended ended(String flow, Instant since) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(ENDED)) {
            new Sql.Columns(select)
                    .add(LOOKED_AT)
                    .add(flow)
                    .add(since)
                    .add(flow)
                    .add(since);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new Ended(row.getLong(1), row.getLong(2));
            }
        }
    }
}
