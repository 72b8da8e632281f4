package dev.serai.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.alert.Judge.News;
import dev.serai.alert.Judge.Ruling;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When people are told, over time. */
class JudgeTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final List<News> told = new ArrayList<>();
    private Instant now = NOON;
    private Alert alert;

    private static Rule rule(Duration hold) {
        return new Rule(
                "lag",
                Signal.LAG,
                1,
                null,
                Duration.ZERO,
                hold,
                QUIET,
                Severity.WARNING,
                "operations",
                new Rule.Only(List.of(), List.of(), List.of()),
                "",
                true);
    }

    private void seen(long count, Severity severity, Duration hold, boolean muted) {
        take(Judge.seen(alert, new Finding(rule(hold), "orders", severity, count, Map.of(), null, muted), now));
    }

    private void seen(long count) {
        seen(count, Severity.WARNING, Duration.ZERO, false);
    }

    private void gone() {
        take(Judge.unseen(alert, QUIET, now));
    }

    private void take(Ruling ruling) {
        alert = ruling.alert();
        if (ruling.news() != News.NONE) {
            told.add(ruling.news());
        }
    }

    private void after(Duration time) {
        now = now.plus(time);
    }

    @Test
    void theSameTroubleIsToldOnceAndItsEndOnceItHasLasted() {
        for (int i = 1; i < 10; i++) {
            seen(i);
            after(Duration.ofSeconds(10));
        }
        assertThat(told).containsExactly(News.RAISED);
        gone();
        after(Duration.ofSeconds(59));
        gone();
        assertThat(told).hasSize(1);
        after(Duration.ofSeconds(1));
        gone();
        assertThat(told).containsExactly(News.RAISED, News.RESOLVED);
        assertThat(alert.state()).isEqualTo(Alert.State.RESOLVED);
    }

    @Test
    void whatDoesNotLastIsNeverTold() {
        seen(1, Severity.WARNING, Duration.ofMinutes(5), false);
        after(Duration.ofMinutes(4));
        seen(1, Severity.WARNING, Duration.ofMinutes(5), false);
        gone();
        assertThat(alert).isNull();
        seen(1, Severity.WARNING, Duration.ofMinutes(5), false);
        after(Duration.ofMinutes(5));
        seen(1, Severity.WARNING, Duration.ofMinutes(5), false);
        assertThat(told).containsExactly(News.RAISED);
        assertThat(alert.times().since()).isEqualTo(NOON.plus(Duration.ofMinutes(4)));
    }

    @Test
    void itIsToldAgainWhenItIsTenTimesAsMuchOrGraver() {
        seen(1);
        seen(9);
        assertThat(told).containsExactly(News.RAISED);
        seen(10);
        seen(99);
        seen(10_000);
        assertThat(told).containsExactly(News.RAISED, News.ESCALATED, News.ESCALATED);
        seen(10_000, Severity.CRITICAL, Duration.ZERO, false);
        seen(10_000, Severity.WARNING, Duration.ZERO, false);
        seen(10_000, Severity.CRITICAL, Duration.ZERO, false);
        assertThat(told).hasSize(4);
    }

    @Test
    void whatFlapsMustBeQuietTwiceAsLongEachTime() {
        int before = 0;
        for (int i = 0; i < 200; i++) {
            seen(1);
            after(Duration.ofSeconds(30));
            gone();
            after(Duration.ofSeconds(70));
            gone();
            if (i == 1) {
                before = told.size();
            }
        }
        assertThat(told).hasSizeLessThanOrEqualTo(before + 1);
        assertThat(alert.state()).isEqualTo(Alert.State.OPEN);
        after(Duration.ofHours(1));
        gone();
        gone();
        after(Duration.ofHours(1));
        gone();
        assertThat(told.get(told.size() - 1)).isEqualTo(News.RESOLVED);
    }

    @Test
    void aSilenceIsKeptOverItsEndAndWhatLastsIsToldAfterIt() {
        seen(1);
        alert = new Alert(
                alert.key(),
                alert.rule(),
                alert.state(),
                alert.severity(),
                new Alert.Times(NOON, NOON, null, null, NOON.plus(Duration.ofHours(4))),
                1,
                0,
                alert.told(),
                false);
        seen(1_000);
        gone();
        after(Duration.ofMinutes(2));
        gone();
        assertThat(told).as("who was told of it is told of its end").containsExactly(News.RAISED, News.RESOLVED);
        seen(1_000);
        gone();
        after(Duration.ofMinutes(2));
        gone();
        assertThat(alert.state()).isEqualTo(Alert.State.RESOLVED);
        seen(1_000);
        assertThat(told).as("began and ended in the silence").hasSize(2);
        after(Duration.ofHours(4));
        seen(1_000);
        assertThat(told).containsExactly(News.RAISED, News.RESOLVED, News.RAISED);
    }

    @Test
    void whatIsMutedIsKeptAndNotTold() {
        seen(1, Severity.WARNING, Duration.ZERO, true);
        seen(1_000, Severity.CRITICAL, Duration.ZERO, true);
        assertThat(alert.state()).isEqualTo(Alert.State.OPEN);
        gone();
        after(Duration.ofMinutes(1));
        gone();
        assertThat(alert.state()).isEqualTo(Alert.State.RESOLVED);
        assertThat(told).isEmpty();
    }
}
