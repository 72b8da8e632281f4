package dev.serai.store;

import dev.serai.run.Owner;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** What people ask about the past: runs, their steps and attempts, and what people did with them. */
public final class History {
    /** Lines of one kind that are told of one run at most: a flow that splits a large batch makes tens of thousands. */
    public static final int MOST_LINES = 500;

    /** Runs of one event that are told at most; there is one per flow. */
    private static final int MOST_RUNS = 200;

    private static final String RUN = """
            SELECT r.id, r.flow, r.state, r.created_at, r.finished_at, r.due_at, r.retries, r.step, r.reason, r.owner,
                   r.waits_for, BEHIND AS behind, r.event_id AS event, coalesce(e.source, '') AS source,
                   coalesce(e.type, '') AS type, coalesce(e.record, '') AS record, e.received_at
              FROM (SELECT * FROM run r WHERE WHICH ORDER BY r.id DESC LIMIT ?) r
              LEFT JOIN event e ON e.id = r.event_id ORDER BY r.id DESC""".replace("BEHIND", Rests.BEHIND);

    private final DataSource database;
    private final Duration patience;

    public History(DataSource database) {
        this(database, Duration.ZERO);
    }

    /** @param patience for finding a list of runs, in whole seconds; zero: as long as it takes */
    public History(DataSource database, Duration patience) {
        this.database = database;
        this.patience = patience;
    }

    /**
     * A run as lists show it.
     *
     * @param state waiting, claimed, done, dead or in_doubt
     * @param waitsFor connection and operation, lane or pace; rest of a dead one until whose due time its record rests; or null
     * @param behind the run before it in its lane that has to end first; 0 for none
     * @param step the step that failed last, or null
     */
    public record Run(
            long id,
            String flow,
            String state,
            Instant createdAt,
            Instant finishedAt,
            Instant dueAt,
            int retries,
            String waitsFor,
            long behind,
            String step,
            String reason,
            Owner owner,
            EventLine event) {

        public String name() {
            return Names.run(id);
        }
    }

    /** The event of a run, without its payload. */
    public record EventLine(long id, String source, String type, String record, Instant receivedAt) {
        public String receipt() {
            return new Receipt(id, false).name();
        }
    }

    /**
     * A step of a run.
     *
     * @param state intended, succeeded or failed
     * @param writeClass read, idempotent, keyed, lookup or once
     * @param at when it came into its state
     * @param mapped {@code name@version} of the mappings that shaped what it sent, in their order
     */
    public record Step(
            String name,
            String state,
            String connection,
            String operation,
            String writeClass,
            String idempotencyKey,
            Instant at,
            List<String> mapped) {
        /** Whether it is something that was done at a remote. */
        public boolean isEffect() {
            return state.equals("succeeded") && !writeClass.equals("read");
        }
    }

    /** Of an event, as it arrived. */
    public record Payload(String contentType, byte[] bytes) {}

