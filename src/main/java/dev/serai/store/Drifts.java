package dev.serai.store;

import dev.serai.drift.Finding;
import dev.serai.drift.Kind;
import dev.serai.store.DriftShapes.Stream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;

/** What has become different, until a person has looked at it; a few alerts are made of many findings. */
public final class Drifts {
    /** Findings that are kept; beyond it the oldest go, those that were looked at first. */
    private static final int MOST = 1_000;

    private static final int LONGEST_PATH = 200;
    private static final int LONGEST_TEXT = 120;

    private static final String NOTE = """
            INSERT INTO drift AS d (source, type, kind, path, detail, was, example, event_id, since, found_at, count)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (source, type, kind, path, detail) DO UPDATE
               SET count = d.count + EXCLUDED.count,
                   state = CASE WHEN EXCLUDED.kind = 'passed' THEN d.state ELSE 'open' END,
                   told = d.told AND (d.state = 'open' OR EXCLUDED.kind = 'passed'),
                   example = CASE WHEN EXCLUDED.kind = 'passed' THEN d.example ELSE EXCLUDED.example END,
                   event_id = CASE WHEN EXCLUDED.kind = 'passed' THEN d.event_id ELSE EXCLUDED.event_id END,
                   since = CASE WHEN EXCLUDED.kind = 'passed' THEN d.since ELSE EXCLUDED.since END,
                   found_at = EXCLUDED.found_at""";
    private static final String OVER = """
            UPDATE drift SET state = 'over', told = true
             WHERE source = ? AND type = ? AND path = ? AND kind IN ('gone', 'empty') AND state = 'open'""";
    private static final String ACCEPT = """
            WITH taken AS (
              UPDATE drift SET state = 'accepted', told = true WHERE id = ANY (?) AND state = 'open' RETURNING *)
            INSERT INTO audit (who, what, why)
            SELECT ?, 'accept drift d_' || id || ': ' || source || ' ' || type || ' ' || kind || ' ' || path, ? FROM taken""";

    private final DataSource database;

    public Drifts(DataSource database) {
        this.database = database;
    }

    /**
     * Something that has become different, as it is kept.
     *
     * @param id 0 before it is stored
     * @param count how often since, of what the shape does not count; else 0
     * @param state open, accepted (a person said it is normal now) or over (it is as it was)
     */
    public record Drift(long id, Stream stream, Finding finding, Instant foundAt, long count, String state) {
        /** One that is new. */
        public static Drift of(Stream stream, Finding finding, long count) {
            return new Drift(0, stream, finding, finding.at(), count, "open");
        }

        /** {@code d_7}. */
        public String name() {
            return "d_" + id;
        }

        /** The number in {@code d_7} or {@code 7}. @throws IllegalArgumentException for anything else */
        public static long parse(String name) {
            return Names.parse("d_", name);
        }
    }

    /** Stores what was found beside the radar: values that a table let pass. Known ones are counted. */
    public void note(Instant now, List<Drift> drifts) throws SQLException {
        Sql.transaction(database, connection -> {
            note(connection, now, drifts);
            return null;
        });
    }

    static void note(Connection connection, Instant now, List<Drift> drifts) throws SQLException {
        try (PreparedStatement note = connection.prepareStatement(NOTE);
                PreparedStatement over = connection.prepareStatement(OVER)) {
            for (Drift drift : drifts) {
                Finding finding = drift.finding;
                String path = cut(finding.path(), LONGEST_PATH);
                if (finding.kind() == Kind.BACK) {
                    new Sql.Columns(over)
                            .add(drift.stream.source())
                            .add(drift.stream.type())
                            .add(path);
                    if (over.executeUpdate() > 0) {
                        continue;
                    }
                }
                new Sql.Columns(note)
                        .add(drift.stream.source())
                        .add(drift.stream.type())
                        .add(Sql.lower(finding.kind()))
                        .add(path)
                        .add(cut(finding.detail(), LONGEST_TEXT))
                        .add(finding.was())
                        .add(cut(finding.example(), LONGEST_TEXT))
                        .add(finding.event())
                        .add(finding.at())
                        .add(now)
                        .add(drift.count);
                note.executeUpdate();
            }
        }
    }

    private static String cut(String text, int most) {
        String clean = Sql.clean(text);
        return clean.length() <= most ? clean : clean.substring(0, most - 1) + "…";
    }

    /** Streams with findings nobody was told of, the newest of which is older than that. */
    public List<Stream> untold(Instant quietSince) throws SQLException {
        var streams = new ArrayList<Stream>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT source, type FROM drift WHERE NOT told"
                        + " GROUP BY source, type HAVING max(found_at) <= ? OR min(found_at) <= ?")) {
            // a stream in which something is found all the time is told of as well
            new Sql.Columns(select).add(quietSince).add(quietSince.minus(Duration.ofMinutes(1)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    streams.add(new Stream(row.getString(1), row.getString(2)));
                }
            }
        }
        return streams;
    }

    /** Tells of a stream's findings once: the alert and the note that it was made are one transaction. */
    public void tell(Stream stream, Instant now, Function<List<Drift>, NewEvent> alert) throws SQLException {
        Sql.transaction(database, connection -> {
            var drifts = new ArrayList<Drift>();
            try (PreparedStatement tell = connection.prepareStatement(
                    "UPDATE drift SET told = true WHERE source = ? AND type = ? AND NOT told RETURNING *")) {
                new Sql.Columns(tell).add(stream.source()).add(stream.type());
                read(tell, drifts);
            }
            if (!drifts.isEmpty()) {
                AlertBook.tell(connection, now, alert.apply(List.copyOf(drifts)));
            }
            return null;
        });
    }

    /** The findings, newest first. @param all also those that were accepted or are over */
    public List<Drift> list(boolean all) throws SQLException {
        var drifts = new ArrayList<Drift>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT * FROM drift WHERE ? OR state = 'open' ORDER BY found_at DESC, id DESC")) {
            select.setBoolean(1, all);
            read(select, drifts);
        }
        return drifts;
    }

    private static void read(PreparedStatement select, List<Drift> into) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                var finding = new Finding(
                        Sql.constant(Kind.class, row.getString("kind")),
                        row.getString("path"),
                        row.getString("detail"),
                        row.getString("was"),
                        row.getString("example"),
                        row.getLong("event_id"),
                        Sql.instant(row.getTimestamp("since")));
                into.add(new Drift(
                        row.getLong("id"),
                        new Stream(row.getString("source"), row.getString("type")),
                        finding,
                        Sql.instant(row.getTimestamp("found_at")),
                        row.getLong("count"),
                        row.getString("state")));
            }
        }
    }

    /** A person says that this is normal now. @return how many of them were open */
    public int accept(List<Long> ids, ByHand by) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement accept = connection.prepareStatement(ACCEPT)) {
            new Sql.Columns(accept).add("bigint", ids, id -> id).add(by.who()).add(by.why());
            return accept.executeUpdate();
        }
    }

    /** Forgets what was looked at long ago, and of too many the oldest, those that were looked at first. */
    public void tidy(Instant before) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement old = connection.prepareStatement(
                        "DELETE FROM drift WHERE state <> 'open' AND found_at < ? OR id IN (SELECT id FROM drift"
                                + " ORDER BY state = 'open' DESC, found_at DESC OFFSET ?)")) {
            new Sql.Columns(old).add(before).add(MOST);
            old.executeUpdate();
        }
    }
}
