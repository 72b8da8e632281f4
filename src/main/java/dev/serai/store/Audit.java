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
import java.util.Optional;
import javax.sql.DataSource;

/** What people did, the newest first. */
public final class Audit {
    private final DataSource database;

    public Audit(DataSource database) {
        this.database = database;
    }

    /** @param number in the order they were written @param run 0 when it was not about a run */
    public record Entry(Instant at, long number, String who, String what, long run, String why) {}

    /** Where a page ends: of one order many entries have the same time. */
    public record Place(Instant at, long number) {}

    /**
     * Which entries are meant; empty parts say nothing.
     *
     * @param action how what was done begins: {@code resume}, {@code create token}
     * @param about a run, a connection, or any name in what was done: {@code r_7}, {@code mailchimp}, {@code f_2}
     */
    public record Which(
            Optional<String> who,
            Optional<String> action,
            Optional<String> about,
            Optional<Instant> since,
            Optional<Instant> until) {
        public static final Which ALL =
                new Which(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        private List<Condition> conditions() {
            var all = new ArrayList<Condition>();
            who.ifPresent(name -> all.add(new Condition("who = ?", columns -> columns.add(name))));
            action.ifPresent(words ->
                    all.add(new Condition("starts_with(lower(what), lower(?))", columns -> columns.add(words))));
            about.ifPresent(name -> all.add(about(name)));
            since.ifPresent(time -> all.add(new Condition("at >= ?", columns -> columns.add(time))));
            until.ifPresent(time -> all.add(new Condition("at < ?", columns -> columns.add(time))));
            return all;
        }

        private static Condition about(String name) {
            return name.matches("r_\\d{1,18}")
                    ? new Condition("(run_id = ? OR what ~ ?)", columns -> columns.add(Names.parseRun(name))
                            .add("\\m" + name + "\\M"))
                    : new Condition(
                            "(connection = ? OR strpos(lower(what), lower(?)) > 0)",
                            columns -> columns.add(name).add(name));
        }
    }

    /** A part of a WHERE, and what it asks for. */
    private record Condition(String sql, Binding binding) {}

    private interface Binding {
        Sql.Columns bind(Sql.Columns columns) throws SQLException;
    }

    /** How much each person did since, but for coming in. */
    public Map<String, Long> deeds(Instant since) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT who, count(*) FROM audit WHERE at >= ? AND what NOT LIKE 'sign in as %' GROUP BY who"
                                + " ORDER BY count(*) DESC, who")) {
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

    /** @param behind only what stands behind that place */
    public List<Entry> list(Which which, Place behind, int most) throws SQLException {
        var sql = new StringBuilder(
                "SELECT at, id, who, what, coalesce(run_id, 0), why FROM audit WHERE (at, id) < (?, ?)");
        List<Condition> conditions = which.conditions();
        conditions.forEach(condition -> sql.append(" AND ").append(condition.sql));
        sql.append(" ORDER BY at DESC, id DESC LIMIT ?");
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql.toString())) {
            var columns = new Sql.Columns(select).add(behind.at).add(behind.number);
            for (Condition condition : conditions) {
                condition.binding.bind(columns);
            }
            columns.add(most);
            var entries = new ArrayList<Entry>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    entries.add(new Entry(
                            Sql.instant(row.getTimestamp(1)),
                            row.getLong(2),
                            row.getString(3),
                            row.getString(4),
                            row.getLong(5),
                            row.getString(6)));
                }
            }
            return entries;
        }
    }
}
