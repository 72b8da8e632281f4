package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;

/**
 * What each run has done: a row per step with its answer, a row per attempt. A resumed run asks here before it sends
 * anything.
 */
public final class Journal {
    private static final String WRITE = """
            WITH given AS (
              SELECT * FROM unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                                   ?::bytea[], ?::timestamptz[], ?::int[], ?::text[], ?::int[], ?::int[], ?::text[],
                                   ?::text[], ?::int[], ?::text[])
                AS g(run_id, step, state, connection, operation, write_class, idempotency_key, answer,
                     at, number, endpoint, request_size, status, verdict, reason, duration_ms, mapped)),
            steps AS (
              INSERT INTO step (run_id, step, state, connection, operation, write_class, idempotency_key, answer,
                                mapped, sent_at)
              SELECT run_id, step, state, connection, operation, write_class, idempotency_key, answer, mapped,
                     CASE state WHEN 'intended' THEN now() END FROM given
              ON CONFLICT (run_id, step) DO UPDATE SET state = EXCLUDED.state, answer = EXCLUDED.answer,
                     updated_at = now(), mapped = coalesce(EXCLUDED.mapped, step.mapped),
                     sent_at = CASE WHEN EXCLUDED.state = 'intended' AND step.state = 'intended'
                                    THEN coalesce(step.sent_at, now()) ELSE EXCLUDED.sent_at END
                WHERE step.state <> 'succeeded')
            INSERT INTO attempt (run_id, step, at, number, endpoint, request_size, status, verdict, reason, duration_ms)
            SELECT run_id, step, at, number, endpoint, request_size, status, verdict, reason, duration_ms
              FROM given WHERE number > 0""";

    /** Ages in milliseconds. */
    private static final String STEPS = """
            SELECT run_id, step, state, answer, idempotency_key,
                   ceil(1000 * extract(epoch FROM clock_timestamp() - coalesce(sent_at, updated_at)))::bigint,
                   floor(1000 * extract(epoch FROM clock_timestamp() - updated_at))::bigint
              FROM step WHERE run_id = ANY (?::bigint[])""";

    private final DataSource database;
    private final Runs runs;
    private final IdentifierKey key;

    /** @param runs whose writer takes the entries as well: a step and the outcome of its run share a commit */
    public Journal(DataSource database, Runs runs, IdentifierKey key) {
        this.database = database;
        this.runs = runs;
        this.key = key;
    }

    /** Where a step stands. */
    public enum State {
        /** About to be sent; if the process dies now, nobody knows whether it was. */
        INTENDED,
        SUCCEEDED,
        FAILED
    }

    /**
     * A step of a run.
     *
     * @param name the step's id in the flow; its second turn in one run is {@code id#2}, its turn for an item of a split
     *     {@code id#3fa9c1d2e4b5}
     * @param writeClass {@code read}, {@code idempotent}, {@code keyed}, {@code lookup} or {@code once}
     * @param idempotencyKey constant over all attempts, so that the remote can recognise a repeat; a resume of what was
     *     certainly not done gives another one
     * @param mapped the mappings that shaped what it sends, as {@link Trails.Write} has them; null for none
     */
    public record Step(
            long runId,
            String name,
            String connection,
            String operation,
            String writeClass,
            String idempotencyKey,
            String mapped) {
        /** What it sends is shaped by no mapping. */
        public Step(
                long runId,
                String name,
                String connection,
                String operation,
                String writeClass,
                String idempotencyKey) {
            this(runId, name, connection, operation, writeClass, idempotencyKey, null);
        }

        public Step by(String mappings) {
            return new Step(runId, name, connection, operation, writeClass, idempotencyKey, mappings);
        }
    }

    /**
     * One try at a step.
     *
     * @param number counts from 1
     * @param endpoint method and address, without query
     * @param status HTTP's number, or null when no answer came
     */
    public record Attempt(
            Instant at,
            int number,
            String endpoint,
            int requestSize,
            Integer status,
            String verdict,
            String reason,
            Duration took) {}

    /**
     * What is known of a step.
     *
     * @param answer the recorded answer; null unless it succeeded
     * @param key the idempotency key it goes by; empty while none is written down
     * @param sent when that was of which nobody knows what came; only of a step that is intended, null otherwise
     */
    public record Recorded(State state, byte[] answer, String key, Sent sent) {
        public Recorded {
            sent = state == State.INTENDED ? sent : null;
        }

        public Recorded(State state, byte[] answer) {
            this(state, answer, "", null);
        }

        /** The same as what became of the step after this was known of it. */
        public Recorded after(Recorded before) {
            Sent last = sent == null ? before.sent : sent;
            return new Recorded(
                    state,
                    answer,
                    before.key,
                    before.sent == null || last == null ? last : new Sent(before.sent.first, last.last));
        }
    }

    /** When a step may have been done. @param first since when nobody knows it @param last about when it was sent last */
    public record Sent(Instant first, Instant last) {}

    record Entry(Step step, State state, byte[] answer, Attempt attempt) implements Runs.Written {
        boolean sameStep(Entry other) {
            return step.runId == other.step.runId && step.name.equals(other.step.name);
        }
    }

    /** What recognises people, found on the way of a run. @param again whether an earlier claim may have told some of it */
    record Carries(List<Identifiers.Carried> rows, boolean again) implements Runs.Written {}

