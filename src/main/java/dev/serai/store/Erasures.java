package dev.serai.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Forgets people. Of each event that carries one of their identifiers the bytes go, and all that its runs kept; that it came,
 * when, and what became of it stays, and so does what recognises a repeat of it. In chunks, each a transaction of its own: any
 * hub goes on where one died. At the end a certificate is left, which says nothing of the person.
 */
public final class Erasures {
    private static final int CHUNK = 100;
    /** How long what has arrived may take to come into the index. */
    private static final Duration INDEX_PATIENCE = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int LOOK = 5_000;

    private static final String HELD = """
            SELECT event_id FROM (SELECT event_id, state FROM open_run WHERE event_id = ANY (?::bigint[]) FOR UPDATE) r
             WHERE state = 'claimed'""";

    private final DataSource database;
    private final Identifiers identifiers;
    private final IdentifierKey key;
    private final InstantSource clock;
    private final Function<String, Set<String>> asked;

    /** @param asked the normal forms of what a person typed */
    public Erasures(
            DataSource database,
            Identifiers identifiers,
            IdentifierKey key,
            InstantSource clock,
            Function<String, Set<String>> asked) {
        this.database = database;
        this.identifiers = identifiers;
        this.key = key;
        this.clock = clock;
        this.asked = asked;
    }

    /**
     * How far one has come.
     *
     * @param held events that could not be erased yet, because a run of them is being worked on
     * @param certificate JSON; empty until the end
     */
    public record Erasure(
            long id, Instant askedAt, String askedBy, ObjectNode counts, int held, Optional<String> certificate) {
        /** {@code f_7}. */
        public String name() {
            return "f_" + id;
        }

        /** The number in {@code f_7} or {@code 7}. @throws IllegalArgumentException for anything else */
        public static long parse(String name) {
            return Names.parse("f_", name);
        }
    }

    /** What would go. @param runs of these events @param open those that would be ended @param records what the events are about */
    public record Forecast(long events, long runs, long open, List<String> records) {}

    private Set<String> forms(List<String> subject) {
        var forms = new HashSet<String>();
        subject.forEach(typed -> forms.addAll(asked.apply(typed)));
        return forms;
    }

    /** The records that are named as such. */
    static List<String> records(List<String> subject) {
        return subject.stream().filter(typed -> typed.contains(":")).toList();
    }

    /** Looks, and changes nothing. @param subject what recognises the person, as it was typed */
    public Forecast forecast(List<String> subject) throws SQLException {
        awaitIndex();
        long events = 0;
        long runs = 0;
        long open = 0;
        var records = new java.util.TreeSet<String>();
        List<Long> page = page(subject, Long.MAX_VALUE);
        while (!page.isEmpty()) {
            List<Long> ids = page;
            events += ids.size();
            runs += Sql.transaction(database, c -> Trails.runsOf(c, ids)).size();
            open += count("SELECT count(*) FROM open_run WHERE event_id = ANY (?::bigint[])", ids);
            if (records.size() < CHUNK) {
                new Trails(database).events(ids).forEach(event -> records.add(event.record()));
            }
            page = page(subject, ids.get(ids.size() - 1));
        }
        return new Forecast(events, runs, open, List.copyOf(records));
    }

    private List<Long> page(List<String> subject, long before) throws SQLException {
        return identifiers.events(forms(subject), records(subject), before, CHUNK);
    }

