package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import javax.sql.DataSource;

/** How many runs all hubs may hold, and do. Each hub says once a minute how many it may: a tally of kind {@code room}. */
public final class HubRooms {
    private static final String HERE = """
            INSERT INTO tally AS t (span, kind, at, name, part, outcome, count) VALUES ('minute', 'room', ?, ?, '', '', ?)
            ON CONFLICT (span, kind, at, name, part, outcome) DO UPDATE SET count = EXCLUDED.count""";

    private static final String PERCENT = """
            SELECT coalesce(100.0 * (SELECT count(*) FROM open_run WHERE state = 'claimed') / nullif(sum(room), 0), 0)
              FROM (SELECT DISTINCT ON (name) count AS room FROM tally
                     WHERE span = 'minute' AND kind = 'room' AND at >= ? ORDER BY name, at DESC) hub""";

    private final DataSource database;
    private Instant said = Instant.MIN;

    public HubRooms(DataSource database) {
        this.database = database;
    }

    /** May be called as often as one likes. @param runs that the hub may hold */
    public synchronized void here(String hub, int runs, Instant now) throws SQLException {
        Instant minute = now.truncatedTo(ChronoUnit.MINUTES);
        if (minute.equals(said)) {
            return;
        }
        try (Connection connection = database.getConnection();
                PreparedStatement here = connection.prepareStatement(HERE)) {
            new Sql.Columns(here).add(minute).add(hub).add(runs);
            here.executeUpdate();
        }
        said = minute;
    }

    /** Percent of the runs that all hubs may hold that they do. @param since hubs that were heard of before count no more */
    public double percent(Instant since) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(PERCENT)) {
            // what is said at the beginning of a minute stands until its end
            new Sql.Columns(select).add(since.minus(Duration.ofMinutes(1)));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getDouble(1);
            }
        }
    }
}
