package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** What a dead run can be told of as a test, and how such a test is put into a database of its own. */
public final class Capsules {
    private static final String EVENT =
            "INSERT INTO event (id, source, type, key, record, received_at, occurred_at, content_type, payload)"
                    + " VALUES (?, ?, ?, 'capsule', ?, ?, ?::text::timestamptz, ?, ?::bytea)";
    /** As if an earlier claim had done what was done: the next one asks the journal first. */
    private static final String RUN =
            "INSERT INTO open_run (id, event_id, flow, lane, size, created_at, tried_since, claims) VALUES (?, ?, ?, ?, ?, now(), now(), 1)";

    private static final String STEP =
            "INSERT INTO step (run_id, step, state, connection, operation, write_class, idempotency_key, answer)"
                    + " VALUES (?, ?, 'succeeded', ?, ?, ?, ?, ?::bytea)";

    private final DataSource database;

    public Capsules(DataSource database) {
        this.database = database;
    }

    /** A write that was done. @param answer what the flow got of it; null for nothing */
    public record Done(
            String step,
            String connection,
            String operation,
            String writeClass,
            String idempotencyKey,
            byte[] answer) {}

    /** The writes of a run that were done. */
    public List<Done> done(long run) throws SQLException {
        var done = new ArrayList<Done>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT step, connection, operation, write_class, idempotency_key, answer FROM step"
                                + " WHERE run_id = ? AND state = 'succeeded' AND write_class <> 'read'"
                                + " ORDER BY updated_at, step")) {
            new Sql.Columns(select).add(run);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    done.add(new Done(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            row.getBytes(6)));
                }
            }
        }
        return done;
    }

    /** An event and the run that takes it through a flow. @param occurredAt null when nobody said */
    public record Case(
            long run,
            long event,
            String flow,
            String source,
            String type,
            String record,
            Instant receivedAt,
            Instant occurredAt,
            String contentType,
            byte[] payload) {}

    /** Makes the run due, with what was done before it. */
    public void plant(Case given, List<Done> done) throws SQLException {
        Sql.transaction(database, connection -> {
            try (PreparedStatement event = connection.prepareStatement(EVENT);
                    PreparedStatement run = connection.prepareStatement(RUN);
                    PreparedStatement step = connection.prepareStatement(STEP)) {
                new Sql.Columns(event)
                        .add(given.event)
                        .add(given.source)
                        .add(given.type)
                        .add(given.record)
                        .add(given.receivedAt)
                        .add(given.occurredAt == null ? null : given.occurredAt.toString());
                event.setString(7, given.contentType);
                event.setBytes(8, given.payload);
                event.executeUpdate();
                for (Done each : done) {
                    new Sql.Columns(step)
                            .add(given.run)
                            .add(each.step)
                            .add(each.connection)
                            .add(each.operation)
                            .add(each.writeClass)
                            .add(each.idempotencyKey);
                    step.setBytes(7, each.answer);
                    step.executeUpdate();
                }
                new Sql.Columns(run)
                        .add(given.run)
                        .add(given.event)
                        .add(given.flow)
                        .add(given.flow + " " + given.record)
                        .add(given.payload.length);
                run.executeUpdate();
            }
            return null;
        });
    }
}