    private long count(String sql, List<Long> ids) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            new Sql.Columns(select).add("int8", ids, id -> id);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Writes down that the person is to be forgotten. @return its number, for {@link #goOn} */
    public long begin(List<String> subject, ByHand by) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO erasure (asked_at, asked_by, why, subject) VALUES (?, ?, ?, ?) RETURNING id")) {
            new Sql.Columns(insert)
                    .add(clock.instant())
                    .add(by.who())
                    .add(ErasureSweep.without(subject, Sql.clean(by.why())))
                    .add("text", subject, text -> text);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Goes on with all that were begun and not ended, by whichever hub. */
    public void goOn() throws SQLException {
        var open = new ArrayList<Long>();
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT id FROM erasure WHERE finished_at IS NULL ORDER BY id");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                open.add(row.getLong(1));
            }
        }
        for (long id : open) {
            goOn(id);
        }
    }

    /** Erases what can be erased now; when nothing is held up, that is all of it, and the certificate is written. */
    public Erasure goOn(long id) throws SQLException {
        awaitIndex();
        long before = Long.MAX_VALUE;
        int held = 0;
        boolean all = true;
        while (before > 0) {
            long from = before;
            Chunk chunk = Sql.transaction(database, connection -> chunk(connection, id, from));
            held += chunk.held;
            all &= chunk.ours;
            before = chunk.next;
        }
        if (all && held == 0) {
            Sql.transaction(database, connection -> {
                finish(connection, id);
                return null;
            });
        }
        return find(id, held).orElseThrow();
    }

    /**
     * @param ours false when it is done, or another hub is at it
     * @param next the events still to be erased have smaller numbers; 0 when there are none
     */
    private record Chunk(boolean ours, int held, long next) {}

    private Chunk chunk(Connection connection, long id, long before) throws SQLException {
        Optional<Open> open = lock(connection, id);
        List<Long> events = open.isEmpty() ? List.of() : page(open.get().subject, before);
        if (events.isEmpty()) {
            return new Chunk(open.isPresent(), 0, 0);
        }
        var held = new HashSet<Long>();
        try (PreparedStatement select = connection.prepareStatement(HELD)) {
            new Sql.Columns(select).add("int8", events, event -> event);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    held.add(row.getLong(1));
                }
            }
        }
        var erasable = new ArrayList<>(events);
        erasable.removeAll(held);
        ErasedEvents.erase(connection, clock.instant(), id, erasable, open.get().counts);
        keep(connection, id, open.get().counts);
        return new Chunk(true, held.size(), events.get(events.size() - 1));
    }

    private record Open(List<String> subject, ObjectNode counts) {}

    /** Empty when it is done, or another hub is at it. */
    private static Optional<Open> lock(Connection connection, long id) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(
                "SELECT subject, counts FROM erasure WHERE id = ? AND finished_at IS NULL FOR UPDATE SKIP LOCKED")) {
            new Sql.Columns(lock).add(id);
            try (ResultSet row = lock.executeQuery()) {
                return row.next()
                        ? Optional.of(new Open(
                                List.of((String[]) row.getArray(1).getArray()), Certificate.read(row.getString(2))))
                        : Optional.empty();
            }
        }
    }

    private static void keep(Connection connection, long id, ObjectNode counts) throws SQLException {
        try (PreparedStatement keep =
                connection.prepareStatement("UPDATE erasure SET counts = ?::jsonb WHERE id = ?")) {
            new Sql.Columns(keep).add(counts.toString()).add(id);
            keep.executeUpdate();
        }
    }

    private void finish(Connection connection, long id) throws SQLException {
        Optional<Open> open = lock(connection, id);
        if (open.isEmpty()) {
            return;
        }
        ObjectNode counts = open.get().counts;
        ErasureSweep.sweep(connection, open.get().subject, forms(open.get().subject), counts);
        Instant now = clock.instant();
        try (PreparedStatement end = connection.prepareStatement(
                "UPDATE erasure SET subject = NULL, counts = ?::jsonb, finished_at = ? WHERE id = ?"
                        + " RETURNING asked_at, asked_by, why")) {
            new Sql.Columns(end).add(counts.toString()).add(now).add(id);
            try (ResultSet row = end.executeQuery()) {
                row.next();
                var asking = new Certificate.Asking(
                        row.getTimestamp(1).toInstant(),
                        new ByHand(row.getString(2), row.getString(3)),
                        open.get().subject.size());
                write(connection, id, Certificate.of("f_" + id, asking, now, counts, key), asking.by());
            }
        }
    }

    private static void write(Connection connection, long id, String certificate, ByHand by) throws SQLException {
        try (PreparedStatement write = connection.prepareStatement("UPDATE erasure SET certificate = ? WHERE id = ?");
                PreparedStatement audit =
                        connection.prepareStatement("INSERT INTO audit (who, what, why) VALUES (?, ?, ?)")) {
            new Sql.Columns(write).add(certificate).add(id);
            write.executeUpdate();
            new Sql.Columns(audit).add(by.who()).add("forget f_" + id).add(by.why());
            audit.executeUpdate();
        }
    }

    /** Empty when there is none of that number. */
    public Optional<Erasure> find(long id) throws SQLException {
        return find(id, 0);
    }

    private Optional<Erasure> find(long id, int held) throws SQLException {
        return list(held, "WHERE id = " + id).stream().findFirst();
    }

    /** The newest first, a thousand at most. */
    public List<Erasure> list() throws SQLException {
        return list(0, "");
    }

    private List<Erasure> list(int held, String which) throws SQLException {
        var erasures = new ArrayList<Erasure>();
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT id, asked_at, asked_by, counts, certificate"
                                + " FROM erasure " + which + " ORDER BY id DESC LIMIT 1000");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                Timestamp at = row.getTimestamp(2);
                erasures.add(new Erasure(
                        row.getLong(1),
                        at.toInstant(),
                        row.getString(3),
                        Certificate.read(row.getString(4)),
                        held,
                        Optional.ofNullable(row.getString(5))));
            }
        }
        return erasures;
    }

    /** Only what is in the index is found: all that has arrived until now must be. */
    private void awaitIndex() throws SQLException {
        long newest = identifiers.lag().newest();
        long end = System.nanoTime() + INDEX_PATIENCE.toNanos();
        while (identifiers.lag().position() < newest) {
            if (!identifiers.look(LOOK)) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
            if (System.nanoTime() > end) {
                throw new SQLException("the index of identifiers is not up to date yet; ask again in a while");
            }
        }
    }
}
