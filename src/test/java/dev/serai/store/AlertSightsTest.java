package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.alert.Measures.Pattern;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

    @Test
    void growthIsCountedUpToTheLastThatIsSortedSoThatOneCauseIsOneMessage() throws SQLException {
        die(1_500);
        store.execute("UPDATE open_run SET finished_at = now() - interval '2 days' WHERE id % 3 = 0");
        Pattern pattern = sights.patterns(store.now).get(0);
        var window = store.now.minus(Duration.ofMinutes(15));
        assertThat(pattern.died().values()).as("of the last day").hasSizeBetween(1, 2);
        assertThat(pattern.died().firstKey()).isAfter(window);
        assertThat(sights.growth(window)).containsExactly(Map.entry("enrol", 1_000L));

        die(10);
        assertThat(sights.patterns(store.now).get(0).runs()).isEqualTo(1_500);
        assertThat(sights.growth(window)).containsExactly(Map.entry("enrol", 1_000L));
    }

    @Test
    void aPatternThatPeopleKnowIsAmongThemHoweverManyAreMoreFrequent() throws SQLException {
        store.execute("TRUNCATE alert");
        die(300);
        store.execute("WITH numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM open_run)"
                + " UPDATE open_run r SET reason = 'way ' || translate((n / 2)::text, '0123456789', 'abcdefghij')"
                + " FROM numbered WHERE numbered.id = r.id");
        store.execute("UPDATE open_run SET reason = 'rare' WHERE id = (SELECT max(id) FROM open_run)");
        assertThat(sights.patterns(store.now))
                .hasSize(100)
                .extracting(Pattern::reason)
                .doesNotContain("rare");

        store.execute(
                "INSERT INTO alert (name, key, rule, signal, state, severity, since, seen_at, count, body) VALUES"
                        + " ('a_1', 'dead-letters enrol put rare', 'dead-letters', 'repeated_pattern', 'open', 'warning', now(), now(), 1, '{}')");
        var anew = new AlertSights(store.database.dataSource());
        assertThat(anew.patterns(store.now))
                .hasSize(100)
                .last()
                .extracting(Pattern::reason)
                .isEqualTo("rare");
        store.execute("TRUNCATE alert");
    }

    @Test
    void aNewPatternIsSeenBehindAnyNumberOfDeadLettersAndAnOldOneIsNotOver() throws SQLException {
        var few = new AlertSights(store.database.dataSource(), 10);
        die(2);
        store.execute("UPDATE open_run SET reason = 'old'");
        die(100);
        store.execute("UPDATE open_run SET reason = 'new' WHERE id = (SELECT max(id) FROM open_run)");

        assertThat(few.patterns(store.now))
                .extracting(pattern -> pattern.runs() + " " + pattern.reason())
                .containsExactly("17 is missing", "2 old", "1 new");
        store.execute("DELETE FROM open_run WHERE reason = 'is missing' AND id % 10 > 0");
        assertThat(few.patterns(store.now).stream().mapToLong(Pattern::runs).sum())
                .as("each is counted once")
                .isEqualTo(13);
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
