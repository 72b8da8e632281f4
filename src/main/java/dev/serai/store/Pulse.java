package dev.serai.store;

import dev.serai.alert.Measures.Span;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** What all hubs did, by the minute and by the hour: little to write, little to read, whatever the history holds. */
public final class Pulse {
    private static final Duration MINUTES = Duration.ofHours(26);
    private static final Duration HOURS = Duration.ofDays(35);

    private static final String ADD = """
            INSERT INTO pulse AS p (span, what, at, name, count)
            SELECT span, u.what, date_trunc(span, ?::timestamptz, 'UTC'), u.name, u.count
              FROM unnest(?::text[], ?::text[], ?::bigint[]) AS u(what, name, count), unnest(ARRAY['minute', 'hour']) AS span
             ORDER BY 1, 2, 3, 4
            ON CONFLICT (span, what, at, name) DO UPDATE SET count = p.count + EXCLUDED.count""";
    private static final String SUM = """
            SELECT name, sum(count) FROM pulse WHERE span = ? AND what = ? AND at >= ? AND at < ? GROUP BY name ORDER BY name""";
    private static final String EVENTS = """
            SELECT source, count(*), max(id) FROM event WHERE id > ? AND source <> 'serai' GROUP BY source""";

    private final DataSource database;

    public Pulse(DataSource database) {
        this.database = database;
    }

    /** @param what as {@link dev.serai.alert.Measures} names it @param name of a flow or a connection */
    public record Count(String what, String name, long count) {}

    /** Adds what this hub did. */
    public void add(Instant now, List<Count> counts) throws SQLException {
        if (counts.isEmpty()) {
            return;
        }
        try (Connection connection = database.getConnection()) {
            add(connection, now, counts);
        }
    }

    static void add(Connection connection, Instant now, List<Count> counts) throws SQLException {
        try (PreparedStatement add = connection.prepareStatement(ADD)) {
            new Sql.Columns(add)
                    .add(now)
                    .add("text", counts, Count::what)
                    .add("text", counts, Count::name)
                    .add("bigint", counts, Count::count);
            add.executeUpdate();
        }
    }

    /** What was counted by minutes, by name. */
    public Map<String, Long> sum(Span span) throws SQLException {
        return sum("minute", span);
    }

    /** What was counted by hours, by name. */
    public Map<String, Long> hours(Span span) throws SQLException {
        return sum("hour", span);
    }

    private Map<String, Long> sum(String by, Span span) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(SUM)) {
            new Sql.Columns(select).add(by).add(span.what()).add(span.from()).add(span.to());
            var sums = new HashMap<String, Long>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    sums.put(row.getString(1), row.getLong(2));
                }
            }
            return sums;
        }
    }

    /**
     * Counts the events that came since the last time, by their source. One that commits late, with a lower number, is
     * left out: rates need no better.
     *
     * @return false when another hub watches by now
     */
    public boolean countEvents(String hub, Instant now) throws SQLException {
        return Sql.transaction(database, connection -> {
            long position;
            try (PreparedStatement lock =
                    connection.prepareStatement("SELECT position FROM alert_watch WHERE claimed_by = ? FOR UPDATE")) {
                lock.setString(1, hub);
                try (ResultSet row = lock.executeQuery()) {
                    if (!row.next()) {
                        return false;
                    }
                    position = row.getLong(1);
                }
            }
            var counts = new ArrayList<Count>();
            long newest = position;
            try (PreparedStatement count = connection.prepareStatement(EVENTS)) {
                count.setLong(1, position);
                try (ResultSet row = count.executeQuery()) {
                    while (row.next()) {
                        counts.add(new Count(dev.serai.alert.Measures.EVENTS, row.getString(1), row.getLong(2)));
                        newest = Math.max(newest, row.getLong(3));
                    }
                }
            }
            if (!counts.isEmpty()) {
                add(connection, now, counts);
                try (PreparedStatement move = connection.prepareStatement("UPDATE alert_watch SET position = ?")) {
                    move.setLong(1, newest);
                    move.executeUpdate();
                }
            }
            return true;
        });
    }

    /** Forgets what is older than it is kept. */
    public void tidy(Instant now) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement old = connection.prepareStatement(
                        "DELETE FROM pulse WHERE span = 'minute' AND at < ?" + " OR span = 'hour' AND at < ?")) {
            new Sql.Columns(old).add(now.minus(MINUTES)).add(now.minus(HOURS));
            old.executeUpdate();
        }
    }
}