    /** The newest runs first. @throws SQLException also when they are not found in time: {@link Patience} */
    public List<Run> runs(RunFilter which, int most) throws SQLException {
        RunFilter found = ByEvent.quickest(database, which, patience).inTime();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(RUN.replace("WHICH", found.sql()))) {
            select.setQueryTimeout((int) patience.toSeconds());
            found.bind(new Sql.Columns(select)).add(most);
            return runs(select);
        }
    }

    public Optional<Run> run(long id) throws SQLException {
        return runs(RunFilter.ALL.ids(List.of(id)), 1).stream().findFirst();
    }

    /** The runs of one event, one per flow, the oldest first. */
    public List<Run> runsOf(long eventId) throws SQLException {
        List<Long> ids = Sql.transaction(database, connection -> Trails.runsOf(connection, List.of(eventId)));
        var runs = new ArrayList<>(runs(RunFilter.ALL.ids(ids), MOST_RUNS));
        Collections.reverse(runs);
        return runs;
    }

    private static List<Run> runs(PreparedStatement select) throws SQLException {
        var runs = new ArrayList<Run>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                runs.add(new Run(
                        row.getLong("id"),
                        row.getString("flow"),
                        row.getString("state"),
                        Sql.instant(row.getTimestamp("created_at")),
                        Sql.instant(row.getTimestamp("finished_at")),
                        Sql.instant(row.getTimestamp("due_at")),
                        row.getInt("retries"),
                        row.getString("waits_for"),
                        row.getLong("behind"),
                        row.getString("step"),
                        row.getString("reason"),
                        Sql.constant(Owner.class, row.getString("owner")),
                        new EventLine(
                                row.getLong("event"),
                                row.getString("source"),
                                row.getString("type"),
                                row.getString("record"),
                                Sql.instant(row.getTimestamp("received_at")))));
            }
        }
        return runs;
    }

    /** The steps of a run in the order they were last touched, {@link #MOST_LINES} at most. */
    public List<Step> steps(long runId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT step, state, connection, operation, write_class, idempotency_key, updated_at, mapped FROM step"
                                + " WHERE run_id = ? ORDER BY updated_at, step LIMIT " + MOST_LINES)) {
            select.setLong(1, runId);
            var steps = new ArrayList<Step>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    steps.add(new Step(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            row.getString(6),
                            Sql.instant(row.getTimestamp(7)),
                            mapped(row.getString(8))));
                }
            }
            return steps;
        }
    }

    /** @param column as {@link Trails.Write} has it; null for none */
    private static List<String> mapped(String column) {
        return column == null
                ? List.of()
                : Stream.of(column.split("[| ]"))
                        .filter(each -> !each.isEmpty())
                        .toList();
    }

    /** An attempt and the step it belongs to. */
    public record StepAttempt(String step, Journal.Attempt attempt) {}

    /** The attempts of a run, oldest first; the last {@link #MOST_LINES} of them. */
    public List<StepAttempt> attempts(long runId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT * FROM (SELECT step, at, number, endpoint, request_size, status, verdict, reason, duration_ms"
                                + " FROM attempt WHERE run_id = ? ORDER BY at DESC, number DESC LIMIT " + MOST_LINES
                                + ") last ORDER BY at, number")) {
            select.setLong(1, runId);
            var attempts = new ArrayList<StepAttempt>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    attempts.add(new StepAttempt(
                            row.getString("step"),
                            new Journal.Attempt(
                                    Sql.instant(row.getTimestamp("at")),
                                    row.getInt("number"),
                                    row.getString("endpoint"),
                                    row.getInt("request_size"),
                                    row.getObject("status", Integer.class),
                                    row.getString("verdict"),
                                    row.getString("reason"),
                                    Duration.ofMillis(row.getInt("duration_ms")))));
                }
            }
            return attempts;
        }
    }

    /**
     * What the store holds of an event.
     *
     * @param receivedAt when it was committed, as the hub that stored it saw the time
     * @param sha256 of the payload, so that a sender can compare it with what was sent
     */
    public record StoredEvent(EventLine line, String key, Instant occurredAt, int size, String sha256) {}

    public Optional<StoredEvent> event(long id) throws SQLException {
        String sql = "SELECT id, source, type, record, received_at, key, occurred_at, length(payload) AS size,"
                + " encode(sha256(payload), 'hex') AS sha256 FROM event WHERE id = ?";
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(storedEvent(row)) : Optional.empty();
            }
        }
    }

    private static StoredEvent storedEvent(ResultSet row) throws SQLException {
        var line = new EventLine(
                row.getLong("id"),
                row.getString("source"),
                row.getString("type"),
                row.getString("record"),
                Sql.instant(row.getTimestamp("received_at")));
        return new StoredEvent(
                line,
                row.getString("key"),
                Sql.instant(row.getTimestamp("occurred_at")),
                row.getInt("size"),
                row.getString("sha256"));
    }

    /** Whether what has that number and is not found was here once. @param number of a run or an event */
    public boolean left(long number) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT dropped_at IS NOT NULL FROM slice WHERE number = ?")) {
            select.setLong(1, number / Slices.NUMBERS);
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** What a person has made of the payload, for as long as the run is open. */
    public Optional<byte[]> corrected(long runId) throws SQLException {
        try (Connection connection = database.getConnection();
                var select = connection.createStatement();
                ResultSet row = select.executeQuery("SELECT payload FROM open_run WHERE id = " + runId)) {
            return row.next() ? Optional.ofNullable(row.getBytes(1)) : Optional.empty();
        }
    }

    /** What a run sent and heard, a line of JSON for each claim, the oldest first; empty when it is not kept. */
    public List<String> evidence(long runId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT convert_from(evidence, 'UTF8') FROM ("
                        + "SELECT evidence FROM open_run WHERE id = ? UNION ALL SELECT evidence FROM done_run WHERE id = ?) r"
                        + " WHERE evidence IS NOT NULL")) {
            new Sql.Columns(select).add(runId).add(runId);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getString(1).lines().toList() : List.of();
            }
        }
    }

    public Optional<Payload> payload(long eventId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT content_type, payload FROM event WHERE id = ?")) {
            select.setLong(1, eventId);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(new Payload(row.getString(1), row.getBytes(2))) : Optional.empty();
            }
        }
    }

    /** What a person did with a run. @param patch the RFC 6902 patch of its payload, or null; may hold personal data */
    public record Deed(Instant at, String who, String what, String why, String patch) {}

    /** What people did with a run, the oldest first. */
    public List<Deed> byHand(long runId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT at, who, what, why, patch FROM audit WHERE run_id = ? ORDER BY id LIMIT "
                                + MOST_LINES)) {
            select.setLong(1, runId);
            var deeds = new ArrayList<Deed>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    deeds.add(new Deed(
                            Sql.instant(row.getTimestamp(1)),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5)));
                }
            }
            return deeds;
        }
    }
}
