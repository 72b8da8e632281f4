package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** What people did, the newest first. */
public final class Audit {
    private final DataSource database;

    public Audit(DataSource database) {
        this.database = database;
    }

    /** @param run 0 when it was not about a run */
    public record Entry(Instant at, String who, String what, long run, String why) {}

    /** How much each person did since. */
    public Map<String, Long> deeds(Instant since) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT who, count(*) FROM audit WHERE at >= ? GROUP BY who ORDER BY count(*) DESC, who")) {
            new Sql.Columns(select).add(since);
            var deeds = new LinkedHashMap<String, Long>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    deeds.put(row.getString(1), row.getLong(2));
                }
            }
            return deeds;
        }
    }

    /** Notes what somebody did that is not about a run. */
    public void note(ByHand by, String what) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO audit (who, what, why) VALUES (?, ?, ?)")) {
            new Sql.Columns(insert).add(by.who()).add(what).add(Sql.clean(by.why()));
            insert.executeUpdate();
        }
    }

    /** @param before only what was done earlier */
    public List<Entry> list(Instant before, int most) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT at, who, what, coalesce(run_id, 0), why"
                        + " FROM audit WHERE at < ? ORDER BY at DESC LIMIT ?")) {
            new Sql.Columns(select).add(before).add(most);
            var entries = new ArrayList<Entry>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    entries.add(new Entry(
                            Sql.instant(row.getTimestamp(1)),
                            row.getString(2),
                            row.getString(3),
                            row.getLong(4),
                            row.getString(5)));
                }
            }
            return entries;
        }
    }
}
