package dev.serai.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Takes a person out of the runs of events that are not about them: a run looked somebody up, read a list. Answers in which the
 * person stands go, and the texts of tries; event and run stay, and a run that is not done yet is not ended.
 */
final class FetchedTraces {
    private static final String ANSWERS = """
            SELECT s.run_id, s.step, s.answer, EXISTS (SELECT FROM open_run o WHERE o.id = s.run_id)
              FROM step s WHERE s.run_id = ANY (?::bigint[]) AND s.answer IS NOT NULL""";

    private static final String ATTEMPTS = """
            UPDATE attempt SET endpoint = regexp_replace(endpoint, ?, ?, 'gi'), reason = regexp_replace(reason, ?, ?, 'gi')
             WHERE run_id = ANY (?::bigint[]) AND (endpoint ~* ? OR reason ~* ?)""";

    private static final String REASONS =
            "UPDATE done_run SET reason = regexp_replace(reason, ?, ?, 'gi') WHERE id = ANY (?::bigint[]) AND reason ~* ?";

    private FetchedTraces() {}

    /** @param events those that are found by what their runs fetched alone */
    static void erase(
            Connection connection, Identifiers identifiers, List<Long> events, ErasureTexts texts, ObjectNode counts)
            throws SQLException {
        if (events.isEmpty()) {
            return;
        }
        List<Long> runs = Trails.runsOf(connection, events);
        ErasedEvents.count(counts, "fetching_events", events.size());
        ErasedEvents.count(counts, "answers", answers(connection, identifiers, runs, texts));
        ErasedEvents.count(counts, "evidence", evidenceOfDone(connection, identifiers, runs, texts));
        String pattern = texts.pattern();
        if (!pattern.isEmpty()) {
            String gone = ErasureTexts.GONE;
            try (PreparedStatement attempts = connection.prepareStatement(ATTEMPTS);
                    PreparedStatement reasons = connection.prepareStatement(REASONS)) {
                new Sql.Columns(attempts)
                        .add(pattern)
                        .add(gone)
                        .add(pattern)
                        .add(gone)
                        .add("int8", runs, id -> id)
                        .add(pattern)
                        .add(pattern);
                ErasedEvents.count(counts, "attempts", attempts.executeUpdate());
                new Sql.Columns(reasons)
                        .add(pattern)
                        .add(gone)
                        .add("int8", runs, id -> id)
                        .add(pattern);
                reasons.executeUpdate();
            }
        }
        identifiers.drop(connection, texts.forms(), events);
    }

    /**
     * What runs that are not done keep of their calls goes as a whole where the person stands in it, whatever their events are
     * about: such a run can go on without.
     *
     * @return how many
     */
    static int evidence(Connection connection, Identifiers identifiers, ErasureTexts texts) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement("SELECT id, evidence FROM open_run WHERE evidence IS NOT NULL");
                PreparedStatement update =
                        connection.prepareStatement("UPDATE open_run SET evidence = NULL WHERE id = ?")) {
            return without(select, update, identifiers, texts);
        }
    }

    /** The same of runs that are done. Whom their evidence tells of was noted when it was kept, so that they are found. */
    private static int evidenceOfDone(
            Connection connection, Identifiers identifiers, List<Long> runs, ErasureTexts texts) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT id, evidence FROM done_run WHERE id = ANY (?::bigint[]) AND evidence IS NOT NULL");
                PreparedStatement update =
                        connection.prepareStatement("UPDATE done_run SET evidence = NULL WHERE id = ?")) {
            new Sql.Columns(select).add("int8", runs, id -> id);
            return without(select, update, identifiers, texts);
        }
    }

    private static int without(
            PreparedStatement select, PreparedStatement update, Identifiers identifiers, ErasureTexts texts)
            throws SQLException {
        int gone = 0;
        select.setFetchSize(Identifiers.FETCHED);
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                String evidence = new String(row.getBytes(2), StandardCharsets.UTF_8);
                boolean told = evidence.lines()
                        .anyMatch(claim -> identifiers.carry(claim.getBytes(StandardCharsets.UTF_8), texts.forms()));
                if (told || !texts.without(evidence).equals(evidence)) {
                    update.setLong(1, row.getLong(1));
                    gone += update.executeUpdate();
                }
            }
        }
        return gone;
    }

    /** Of a run that is done an answer goes as a whole; one that will go on needs the ids in it. */
    private static int answers(Connection connection, Identifiers identifiers, List<Long> runs, ErasureTexts texts)
            throws SQLException {
        int changed = 0;
        try (PreparedStatement select = connection.prepareStatement(ANSWERS);
                PreparedStatement update =
                        connection.prepareStatement("UPDATE step SET answer = ? WHERE run_id = ? AND step = ?")) {
            new Sql.Columns(select).add("int8", runs, id -> id);
            select.setFetchSize(Identifiers.FETCHED);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    byte[] answer = row.getBytes(3);
                    if (identifiers.carry(answer, texts.forms())) {
                        byte[] left = row.getBoolean(4)
                                ? texts.withoutInJson(new String(answer, StandardCharsets.UTF_8))
                                        .getBytes(StandardCharsets.UTF_8)
                                : null;
                        update.setBytes(1, left);
                        update.setLong(2, row.getLong(1));
                        update.setString(3, row.getString(2));
                        changed += update.executeUpdate();
                    }
                }
            }
        }
        return changed;
    }
}
