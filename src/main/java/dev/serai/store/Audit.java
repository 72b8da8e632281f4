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
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** What people did, the newest first. */
public final class Audit {
    private static final String ORDER = " ORDER BY at DESC, id DESC LIMIT ?";

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
            since.ifPresent(time -> all.add(new Condition("at >= ?", columns -> columns.add(time))));
            until.ifPresent(time -> all.add(new Condition("at < ?", columns -> columns.add(time))));
            return all;
        }

        /**
         * Either of them, each found by an index of its own. Only what is not about a run by its number tells of it in words: of
         * ten thousand runs that were resumed at once there is a line each, which names nothing else.
         */
        private List<Condition> abouts() {
            if (about.isEmpty()) {
                return List.of(new Condition("true", columns -> columns));
            }
            String name = about.get();
            return name.matches("r_\\d{1,18}")
                    ? List.of(
                            new Condition("run_id = ?", columns -> columns.add(Names.parseRun(name))),
                            new Condition("run_id IS NULL AND what ~ ?", columns -> columns.add("\\m" + name + "\\M")))
                    : List.of(new Condition(
                            "run_id IS NULL AND (connection = ? OR strpos(lower(what), lower(?)) > 0)",
                            columns -> columns.add(name).add(name)));
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

    /** @param behind only what stands behind that place @throws SQLException also when that takes too long: {@link Patience} */
    public List<Entry> list(Which which, Place behind, int most) throws SQLException {
        List<Condition> conditions = which.conditions();
        List<Condition> abouts = which.abouts();
        String each =
                conditions.stream().map(condition -> " AND " + condition.sql).collect(Collectors.joining());
        String sql = abouts.stream()
                .map(about -> "(SELECT * FROM audit WHERE (at, id) < (?, ?) AND " + about.sql + each + ORDER + ")")
                .collect(Collectors.joining(
                        " UNION ALL ", "SELECT at, id, who, what, coalesce(run_id, 0), why FROM (", ") found" + ORDER));
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setQueryTimeout((int) Patience.WITH_PEOPLE.toSeconds());
            var columns = new Sql.Columns(select);
            for (Condition about : abouts) {
                about.binding.bind(columns.add(behind.at).add(behind.number));
                for (Condition condition : conditions) {
                    condition.binding.bind(columns);
                }
                columns.add(most);
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
