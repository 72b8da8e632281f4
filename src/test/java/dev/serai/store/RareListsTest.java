package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A list is right, and reads a small part of a history of 120,000 runs, however rare what it asks for is: of the slices that are
 * finished next to nothing, and of the newest one, which is the half here, what its block ranges leave.
 */
class RareListsTest {
    private static final List<Integer> RUNS_OF_SLICES = List.of(20_000, 20_000, 20_000, 60_000);
    private static final int NEWEST = 3;
    private static final long WHOLE = 60_000;
    /** A page, and what belongs to it. */
    private static final long FEW = 1_000;
    /** Some of the newest slice's block ranges, as it has 44 of runs and a dozen of events. */
    private static final long RANGES = 16_000;

    private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final int PAGE = 50;

    private static TestStore store;

    /** In each slice one is rare and one in two hundred is of some; one in fifty is a replay of an early one. A second apart. */
    @BeforeAll
    static void fill() throws SQLException {
        store = TestStore.fresh();
        store.now = BEGIN;
        store.execute("UPDATE slice SET began_at = '" + BEGIN + "' WHERE number = 0");
        var policy = new Slices.Policy(DAY.multipliedBy(90), DAY.multipliedBy(90), DAY.multipliedBy(90), 1L << 40);
        for (int slice = 0; slice < RUNS_OF_SLICES.size(); slice++) {
            if (slice > 0) {
                store.now = store.now.plus(DAY);
                new Slices(store.database.dataSource(), () -> store.now, policy).tidy();
            }
            String base = slice + " * 100000000::bigint";
            String at = "'" + store.now + "'::timestamptz + n * interval '1 s'";
            store.execute("""
                    INSERT INTO event (id, source, type, key, record, received_at, payload)
                    SELECT BASE + n, CASE WHEN n = 7000 THEN 'rare' WHEN n % 200 = 1 THEN 'some' ELSE 'crm' END,
                           CASE WHEN n = 8000 THEN 'rare' WHEN n % 200 = 2 THEN 'some' ELSE 'contact' END, 'k' || n,
                           'contact:' || n % 9000, AT, '{}'
                      FROM generate_series(1, COUNT) n;
                    INSERT INTO done_run (id, event_id, flow, claims, retries, created_at, finished_at, reason)
                    SELECT BASE + n, CASE WHEN n % 50 = 0 THEN n ELSE BASE + n END,
                           CASE WHEN n = 9000 THEN 'rare' WHEN n % 200 = 3 THEN 'some' ELSE 'lead' END, 1, 0, AT, AT,
                           CASE WHEN n = 10000 THEN 'rare' END
                      FROM generate_series(1, COUNT) n""".replace("BASE", base).replace("AT", at).replace("COUNT", "" + RUNS_OF_SLICES.get(slice)));
        }
        store.execute("INSERT INTO open_run (id, event_id, flow, lane, state, created_at)"
                + " SELECT 300070000 + n, 300000000 + n, 'lead', 'lane' || n, 'dead', '" + store.now
                + "' FROM generate_series(1, 300) n");
        store.execute("VACUUM ANALYZE");
    }

    @AfterAll
    static void close() {
        store.close();
    }

    /**
     * @param plain the same in plain words, over a run r and its event v
     * @param finished rows of runs and events that it may read of the slices that are finished
     * @param newest rows that it may read of the newest slice
     */
    private record Asked(RunFilter which, String plain, long finished, long newest) {
        @Override
        public String toString() {
            return plain;
        }
    }