    /**
     * Notes what recognises people in what a run works on, so that its event is found by it.
     *
     * @param fetched whether it may come from what the run fetched, and not from its event
     */
    public CompletionStage<?> carries(ClaimedRun run, Collection<String> forms, boolean fetched) throws SQLException {
        var rows = new ArrayList<Identifiers.Carried>();
        for (String form : forms) {
            rows.add(new Identifiers.Carried(key.digest(form), run.event().id(), fetched));
        }
        return runs.write(new Carries(rows, run.claim() > 1));
    }

    /**
     * What a run takes along of a claim.
     *
     * @param evidence one line of JSON; null for nothing
     * @param people forms, and whether each may come from what the run fetched
     */
    public Runs.Account account(ClaimedRun run, byte[] evidence, Map<String, Boolean> people) throws SQLException {
        var rows = new ArrayList<Identifiers.Carried>();
        for (Map.Entry<String, Boolean> form : people.entrySet()) {
            rows.add(new Identifiers.Carried(
                    key.digest(form.getKey()), run.event().id(), form.getValue()));
        }
        return new Runs.Account(evidence, rows);
    }

    /** Stands for a text in the name of a step: twelve digits, the same each time, which tell nobody else what it says. */
    public String fingerprint(String text) throws SQLException {
        return key.sign(text).substring(0, 12);
    }

    /** Notes that a step is about to be sent; wait for it before sending. */
    public CompletionStage<?> intend(Step step) {
        return note(step, State.INTENDED, null);
    }

    /** Notes where a step stands, without an attempt of its own. @param answer kept with it; null for none */
    public CompletionStage<?> note(Step step, State state, byte[] answer) {
        var none = new Attempt(Instant.EPOCH, 0, "", 0, null, "", "", Duration.ZERO);
        return runs.write(new Entry(step, state, answer, none));
    }

    /** Records an attempt and where it leaves its step. @param answer kept when the step succeeded */
    public CompletionStage<?> record(Step step, State state, byte[] answer, Attempt attempt) {
        return runs.write(new Entry(step, state, answer, attempt));
    }

    /**
     * The steps that earlier claims of runs began, by name, by run; a run that began none is not in it.
     *
     * @param clock by which it is told when they were sent. What the database has written down are times by its own clock,
     *     which may differ: only how long ago they were is certain
     */
    public Map<Long, Map<String, Recorded>> stepsOf(Collection<Long> runs, InstantSource clock) throws SQLException {
        if (runs.isEmpty()) {
            return Map.of();
        }
        var steps = new HashMap<Long, Map<String, Recorded>>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(STEPS)) {
            new Sql.Columns(select).add("int8", runs, id -> id);
            Instant asked = clock.instant();
            try (ResultSet rows = select.executeQuery()) {
                Instant answered = clock.instant();
                while (rows.next()) {
                    steps.computeIfAbsent(rows.getLong(1), id -> new HashMap<>())
                            .put(
                                    rows.getString(2),
                                    new Recorded(
                                            Sql.constant(State.class, rows.getString(3)),
                                            rows.getBytes(4),
                                            rows.getString(5),
                                            // an earlier first and a later last time are the safe ones
                                            new Sent(
                                                    asked.minusMillis(rows.getLong(6)),
                                                    answered.minusMillis(rows.getLong(7)))));
                }
            }
        }
        return steps;
    }

    static void write(Connection connection, List<Entry> entries) throws SQLException {
        int from = 0;
        // one statement can't touch a step twice: an intent and its outcome go in one after the other
        for (int to = 1; to <= entries.size(); to++) {
            if (to == entries.size() || touches(entries.subList(from, to), entries.get(to))) {
                insert(connection, entries.subList(from, to));
                from = to;
            }
        }
    }

    private static boolean touches(List<Entry> batch, Entry next) {
        return batch.stream().anyMatch(next::sameStep);
    }

    private static void insert(Connection connection, List<Entry> entries) throws SQLException {
        try (PreparedStatement write = connection.prepareStatement(WRITE)) {
            var columns = new Sql.Columns(write);
            columns.add("int8", entries, e -> e.step.runId);
            columns.add("text", entries, e -> e.step.name);
            columns.add("text", entries, e -> Sql.lower(e.state));
            columns.add("text", entries, e -> e.step.connection);
            columns.add("text", entries, e -> e.step.operation);
            columns.add("text", entries, e -> e.step.writeClass);
            columns.add("text", entries, e -> e.step.idempotencyKey);
            columns.add("bytea", entries, e -> e.answer);
            columns.add("timestamptz", entries, e -> e.attempt.at.toString());
            columns.add("int4", entries, e -> e.attempt.number);
            columns.add("text", entries, e -> Sql.clean(e.attempt.endpoint));
            columns.add("int4", entries, e -> e.attempt.requestSize);
            columns.add("int4", entries, e -> e.attempt.status);
            columns.add("text", entries, e -> e.attempt.verdict);
            columns.add("text", entries, e -> Sql.clean(e.attempt.reason));
            columns.add("int4", entries, e -> (int) Math.min(Integer.MAX_VALUE, e.attempt.took.toMillis()));
            columns.add("text", entries, e -> e.step.mapped);
            write.executeUpdate();
        }
    }
}
