package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import dev.serai.alert.Measures;
import dev.serai.alert.Measures.Counted;
import dev.serai.alert.Measures.Span;
import dev.serai.store.Tallies.Count;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TalliesTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Counted TIMES = new Counted("delivery_ms", "");

    private final TestStore store = TestStore.empty();
    private final Tallies tallies = new Tallies(store.database.dataSource());

    @BeforeEach
    void empty() {
        store.execute("TRUNCATE tally");
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static Count count(Instant minute, String kind, String outcome, long count) {
        return new Count(minute, kind, "orders", kind.equals("step") ? "send" : "", outcome, count);
    }

    @Test
    void whatTwoHubsCountIsOneSumForChartsRulesAndTheDigest() throws SQLException {
        Instant later = NOON.plusSeconds(60);
        tallies.add(List.of(
                count(NOON, "flow", "done", 5),
                count(NOON, "flow", "dead", 1),
                count(NOON, "delivery_ms", "", 900),
                count(NOON, "step", "success", 7)));
        tallies.add(List.of(count(NOON, "flow", "done", 2), count(later, "flow", "done", 3)));

        assertThat(tallies.minutes("flow", "orders", NOON))
                .extracting(Count::minute, Count::outcome, Count::count)
                .containsExactly(tuple(NOON, "dead", 1L), tuple(NOON, "done", 7L), tuple(later, "done", 3L));
        assertThat(tallies.sums("step", NOON)).containsExactly(new Count(NOON, "step", "orders", "send", "success", 7));
        assertThat(tallies.minutes(new Span(Measures.DONE, NOON, later))).containsExactly(entry("orders", 7L));
        assertThat(tallies.minutes(new Span(new Counted("flow", ""), NOON, later.plusSeconds(60))))
                .containsExactly(entry("orders", 11L));
        Span hour = new Span(Measures.DONE, NOON, NOON.plusSeconds(3600));
        assertThat(tallies.hours(hour)).containsExactly(entry("orders", 10L));
        assertThat(tallies.hours(new Span(TIMES, hour.from(), hour.to()))).containsExactly(entry("orders", 900L));
        assertThat(store.column("SELECT DISTINCT kind FROM tally WHERE span = 'hour' ORDER BY 1"))
                .containsExactly("delivery_ms", "flow");
    }

    @Test
    void theLastHourInWhichACallSucceededIsKnownForFiveWeeks() throws SQLException {
        tallies.add(List.of(
                count(NOON.minus(Duration.ofDays(30)), "call", "success", 2),
                count(NOON.minus(Duration.ofDays(20)).plusSeconds(60), "call", "ignore", 1),
                count(NOON, "call", "retry", 1),
                new Count(NOON, "call", "crm", "read", "success", 1),
                new Count(NOON, "call", "never", "sign-in", "success", 1),
                new Count(NOON, "call", "never", "read", "retry", 1)));
        tallies.tidy(NOON);
        assertThat(tallies.lastCalls(Set.of("success", "ignore"), "sign-in"))
                .containsOnly(entry("orders", NOON.minus(Duration.ofDays(20))), entry("crm", NOON));
    }

    @Test
    void minutesAreForgottenAfterADayAndHoursAfterFiveWeeks() throws SQLException {
        for (Duration age : List.of(Duration.ZERO, Duration.ofHours(25), Duration.ofHours(27), Duration.ofDays(36))) {
            tallies.add(List.of(count(NOON.minus(age), "flow", "done", 1)));
        }
        for (Duration age : List.of(Duration.ZERO, Duration.ofHours(49), Duration.ofHours(51))) {
            tallies.add(List.of(count(NOON.minus(age), "event", "", 1)));
        }
        tallies.tidy(NOON);
        assertThat(store.column("SELECT span || ' ' || count(*) FROM tally GROUP BY span ORDER BY 1"))
                .as("a window of a day is compared with the day before: events are kept for two")
                .containsExactly("hour 6", "minute 4");
    }
}
