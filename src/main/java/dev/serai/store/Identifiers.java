package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Which events carry which identifiers, by keyed hash. Events are looked at behind intake, by one hub at a time, in the order
 * of their numbers and never past one that is not committed yet; what runs fetch on their way is added with their journal.
 */
public final class Identifiers {
    private static final int ROWS = 20_000;
    /** Payloads that are held at once: each may have 5 MiB. */
    static final int FETCHED = 4;
    /** Bytes of payloads in a look, so that what a look has done is soon safe. */
    private static final long MOST_BYTES = 32L << 20;

    private static final String ADD =
            "INSERT INTO identifier (digest, event_id, fetched) SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::bool[])";

    /** What an earlier claim of the run has told stands there already. */
    private static final String ADD_AGAIN = """
            INSERT INTO identifier (digest, event_id, fetched)
            SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::bool[]) AS g(digest, event_id, fetched)
             WHERE NOT EXISTS (SELECT FROM identifier i WHERE i.digest = g.digest AND i.event_id = g.event_id
                                  AND (NOT i.fetched OR g.fetched))""";

    private static final String OF_DIGEST = """
            (SELECT event_id, bool_and(fetched) AS fetched FROM identifier WHERE digest = ? AND event_id < ?
              GROUP BY event_id ORDER BY event_id DESC LIMIT ?)""";

    private static final String OF_RECORD =
            "(SELECT id, false FROM event WHERE record = ? AND id < ? ORDER BY id DESC LIMIT ?)";

    private final DataSource database;
    private final IdentifierKey key;
    private final BiFunction<String, byte[], Set<String>> identified;
    private final Horizon horizon = new Horizon();

    /** A row. @param fetched whether not the event told it, but what its runs fetched */
    record Carried(long digest, long eventId, boolean fetched) {}

    /** An event that was found. @param fetched whether only what its runs fetched tells of whom was looked for */
    public record Hit(long event, boolean fetched) {}

    /** The index has not come as far as is asked for. */
    public static final class Behind extends SQLException {
        Behind(Lag lag) {
            super("the index of identifiers has come to event " + lag.position() + " of " + lag.newest()
                    + "; it goes on by itself while a hub runs, ask again in a while");
        }
    }

    /** @param identified the normal forms of what the record's name and the payload of an event carry */
    public Identifiers(DataSource database, IdentifierKey key, BiFunction<String, byte[], Set<String>> identified) {
        this.database = database;
        this.key = key;
        this.identified = identified;
    }

    /**
     * Takes the next events into the index.
     *
     * @return whether there is more that can be taken at once; false as well while another hub is at it
     */
    public synchronized boolean look(int most) throws SQLException {
        Boolean more = Sql.transaction(database, connection -> {
            long position;
            try (PreparedStatement claim = connection.prepareStatement(
                            "SELECT position FROM identifier_watch FOR UPDATE SKIP LOCKED");
                    ResultSet row = claim.executeQuery()) {
                if (!row.next()) {
                    return false;
                }
                position = row.getLong(1);
            }
            OptionalLong top = horizon.beyond(connection, position);
            if (top.isEmpty()) {
                return false;
            }
            long last = take(connection, position, top.getAsLong(), most);
            try (PreparedStatement move = connection.prepareStatement("UPDATE identifier_watch SET position = ?")) {
                new Sql.Columns(move).add(last);
                move.executeUpdate();
            }
            return last < top.getAsLong();
        });
        if (!more) {
            ahead();
        }
        return more;
    }

