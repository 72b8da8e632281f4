package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of a connection's credentials, and who used them: rows of {@code audit}, {@code attempt} and {@code poll}. What became of
 * them is in the log as well, one line for each row.
 */
public final class CredentialLog {
    private static final Logger LOG = LoggerFactory.getLogger(CredentialLog.class);
    private static final String NOTE = "INSERT INTO audit (at, who, what, why, connection) VALUES (?, ?, ?, ?, ?)";
    private static final String EVENTS = """
            SELECT at, who, what, why FROM audit WHERE connection = ? ORDER BY at DESC LIMIT ?""";
    private static final String USES = """
            SELECT flow, operation, endpoint, sum(calls)::bigint AS calls, max(last) AS last, sum(fine)::bigint AS fine
              FROM (SELECT r.flow, s.operation, a.endpoint, count(*) AS calls, max(a.at) AS last,
                           count(*) FILTER (WHERE a.verdict IN ('success', 'ignore')) AS fine
                      FROM step s JOIN attempt a ON a.run_id = s.run_id AND a.step = s.step
                      JOIN run r ON r.id = s.run_id
                     WHERE s.connection = ? AND a.at > ?
                     GROUP BY r.flow, s.operation, a.endpoint
                    UNION ALL
                    SELECT flow, operation, endpoint, calls, last_at, fine FROM poll
                     WHERE connection = ? AND hour > ?::timestamptz - interval '1 hour' AND last_at > ?) each
             GROUP BY flow, operation, endpoint ORDER BY max(last) DESC LIMIT ?""";
    private static final String POLLED = """
            INSERT INTO poll AS p (connection, flow, operation, endpoint, hour, calls, fine, last_at)
            VALUES (?, ?, ?, ?, date_trunc('hour', ?::timestamptz, 'UTC'), ?, ?, ?)
            ON CONFLICT (connection, hour, flow, operation, endpoint)
            DO UPDATE SET calls = p.calls + EXCLUDED.calls, fine = p.fine + EXCLUDED.fine,
                          last_at = greatest(p.last_at, EXCLUDED.last_at)""";
    private static final Set<String> FINE = Set.of("success", "ignore");
    /** Of an index entry. */
    private static final int LONGEST = 500;

    private final DataSource database;

    public CredentialLog(DataSource database) {
        this.database = database;
    }

    /** @param who a person, or {@code hub NAME} */
    public record Event(Instant at, String who, String what, String why) {}

    /** @param endpoint method and path, no query */
    public record Use(String flow, String operation, String endpoint, long calls, long fine, Instant last) {
        public Use {
            String clean = Sql.clean(endpoint);
            endpoint = clean.substring(0, Math.min(LONGEST, clean.length()));
        }

        /** The last one's: calls of one hour are told together. */
        public Instant hour() {
            return last.truncatedTo(ChronoUnit.HOURS);
        }

        /** With more of the same. */
        public Use and(Use more) {
            Instant latest = more.last.isAfter(last) ? more.last : last;
            return new Use(flow, operation, endpoint, calls + more.calls, fine + more.fine, latest);
        }
    }

    /** What a connection was used for. */
    public record Used(String connection, Use use) {
        /** In one order, so that two hubs can't deadlock. */
        private static final Comparator<Used> ORDER = Comparator.comparing(Used::connection)
                .thenComparing(used -> used.use.hour())
                .thenComparing(used -> used.use.flow)
                .thenComparing(used -> used.use.operation)
                .thenComparing(used -> used.use.endpoint);
    }

    /** What a flow has called outside of a run, by a poll mostly. */
    static void polled(Connection connection, String name, List<Use> uses) throws SQLException {
        polled(connection, uses.stream().map(use -> new Used(name, use)).toList());
    }

    private static void polled(Connection connection, List<Used> all) throws SQLException {
        try (PreparedStatement polled = connection.prepareStatement(POLLED)) {
            for (Used used : all) {
                Use use = used.use;
                new Sql.Columns(polled)
                        .add(used.connection)
                        .add(use.flow)
                        .add(use.operation)
                        .add(use.endpoint)
                        .add(use.last)
                        .add(use.calls)
                        .add(use.fine)
                        .add(use.last);
                polled.addBatch();
            }
            polled.executeBatch();
        }
    }

    /** Whether a verdict is one of a call that went well. */
    public static boolean isFine(String verdict) {
        return FINE.contains(verdict);
    }

    /** Calls that belong to no run, of all connections. */
    public void used(List<Used> all) throws SQLException {
        List<Used> ordered = all.stream().sorted(Used.ORDER).toList();
        Sql.transaction(database, connection -> {
            polled(connection, ordered);
            return null;
        });
    }

    /** What happened. @param name of the connection whose credential it is @param why no secret, as people and programs read it */
    record Note(String name, Instant at, String who, CredentialEvent event, String why) {
        private String what() {
            return event == CredentialEvent.RESUMED ? event.what() + " " + name : event.what();
        }
    }

    static void note(Connection connection, Note note) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(NOTE)) {
            new Sql.Columns(insert)
                    .add(note.at)
                    .add(note.who)
                    .add(note.what())
                    .add(Sql.clean(note.why))
                    .add(note.name);
            insert.executeUpdate();
        }
        Sql.onceCommitted(() -> tell(note, "connection"));
    }

    /** The line of it. @param of what the name is: a connection, a token of the API */
    static void tell(Note note, String of) {
        LOG.atInfo()
                .addKeyValue(of, note.name)
                .addKeyValue("who", note.who)
                .addKeyValue("why", Sql.clean(note.why))
                .addKeyValue("at", note.at)
                .log(note.event.line());
    }

    public void note(String name, Instant at, String who, CredentialEvent event, String why) throws SQLException {
        try (Connection connection = database.getConnection()) {
            note(connection, new Note(name, at, who, event, why));
        }
    }

    /** Newest first. */
    public List<Event> events(String name, int most) throws SQLException {
        var events = new ArrayList<Event>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(EVENTS)) {
            new Sql.Columns(select).add(name).add((long) most);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    events.add(new Event(
                            Sql.instant(row.getTimestamp("at")),
                            row.getString("who"),
                            row.getString("what"),
                            row.getString("why")));
                }
            }
        }
        return events;
    }

    /** Which flow used the connection for what, latest first. Of polls whole hours are told. */
    public List<Use> uses(String name, Instant since, int most) throws SQLException {
        var uses = new ArrayList<Use>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(USES)) {
            new Sql.Columns(select)
                    .add(name)
                    .add(since)
                    .add(name)
                    .add(since)
                    .add(since)
                    .add((long) most);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    uses.add(new Use(
                            row.getString("flow"),
                            row.getString("operation"),
                            row.getString("endpoint"),
                            row.getLong("calls"),
                            row.getLong("fine"),
                            Sql.instant(row.getTimestamp("last"))));
                }
            }
        }
        return uses;
    }
}