    private static Stream<Asked> runs() {
        RunFilter all = RunFilter.ALL;
        Instant late = BEGIN.plus(DAY.multipliedBy(NEWEST)).plus(Duration.ofHours(2));
        Instant early = BEGIN.plus(DAY).plus(Duration.ofHours(20));
        return Stream.of(
                new Asked(all, "true", FEW, FEW),
                new Asked(all.flow("lead"), "r.flow = 'lead'", FEW, FEW),
                new Asked(all.flow("some"), "r.flow = 'some'", FEW, RANGES),
                new Asked(all.flow("rare"), "r.flow = 'rare'", FEW, RANGES),
                new Asked(all.flow("none"), "r.flow = 'none'", FEW, RANGES),
                new Asked(all.flow("some").before(100_015_000), "r.flow = 'some' AND r.id < 100015000", FEW, FEW),
                new Asked(
                        all.flow("rare").states(List.of("done")), "r.flow = 'rare' AND r.state = 'done'", FEW, RANGES),
                new Asked(all.flow("lead").states(List.of("dead")), "r.flow = 'lead' AND r.state = 'dead'", FEW, FEW),
                new Asked(all.source("none"), "v.source = 'none'", FEW, RANGES),
                new Asked(all.source("rare"), "v.source = 'rare'", RANGES, 2 * RANGES),
                new Asked(all.source("some"), "v.source = 'some'", FEW, WHOLE + RANGES),
                new Asked(all.source("crm"), "v.source = 'crm'", FEW, 2 * RANGES),
                new Asked(all.type("none"), "v.type = 'none'", FEW, RANGES),
                new Asked(all.type("rare"), "v.type = 'rare'", RANGES, 2 * RANGES),
                new Asked(all.source("crm").type("some"), "v.source = 'crm' AND v.type = 'some'", FEW, WHOLE + RANGES),
                new Asked(all.source("rare").flow("lead"), "v.source = 'rare' AND r.flow = 'lead'", RANGES, 2 * RANGES),
                new Asked(all.record("contact:77"), "v.record = 'contact:77'", RANGES, RANGES),
                new Asked(
                        all.reason("rare").since(late),
                        "r.reason = 'rare' AND r.created_at >= '" + late + "'",
                        FEW,
                        WHOLE + FEW),
                new Asked(all.until(early), "r.created_at < '" + early + "'", FEW, FEW),
                new Asked(
                        all.flow("lead").until(early), "r.flow = 'lead' AND r.created_at < '" + early + "'", FEW, FEW));
    }

    @ParameterizedTest
    @MethodSource("runs")
    void theRunsOf(Asked asked) throws SQLException {
        Reading list =
                Reading.of(store.database.dataSource(), one -> list(one, asked).size());

        assertThat(list(store.database.dataSource(), asked))
                .containsExactlyElementsOf(
                        store.column("SELECT r.id FROM run r JOIN event v ON v.id = r.event_id WHERE " + asked.plain
                                + " ORDER BY r.id DESC LIMIT " + PAGE));
        readLittle(list, asked.finished, asked.newest);
    }

    private static void readLittle(Reading list, long finished, long newest) {
        long ofNewest = list.rows("done_run_" + NEWEST) + list.rows("event_" + NEWEST);
        assertThat(ofNewest).as("rows read: %s", list.rows()).isLessThanOrEqualTo(newest);
        assertThat(list.rows("done_run") + list.rows("event") - ofNewest)
                .as("rows read: %s", list.rows())
                .isLessThanOrEqualTo(finished);
    }

    private static List<String> list(DataSource data, Asked asked) throws SQLException {
        return new History(data)
                .runs(asked.which, PAGE).stream()
                        .map(run -> Long.toString(run.id()))
                        .toList();
    }

    private static Stream<Events.Which> events() {
        return Stream.of(
                which("crm", null, null),
                which("some", null, null),
                which("rare", null, null),
                which("none", null, null),
                which(null, "some", null),
                which(null, "rare", null),
                which(null, "none", null),
                which("crm", "rare", null),
                which("some", null, BEGIN.plus(DAY)),
                which("none", "none", BEGIN));
    }

    private static Events.Which which(String source, String type, Instant since) {
        return new Events.Which(
                Optional.ofNullable(source),
                Optional.ofNullable(type),
                Optional.empty(),
                Optional.ofNullable(since),
                Long.MAX_VALUE);
    }

    @ParameterizedTest
    @MethodSource("events")
    void theEventsOf(Events.Which which) throws SQLException {
        DataSource data = store.database.dataSource();
        Reading list = Reading.of(data, one -> new Events(one).list(which, PAGE).size());

        String plain = which.source().map(x -> " AND source = '" + x + "'").orElse("")
                + which.type().map(x -> " AND type = '" + x + "'").orElse("")
                + which.since().map(x -> " AND received_at >= '" + x + "'").orElse("");
        assertThat(new Events(data).list(which, PAGE))
                .extracting(line -> Long.toString(line.id()))
                .containsExactlyElementsOf(
                        store.column("SELECT id FROM event WHERE true" + plain + " ORDER BY id DESC LIMIT " + PAGE));
        readLittle(list, FEW, which.since().isPresent() ? WHOLE : RANGES);
    }

    @Test
    void theNextPageGoesOnWhereTheLastOneEnded() throws SQLException {
        var first = new Events(store.database.dataSource()).list(which("some", null, null), PAGE);
        long last = first.get(PAGE - 1).id();
        var next = new Events.Which(Optional.of("some"), Optional.empty(), Optional.empty(), Optional.empty(), last);

        Reading page = Reading.of(
                store.database.dataSource(),
                one -> new Events(one).list(next, PAGE).size());

        assertThat(page.result()).isEqualTo(PAGE);
        readLittle(page, FEW, WHOLE);
    }
}
