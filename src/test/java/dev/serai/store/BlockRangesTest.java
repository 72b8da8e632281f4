package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Looks for the runs of an event read a few pages of history, also when much of it came at once. */
class BlockRangesTest {
    private static final Pattern BLOCKS = Pattern.compile("shared(?: hit=(\\d+))?(?: read=(\\d+))?");
    private static final List<Long> EVENTS =
            LongStream.rangeClosed(1, 50).map(i -> i * 2_000).boxed().toList();

    @Test
    void aBackfillIsSummedUpWithinAMinute() throws SQLException {
        try (var store = TestStore.fresh()) {
            store.column("""
                    WITH filled AS (
                      INSERT INTO done_run (id, event_id, flow, claims, retries, created_at, finished_at)
                      SELECT n, n, 'a-flow', 1, 0, now(), now() FROM generate_series(1, 120000) AS n RETURNING 1)
                    SELECT count(*) FROM filled""");
            long before = blocks(store);

            new Slices(
                            store.database.dataSource(),
                            () -> store.now,
                            new Slices.Policy(Duration.ofDays(28), Duration.ofDays(90), Duration.ofDays(90), 1L << 40))
                    .tidy();

            long after = blocks(store);
            assertThat(after).as("pages read, and %s before", before).isLessThan(before / 5);
            List<Long> found =
                    Sql.transaction(store.database.dataSource(), connection -> Trails.runsOf(connection, EVENTS));
            assertThat(found).containsExactlyElementsOf(EVENTS);
        }
    }

    @Test
    void theRunsOfARecordAndThoseBeforeAReplayAreFoundWithoutReadingTheHistory() throws SQLException {
        try (var store = TestStore.fresh()) {
            store.execute("INSERT INTO event (id, source, type, key, record, payload) SELECT n, 'crm', 't', 'k' || n,"
                    + " CASE WHEN n <= 300 THEN 'contact:7' ELSE 'contact:x' || n END, '{}'"
                    + " FROM generate_series(1, 120000) n");
            store.execute("INSERT INTO done_run (id, event_id, flow, claims, retries, created_at, finished_at)"
                    + " SELECT n, n, 'a-flow', 1, 0, now(), now() FROM generate_series(1, 120000) n");
            store.execute("VACUUM ANALYZE");
            var data = store.database.dataSource();

            Reading list = Reading.of(data, one -> new History(one)
                    .runs(RunFilter.ALL.record("contact:7"), 50)
                    .size());
            assertThat(list.result()).isEqualTo(50);
            assertThat(list.rows("done_run")).isLessThan(20_000);
            assertThat(list.rows("event")).isLessThan(2_000);

            Reading again = Reading.of(
                    data, one -> (int) Sql.transaction(one, c -> Replay.wentThrough(c, EVENTS.subList(0, 20), "a-flow"))
                            .longValue());
            assertThat(again.result()).isEqualTo(20);
            assertThat(again.rows("done_run")).isLessThan(60_000);
        }
    }

    /** Pages that a look for the runs of fifty events reads. */
    private static long blocks(TestStore store) throws SQLException {
        try (Connection connection = store.database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("SET LOCAL enable_seqscan = off");
            try (var explain = connection.prepareStatement("EXPLAIN (ANALYZE, BUFFERS) " + Trails.RUNS_OF)) {
                new Sql.Columns(explain).add("int8", EVENTS, id -> id);
                try (var row = explain.executeQuery()) {
                    while (row.next()) {
                        Matcher found = BLOCKS.matcher(row.getString(1));
                        if (found.find()) {
                            // the first line is the sum of all
                            return number(found.group(1)) + number(found.group(2));
                        }
                    }
                }
            }
        }
        throw new IllegalStateException("no line tells of pages");
    }

    private static long number(String text) {
        return text == null ? 0 : Long.parseLong(text);
    }
}
