package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.alert.Measures.Pattern;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** While dead letters come by the second, their reasons are not read by the second. */
class AlertSightsTest {
    private final TestStore store = TestStore.empty();
    private final AlertSights sights = new AlertSights(store.database.dataSource());

    @AfterEach
    void stop() {
        store.close();
    }

    private void die(int runs) {
        store.execute("""
                WITH e AS (INSERT INTO event (source, type, key, record, payload)
                           SELECT 'crm', 'contact.updated', 'k' || n, 'contact:' || n, '{}' FROM generate_series(1, %d) n RETURNING id)
                INSERT INTO open_run (event_id, flow, lane, state, holds, finished_at, step, reason, owner)
                SELECT id, 'enrol', 'enrol ' || id, 'dead', false, now(), 'put', 'is missing', 'config' FROM e""".formatted(runs));
    }

    private List<Long> counts() throws SQLException {
        return sights.patterns(store.now).stream().map(Pattern::runs).toList();
    }

    @Test
    void fewAreSeenAtEachLook() throws SQLException {
        die(1);
        assertThat(counts()).containsExactly(1L);
        die(2);
        assertThat(counts()).containsExactly(3L);
    }

    @Test
    void manyAreSeenAtOnceAndThenAnewEachMinute() throws SQLException {
        assertThat(counts()).isEmpty();
        die(1_500);
        assertThat(counts()).as("they came from nothing").containsExactly(1_500L);
        die(10);
        store.now = store.now.plusSeconds(50);
        assertThat(counts()).containsExactly(1_500L);

        store.now = store.now.plus(Duration.ofSeconds(11));
        assertThat(counts()).containsExactly(1_510L);

        store.execute("TRUNCATE open_run");
        assertThat(counts()).as("they are gone, which is seen at once").isEmpty();
    }
}
