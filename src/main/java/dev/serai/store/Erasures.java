package dev.serai.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.store.ErasureRows.Open;
import dev.serai.store.ErasureSweep.Done;
import dev.serai.store.ErasureSweep.Part;
import dev.serai.store.Identifiers.Hit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Forgets people. Of each event that carries one of their identifiers the bytes go, and all that its runs kept; that it came,
 * when, and what became of it stays, and so does what recognises a repeat of it. An event whose runs only came upon the person in
 * what they fetched stays, without those answers. In chunks, each a transaction of its own: any hub goes on where one died. At
 * the end a certificate is left, which says nothing of the person.
 */
public final class Erasures {
    private static final int CHUNK = 100;
    /** How long what has arrived may take to come into the index. */
    private static final Duration INDEX_PATIENCE = Duration.ofSeconds(10);

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

    /**
     * What would go.
     *
     * @param events that would be emptied
     * @param runs of these events
     * @param open those of them that would be ended
     * @param fetching events of which only answers would go, because only what their runs fetched tells of the person
     * @param records what all of these are about: {@code contact:7 of crm}
     */
    public record Forecast(long events, long runs, long open, long fetching, List<String> records) {}

    private ErasureTexts texts(List<String> subject) {
        var forms = new HashSet<String>();
        subject.forEach(typed -> forms.addAll(asked.apply(typed)));
        return new ErasureTexts(subject, forms);
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
        long fetching = 0;
        var records = new TreeSet<String>();
        long before = Long.MAX_VALUE;
        while (before > 0) {
            long from = before;
            List<Hit> hits = Sql.transaction(database, connection -> page(connection, subject, from));
            List<Long> own = of(hits, false);
            events += own.size();
            fetching += hits.size() - own.size();
            runs += Sql.transaction(database, c -> Trails.runsOf(c, own)).size();
            open += count("SELECT count(*) FROM open_run WHERE event_id = ANY (?::bigint[])", own);
            if (records.size() < CHUNK) {
                new Trails(database)
                        .events(hits.stream().map(Hit::event).toList())
                        .forEach(event -> records.add(event.record() + " of " + event.source()));
            }
            before = next(hits);
        }
        return new Forecast(events, runs, open, fetching, List.copyOf(records));
    }

    private List<Hit> page(Connection connection, List<String> subject, long before) throws SQLException {
        return identifiers.hits(connection, texts(subject).forms(), records(subject), before, CHUNK);
    }

    private static List<Long> of(List<Hit> hits, boolean fetched) {
        return hits.stream()
                .filter(hit -> hit.fetched() == fetched)
                .map(Hit::event)
                .toList();
    }

    /** 0 when there are no more. */
    private static long next(List<Hit> hits) {
        return hits.size() < CHUNK ? 0 : hits.get(hits.size() - 1).event();
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
                    .add(ErasureTexts.without(subject, Sql.clean(by.why())))
                    .add("text", subject, text -> text);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /**
     * Erases what can be erased now; when nothing is held up, that is all of it, and the certificate is written.
     *
     * @throws Identifiers.Behind when the index has not come as far as what has arrived
     */
    public Erasure goOn(long id) throws SQLException {
        awaitIndex();
        Chunk chunk = Sql.transaction(database, connection -> corrected(connection, id));
        int held = chunk.held;
        boolean all = chunk.ours;
        while (chunk.next > 0) {
            long from = chunk.next;
            chunk = Sql.transaction(database, connection -> chunk(connection, id, from));
            held += chunk.held;
            all &= chunk.ours;
        }
        if (all && held == 0 && sweep(id)) {
            Sql.transaction(database, connection -> {
                ErasureRows.finish(connection, id, clock.instant(), key);
                return null;
            });
        }
        return ErasureRows.find(database, id, held).orElseThrow();
    }

    /**
     * @param ours false when it is done, or another hub is at it
     * @param next the events still to be erased have smaller numbers; 0 when there are none
     */
    private record Chunk(boolean ours, int held, long next) {}

    private Chunk chunk(Connection connection, long id, long before) throws SQLException {
        Optional<Open> open = ErasureRows.lock(connection, id);
        List<Hit> hits =
                open.isEmpty() ? List.of() : page(connection, open.get().subject(), before);
        if (hits.isEmpty()) {
            return new Chunk(open.isPresent(), 0, 0);
        }
        return new Chunk(true, erase(connection, id, open.get(), hits), next(hits));
    }

    /** What a person corrected may tell of somebody of whom neither the event told nor its run. */
    private Chunk corrected(Connection connection, long id) throws SQLException {
        Optional<Open> open = ErasureRows.lock(connection, id);
        if (open.isEmpty()) {
            return new Chunk(false, 0, 0);
        }
        ErasedEvents.count(
                open.get().counts(),
                "evidence",
                FetchedTraces.evidence(connection, identifiers, texts(open.get().subject())));
        List<Hit> hits = ErasedEvents.corrected(
                        connection, identifiers, texts(open.get().subject()))
                .stream()
                .map(event -> new Hit(event, false))
                .toList();
        return new Chunk(true, erase(connection, id, open.get(), hits), Long.MAX_VALUE);
    }

    /** @return how many are held up */
    private int erase(Connection connection, long id, Open open, List<Hit> hits) throws SQLException {
        var held = new HashSet<Long>();
        try (PreparedStatement select = connection.prepareStatement(HELD)) {
            new Sql.Columns(select).add("int8", hits, Hit::event);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    held.add(row.getLong(1));
                }
            }
        }
        List<Hit> erasable =
                hits.stream().filter(hit -> !held.contains(hit.event())).toList();
        ErasedEvents.erase(connection, clock.instant(), id, of(erasable, false), open.counts());
        FetchedTraces.erase(connection, identifiers, of(erasable, true), texts(open.subject()), open.counts());
        ErasureRows.keep(connection, id, open.counts());
        return held.size();
    }

    /** Part by part. @return false when it is done, or another hub is at it */
    private boolean sweep(long id) throws SQLException {
        Optional<Open> open = Sql.transaction(database, connection -> ErasureRows.lock(connection, id));
        for (Part part : open.map(o -> ErasureSweep.parts(texts(o.subject()))).orElse(List.of())) {
            String from = "";
            while (from != null) {
                String here = from;
                Optional<Done> done = Sql.transaction(database, connection -> sweep(connection, id, part, here));
                if (done.isEmpty()) {
                    return false;
                }
                from = done.get().from();
            }
        }
        return open.isPresent();
    }

    private static Optional<Done> sweep(Connection connection, long id, Part part, String from) throws SQLException {
        Optional<Open> open = ErasureRows.lock(connection, id);
        if (open.isEmpty()) {
            return Optional.empty();
        }
        Done done = part.work().in(connection, from);
        ErasedEvents.count(open.get().counts(), part.counted(), done.rows());
        ErasureRows.keep(connection, id, open.get().counts());
        return Optional.of(done);
    }

    /** Empty when there is none of that number. */
    public Optional<Erasure> find(long id) throws SQLException {
        return ErasureRows.find(database, id, 0);
    }

    /** Whether a certificate was written by this database, and not changed since. */
    public boolean isGenuine(ObjectNode certificate) throws SQLException {
        return Certificate.isGenuine(certificate, key);
    }

    /** The newest first, a thousand at most. */
    public List<Erasure> list() throws SQLException {
        return ErasureRows.list(database, 0, "");
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
                throw new Identifiers.Behind(identifiers.lag());
            }
        }
    }
}
