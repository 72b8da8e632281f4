package dev.serai.store;

import dev.serai.store.History.Deed;
import dev.serai.store.History.EventLine;
import dev.serai.store.History.Run;
import dev.serai.store.History.StepAttempt;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/** What became of many events at once: their runs, and of these the attempts and what people did. */
public final class Trails {
    /** Attempts and deeds that are told at most; of more, the newest. */
    private static final int MOST_LINES = 2_000;

    /** Event by event: asked for together, the planner would rather read all of history than its small index. */
    static final String RUNS_OF = """
            SELECT r.id FROM unnest(?::bigint[]) e CROSS JOIN LATERAL
              (SELECT id FROM open_run WHERE event_id = e UNION ALL SELECT id FROM done_run WHERE event_id = e) r""";

    private final DataSource database;
    private final History history;

    public Trails(DataSource database) {
        this.database = database;
        this.history = new History(database);
    }

    /** The newest first; those that have left the history are left out. */
    public List<EventLine> events(Collection<Long> ids) throws SQLException {
        var lines = new ArrayList<EventLine>();
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT id, source, type, record, received_at FROM event"
                                + " WHERE id = ANY (?::bigint[]) ORDER BY id DESC")) {
            new Sql.Columns(select).add("int8", ids, id -> id);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    lines.add(new EventLine(
                            row.getLong(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            Sql.instant(row.getTimestamp(5))));
                }
            }
        }
        return lines;
    }

    /** The event of a run. */
    public Optional<Long> eventOf(long run) throws SQLException {
        return history.run(run).map(found -> found.event().id());
    }

    /** The runs of these events, the newest first. */
    public List<Run> runs(Collection<Long> events) throws SQLException {
        List<Long> ids = Sql.transaction(database, connection -> runsOf(connection, events));
        return ids.isEmpty() ? List.of() : history.runs(RunFilter.ALL.ids(ids), ids.size());
    }

    /** Within a transaction. */
    static List<Long> runsOf(Connection connection, Collection<Long> events) throws SQLException {
        var ids = new ArrayList<Long>();
        try (PreparedStatement index = connection.prepareStatement("SET LOCAL enable_seqscan = off");
                PreparedStatement select = connection.prepareStatement(RUNS_OF);
                PreparedStatement usual = connection.prepareStatement("SET LOCAL enable_seqscan = on")) {
            index.execute();
            new Sql.Columns(select).add("int8", events, id -> id);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
            usual.execute();
        }
        return ids;
    }

    /** By run, the oldest first. */
    public Map<Long, List<StepAttempt>> attempts(Collection<Long> runs) throws SQLException {
        var attempts = new HashMap<Long, List<StepAttempt>>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT * FROM (SELECT run_id, step, at, number, endpoint, request_size, status, verdict, reason,"
                                + " duration_ms FROM attempt WHERE run_id = ANY (?::bigint[]) ORDER BY at DESC LIMIT "
                                + MOST_LINES + ") last ORDER BY at, number")) {
            new Sql.Columns(select).add("int8", runs, id -> id);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    attempts.computeIfAbsent(row.getLong("run_id"), run -> new ArrayList<>())
                            .add(attempt(row));
                }
            }
        }
        return attempts;
    }

    private static StepAttempt attempt(ResultSet row) throws SQLException {
        return new StepAttempt(
                row.getString("step"),
                new Journal.Attempt(
                        Sql.instant(row.getTimestamp("at")),
                        row.getInt("number"),
                        row.getString("endpoint"),
                        row.getInt("request_size"),
                        row.getObject("status", Integer.class),
                        row.getString("verdict"),
                        row.getString("reason"),
                        Duration.ofMillis(row.getInt("duration_ms"))));
    }

    /** What a write answered. */
    public record StepAnswer(String step, byte[] answer) {}

    /** By run. */
    public Map<Long, List<StepAnswer>> answers(Collection<Long> runs) throws SQLException {
        var answers = new HashMap<Long, List<StepAnswer>>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT run_id, step, answer FROM step"
                        + " WHERE run_id = ANY (?::bigint[]) AND answer IS NOT NULL ORDER BY updated_at, step")) {
            new Sql.Columns(select).add("int8", runs, id -> id);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    answers.computeIfAbsent(row.getLong(1), run -> new ArrayList<>())
                            .add(new StepAnswer(row.getString(2), row.getBytes(3)));
                }
            }
        }
        return answers;
    }

    /**
     * A write of a run.
     *
     * @param state intended, succeeded or failed
     * @param mapped {@code name@version} of the mappings that shaped it, with spaces between and a bar after those before the last
     *     call; empty when none did
     */
    public record Write(
            long run, String step, String state, String connection, String operation, Instant at, String mapped) {}

    /** The writes of these runs, the newest first. */
    public List<Write> writes(Collection<Long> runs) throws SQLException {
        var writes = new ArrayList<Write>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT run_id, step, state, connection, operation, updated_at, coalesce(mapped, '') FROM step"
                                + " WHERE run_id = ANY (?::bigint[]) AND write_class <> 'read' ORDER BY updated_at DESC")) {
            new Sql.Columns(select).add("int8", runs, id -> id);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    writes.add(new Write(
                            row.getLong(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            Sql.instant(row.getTimestamp(6)),
                            row.getString(7)));
                }
            }
        }
        return writes;
    }

    /** What is kept of a person beside the events. @param typed by whom it is asked @param forms the normal forms of that */
    public PersonTraces traces(String typed, Set<String> forms) {
        return new PersonTraces(database, new ErasureTexts(List.of(typed), forms));
    }

    /** By run, the oldest first. */
    public Map<Long, List<Deed>> byHand(Collection<Long> runs) throws SQLException {
        var deeds = new HashMap<Long, List<Deed>>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT run_id, at, who, what, why, patch FROM audit WHERE run_id = ANY (?::bigint[])"
                                + " ORDER BY at LIMIT " + MOST_LINES)) {
            new Sql.Columns(select).add("int8", runs, id -> id);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    deeds.computeIfAbsent(row.getLong(1), run -> new ArrayList<>())
                            .add(new Deed(
                                    Sql.instant(row.getTimestamp(2)),
                                    row.getString(3),
                                    row.getString(4),
                                    row.getString(5),
                                    row.getString(6)));
                }
            }
        }
        return deeds;
    }
}