    private void ahead() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT position FROM identifier_watch");
                ResultSet row = select.executeQuery()) {
            row.next();
            horizon.ahead(connection, row.getLong(1));
        }
    }

    private long take(Connection connection, long position, long top, int most) throws SQLException {
        var rows = new ArrayList<Carried>();
        long last = top;
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT id, record, payload FROM event WHERE id > ? AND id <= ? ORDER BY id LIMIT ?")) {
            select.setFetchSize(FETCHED);
            new Sql.Columns(select).add(position).add(top).add(most);
            try (ResultSet row = select.executeQuery()) {
                int taken = 0;
                long bytes = 0;
                while (last == top && row.next()) {
                    long id = row.getLong(1);
                    byte[] payload = row.getBytes(3);
                    for (String form : identified.apply(row.getString(2), payload)) {
                        rows.add(new Carried(key.digest(form), id, false));
                    }
                    taken++;
                    bytes += payload.length;
                    last = taken == most || bytes >= MOST_BYTES ? id : last;
                    if (rows.size() >= ROWS) {
                        add(connection, ADD, rows);
                        rows.clear();
                    }
                }
            }
        }
        add(connection, ADD, rows);
        return last;
    }

    /** @param again whether some of them may stand there already */
    static void add(Connection connection, List<Carried> rows, boolean again) throws SQLException {
        add(connection, again ? ADD_AGAIN : ADD, rows);
    }

    private static void add(Connection connection, String sql, List<Carried> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement add = connection.prepareStatement(sql)) {
            new Sql.Columns(add)
                    .add("int8", rows, Carried::digest)
                    .add("int8", rows, Carried::eventId)
                    .add("bool", rows, Carried::fetched);
            add.executeUpdate();
        }
    }

    /** A person has made something else of events: they tell of whom stands in that, too. @param payloads by event, perhaps several */
    void corrected(Connection connection, List<Map.Entry<Long, byte[]>> payloads) throws SQLException {
        var rows = new ArrayList<Carried>();
        for (Map.Entry<Long, byte[]> payload : payloads) {
            for (String form : identified.apply("", payload.getValue())) {
                rows.add(new Carried(key.digest(form), payload.getKey(), false));
            }
        }
        add(connection, rows, true);
    }

    /** Takes events out of the index, as far as these forms go. */
    void drop(Connection connection, Collection<String> forms, Collection<Long> events) throws SQLException {
        var digests = new ArrayList<Long>();
        for (String form : forms) {
            digests.add(key.digest(form));
        }
        try (PreparedStatement drop = connection.prepareStatement(
                "DELETE FROM identifier WHERE digest = ANY (?::bigint[]) AND event_id = ANY (?::bigint[])")) {
            new Sql.Columns(drop).add("int8", digests, digest -> digest).add("int8", events, id -> id);
            drop.executeUpdate();
        }
    }

    /** Whether bytes that are stored beside an event carry any of the forms. */
    boolean carry(byte[] bytes, Collection<String> forms) {
        return identified.apply("", bytes).stream().anyMatch(forms::contains);
    }

    /** How far the index has come, and the newest event that was stored. */
    public record Lag(long position, long newest) {}

    public Lag lag() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT w.position, " + Horizon.NEWEST + " FROM identifier_watch w, event_number e");
                ResultSet row = select.executeQuery()) {
            row.next();
            return new Lag(row.getLong(1), row.getLong(2));
        }
    }

    /**
     * The numbers of the events that carry any of the forms, or are about one of the records; the newest first.
     *
     * @param before only smaller numbers
     */
    public List<Long> events(Collection<String> forms, Collection<String> records, long before, int most)
            throws SQLException {
        return hits(forms, records, before, most).stream().map(Hit::event).toList();
    }

    /** As {@link #events}, and how each is found. */
    public List<Hit> hits(Collection<String> forms, Collection<String> records, long before, int most)
            throws SQLException {
        try (Connection connection = database.getConnection()) {
            return hits(connection, forms, records, before, most);
        }
    }

    /** The same, within a transaction. */
    List<Hit> hits(Connection connection, Collection<String> forms, Collection<String> records, long before, int most)
            throws SQLException {
        if (forms.isEmpty() && records.isEmpty()) {
            return List.of();
        }
        String sql = Stream.concat(
                        forms.stream().map(f -> OF_DIGEST), records.stream().map(r -> OF_RECORD))
                .collect(Collectors.joining(
                        " UNION ALL ",
                        "SELECT event_id, bool_and(fetched) FROM (",
                        ") found (event_id, fetched) GROUP BY 1 ORDER BY 1 DESC LIMIT ?"));
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            var columns = new Sql.Columns(select);
            for (String form : forms) {
                columns.add(key.digest(form)).add(before).add(most);
            }
            for (String record : records) {
                columns.add(record).add(before).add(most);
            }
            columns.add(most);
            var hits = new ArrayList<Hit>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    hits.add(new Hit(row.getLong(1), row.getBoolean(2)));
                }
            }
            return hits;
        }
    }
}
