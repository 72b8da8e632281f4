package dev.serai.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Takes out of events and of their runs all that could tell of a person; that they were stays. */
final class ErasedEvents {
    /** They end without having done their work, and what waits behind them goes on. */
    private static final String END_RUNS = """
            WITH done AS (
              DELETE FROM open_run WHERE event_id = ANY (?::bigint[])
              RETURNING id, event_id, flow, lane, claims, retries, created_at),
            history AS (
              INSERT INTO done_run (id, event_id, flow, claims, retries, created_at, finished_at, reason)
              SELECT id, event_id, flow, claims, retries, created_at, ?, 'forgotten' FROM done),
            next AS (
              SELECT n.id FROM done
               CROSS JOIN LATERAL (SELECT o.id FROM open_run o
                                    WHERE o.lane = done.lane AND o.holds AND o.id > done.id
                                      AND NOT EXISTS (SELECT FROM done d WHERE d.id = o.id)
                                    ORDER BY o.id LIMIT 1) n),
            woken AS (
              UPDATE open_run r SET due_at = ?, waits_for = NULL FROM next
               WHERE r.id = next.id AND r.state = 'waiting' AND r.waits_for = 'lane')
            SELECT count(*) FROM done""";

    private static final String REASONS =
            "UPDATE done_run SET reason = 'forgotten' WHERE id = ANY (?::bigint[]) AND reason IS NOT NULL";
    private static final String EVIDENCE =
            "UPDATE done_run SET evidence = NULL WHERE id = ANY (?::bigint[]) AND evidence IS NOT NULL";
    private static final String ANSWERS =
            "UPDATE step SET answer = NULL WHERE run_id = ANY (?::bigint[]) AND answer IS NOT NULL";
    private static final String ATTEMPTS =
            "UPDATE attempt SET endpoint = split_part(endpoint, ' ', 1) || ' (forgotten)',"
                    + " reason = '' WHERE run_id = ANY (?::bigint[])";
    private static final String DEEDS =
            "UPDATE audit SET patch = NULL, why = '(forgotten)' WHERE run_id = ANY (?::bigint[])";
    private static final String FINDINGS =
            "UPDATE drift SET example = '', was = CASE WHEN kind = 'value' THEN '' ELSE was END,"
                    + " detail = CASE WHEN kind = 'value' THEN 'forgotten ' || id ELSE detail END WHERE event_id = ANY (?::bigint[])";
    /** The key of the event told who it was, perhaps; what recognises its repeat is the hash in event_key. */
    private static final String EVENTS =
            "UPDATE event SET payload = '', key = 'forgotten', record = 'forgotten:f_' || ?,"
                    + " version = '' WHERE id = ANY (?::bigint[])";

    /** Event by event, by the block ranges: the index by hash does not know the event. */
    private static final String INDEX = """
            DELETE FROM identifier i USING unnest(?::bigint[]) e WHERE i.event_id = e""";

    private ErasedEvents() {}

    /** Events of which a person corrected the payload, so that it tells of whom is to be forgotten. */
    static List<Long> corrected(Connection connection, Identifiers identifiers, ErasureTexts texts)
            throws SQLException {
        var events = new ArrayList<Long>();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT event_id, payload FROM open_run WHERE payload IS NOT NULL")) {
            select.setFetchSize(Identifiers.FETCHED);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (identifiers.carry(row.getBytes(2), texts.forms())) {
                        events.add(row.getLong(1));
                    }
                }
            }
        }
        return events;
    }

    /** @param counts is told what went */
    static void erase(Connection connection, Instant now, long erasure, List<Long> events, ObjectNode counts)
            throws SQLException {
        if (events.isEmpty()) {
            return;
        }
        try (PreparedStatement end = connection.prepareStatement(END_RUNS)) {
            new Sql.Columns(end).add("int8", events, id -> id).add(now).add(now);
            try (ResultSet row = end.executeQuery()) {
                row.next();
                count(counts, "runs_ended", row.getInt(1));
            }
        }
        List<Long> runs = Trails.runsOf(connection, events);
        count(counts, "runs", runs.size());
        update(connection, REASONS, runs);
        count(counts, "evidence", update(connection, EVIDENCE, runs));
        count(counts, "answers", update(connection, ANSWERS, runs));
        count(counts, "attempts", update(connection, ATTEMPTS, runs));
        count(counts, "deeds", update(connection, DEEDS, runs));
        count(counts, "drift_findings", update(connection, FINDINGS, events));
        try (PreparedStatement wipe = connection.prepareStatement(EVENTS)) {
            new Sql.Columns(wipe).add(Long.toString(erasure)).add("int8", events, id -> id);
            count(counts, "events", wipe.executeUpdate());
        }
        try (var hint = connection.createStatement()) {
            hint.execute("SET LOCAL enable_seqscan = off");
            count(counts, "index_entries", update(connection, INDEX, events));
            hint.execute("SET LOCAL enable_seqscan = on");
        }
    }

    private static int update(Connection connection, String sql, List<Long> ids) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            new Sql.Columns(update).add("int8", ids, id -> id);
            return update.executeUpdate();
        }
    }

    static void count(ObjectNode counts, String what, int more) {
        counts.put(what, counts.path(what).asInt() + more);
    }
}
