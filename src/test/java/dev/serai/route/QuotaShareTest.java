package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.metric.Trace;
import dev.serai.route.FlowOptions.Priority;
import dev.serai.run.Allowance;
import dev.serai.run.Allowance.Thresholds;
import dev.serai.run.Bucket;
import dev.serai.run.Heard;
import dev.serai.run.Share.Asking;
import dev.serai.run.Units;
import dev.serai.run.Window;
import dev.serai.run.Window.Counting;
import dev.serai.store.Buckets.Exchanged;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** One hub's share: when it asks, whom it lets wait, and whom it sends away until when. */
class QuotaShareTest {
    private static final Units ONE = new Units(1, 1);
    private static final Caller RUN = new Caller(Priority.NORMAL, 1, Duration.ofMillis(300), Trace.NONE);

    private Instant now = Instant.parse("2026-11-20T10:00:00Z");
    private final InstantSource clock = () -> now;
    private ObjectNode state = JsonNodeFactory.instance.objectNode();
    private int asked;
    private Duration lease;
    private boolean away;
    private Duration databaseAhead = Duration.ofHours(1);

    private final QuotaShare share = new QuotaShare("shop", Duration.ofSeconds(10), this::exchange, clock);

    private Exchanged exchange(Allowance allowed, Asking asking) throws SQLException {
        return exchange("me", allowed, asking);
    }

    private Exchanged exchange(String hub, Allowance allowed, Asking asking) throws SQLException {
        asked++;
        lease = asking.report().lease();
        if (away) {
            throw new SQLException("connection refused");
        }
        Instant there = now.plus(databaseAhead);
        Bucket bucket = Bucket.of(allowed, Thresholds.USUAL, state);
        Bucket.Grant grant = bucket.exchange(hub, asking.report(), asking.news(), there);
        state = bucket.state();
        return new Exchanged(grant, bucket, there);
    }

    private static Allowance atOnce(int calls) {
        return new Allowance(List.of(), calls);
    }

    private QuotaShare other() {
        return new QuotaShare(
                "shop", Duration.ofSeconds(10), (allowed, asking) -> exchange("other", allowed, asking), clock);
    }

    @Test
    void aHubThatNeedsOnePlaceLeavesTheOthersFreeThoughItDies() {
        assertThat(share.take(RUN, ONE, atOnce(10))).isNull();

        assertThat(other().take(RUN, ONE, atOnce(10))).isNull();
    }

    @Test
    void whatCallsHoldIsKeptAsLongAsAFileThatWasChangedLetsThemTake() {
        share.take(RUN, ONE, atOnce(10));
        Duration before = lease;
        other().lasting(Duration.ofMinutes(2)).take(RUN, ONE, atOnce(10));
        assertThat(lease).isEqualTo(before.plusSeconds(220));
    }

    @Test
    void aHubThatStopsLeavesAllItsPlacesAtOnce() {
        for (int i = 0; i < 2; i++) {
            assertThat(share.take(RUN, ONE, atOnce(2))).isNull();
        }
        QuotaShare other = other();
        Instant sent = now;
        share.used(ONE, ONE, sent);
        share.used(ONE, ONE, sent);

        share.leave();

        assertThat(other.take(RUN, ONE, atOnce(2))).isNull();
        assertThat(other.take(RUN, ONE, atOnce(2))).isNull();
    }

    @Test
    void aCallThatIsMadeOnceMoreWithAnotherTokenKeepsItsPlace() {
        assertThat(share.take(RUN, ONE, atOnce(1))).isNull();
        share.used(ONE, ONE, now);
        share.again(ONE);

        assertThat(share.take(new Caller(Priority.NORMAL, 1, Duration.ZERO, Trace.NONE), ONE, atOnce(1)))
                .isNotNull();
        share.used(ONE, ONE, now);
        assertThat(share.take(RUN, ONE, atOnce(1))).isNull();
    }

    @Test
    void farFromTheLimitOneQuestionServesManyCalls() {
        for (int i = 0; i < 2000; i++) {
            assertThat(share.take(RUN, ONE, sliding(100_000, 10))).isNull();
            Instant sent = now;
            now = now.plusMillis(1);
            share.used(ONE, ONE, sent);
        }

        assertThat(asked).isLessThan(50);
    }

    @Test
    void whoHasToWaitLongIsSentAwayWithATimeOfHisOwn() {
        Allowance five = sliding(5, 10);
        for (int i = 0; i < 5; i++) {
            assertThat(share.take(RUN, ONE, five)).isNull();
            share.used(ONE, ONE, now);
        }

        var times = new ArrayList<Duration>();
        for (int i = 0; i < 12; i++) {
            times.add(Duration.between(now, share.take(RUN, ONE, five).due()));
        }

        assertThat(times).isSorted();
        assertThat(times.get(0)).isBetween(Duration.ofSeconds(10), Duration.ofMillis(10_100));
        assertThat(times.get(4)).isLessThan(Duration.ofMillis(10_100));
        assertThat(times.get(5))
                .as("the sixth waits for the round after the next")
                .isGreaterThan(Duration.ofSeconds(19));
        assertThat(times.get(11)).isGreaterThan(Duration.ofSeconds(29));
        assertThat(asked).as("questions for all of them").isLessThan(12);
        assertThat(share.take(RUN, ONE, five).why()).isEqualTo("the quota of shop is used up, 5 calls in 10s (all)");

        now = now.plusMillis(10_100);
        assertThat(share.take(RUN, ONE, five)).as("when it is time").isNull();
    }

    @Test
    void withoutTheDatabaseNobodyCalls() {
        away = true;

        var refused = share.take(RUN, ONE, sliding(100, 10));

        assertThat(refused.why())
                .isEqualTo("the database did not say whether the quota of shop allows it: connection refused");
        assertThat(Duration.between(now, refused.due())).isEqualTo(Duration.ofSeconds(1));
        share.take(RUN, ONE, sliding(100, 10));
        assertThat(asked).as("it is not asked by every call").isEqualTo(1);

        away = false;
        now = now.plusMillis(1001);
        assertThat(share.take(RUN, ONE, sliding(100, 10))).isNull();
    }

    @Test
    void whatWasUsedWhileTheDatabaseWasAwayIsToldAfterwards() {
        Allowance five = sliding(5, 10);
        for (int i = 0; i < 4; i++) {
            share.take(RUN, ONE, five);
        }
        away = true;
        for (int i = 0; i < 4; i++) {
            share.used(ONE, ONE, now);
        }
        now = now.plusMillis(600);
        share.tell();
        away = false;
        now = now.plusMillis(1100);
        share.tell();

        assertThat(share.take(RUN, ONE, five)).isNull();
        assertThat(share.take(RUN, ONE, five)).as("a sixth within ten seconds").isNotNull();
    }

    private void setBack(Duration by) {
        now = now.minus(by);
        databaseAhead = databaseAhead.plus(by);
    }

    @Test
    void aClockThatIsSetBackKeepsNobodyWaiting() {
        Allowance five = sliding(5, 10);
        for (int i = 0; i < 5; i++) {
            assertThat(share.take(RUN, ONE, five)).isNull();
            share.used(ONE, ONE, now);
        }
        assertThat(share.take(RUN, ONE, five)).isNotNull();

        setBack(Duration.ofHours(2));
        var refused = share.take(RUN, ONE, five);
        assertThat(Duration.between(now, refused.due())).isBetween(Duration.ofSeconds(9), Duration.ofMillis(10_200));

        now = now.plusSeconds(11);
        assertThat(share.take(RUN, ONE, five)).as("when it is time").isNull();
        setBack(Duration.ofHours(2));
        assertThat(share.take(RUN, ONE, five)).as("there are four left").isNull();
    }

    @Test
    void whatWasGivenBeforeAClockWasSetBackIsNotUsedForAsLong() {
        Allowance many = sliding(1000, 10);
        for (int i = 0; i < 20; i++) {
            assertThat(share.take(RUN, ONE, many)).isNull();
            share.used(ONE, ONE, now);
        }
        int before = asked;

        setBack(Duration.ofHours(2));

        assertThat(share.take(RUN, ONE, many)).isNull();
        assertThat(asked).isEqualTo(before + 1);
    }

    @Test
    void callsAtTheSameTimeAreCounted() {
        var three = new Allowance(List.of(), 3);
        for (int i = 0; i < 3; i++) {
            assertThat(share.take(RUN, ONE, three)).isNull();
        }

        var patience = new Caller(Priority.NORMAL, 1, Duration.ZERO, Trace.NONE);
        assertThat(share.take(patience, ONE, three).why())
                .isEqualTo("the quota of shop is used up, 3 calls at the same time");

        share.used(ONE, ONE, now);
        now = now.plusMillis(100);
        assertThat(share.take(RUN, ONE, three)).isNull();
    }

    private static final Caller AT_ONCE = new Caller(Priority.NORMAL, 1, Duration.ZERO, Trace.NONE);

    /** Calls that take nine seconds each, and with both places taken so many that are sent away. @return their times */
    private List<Duration> sentAwayWhileCallsAreSlow(int calls, Allowance allowed) {
        for (int i = 0; i < 20; i++) {
            assertThat(share.take(AT_ONCE, ONE, allowed)).isNull();
            Instant sent = now;
            now = now.plusSeconds(9);
            share.used(ONE, ONE, sent);
        }
        for (int i = 0; i < allowed.concurrent(); i++) {
            now = now.plusMillis(100);
            assertThat(share.take(AT_ONCE, ONE, allowed)).isNull();
        }
        var times = new ArrayList<Duration>();
        for (int i = 0; i < calls; i++) {
            times.add(Duration.between(now, share.take(AT_ONCE, ONE, allowed).due()));
        }
        return times;
    }

    @Test
    void whoWasSentAwayWhileCallsWereSlowIsCalledBackToPlacesThatLieIdle() {
        List<Duration> times = sentAwayWhileCallsAreSlow(30, atOnce(2));
        assertThat(times.get(29)).isGreaterThan(Duration.ofSeconds(60));
        assertThat(share.callBack()).as("while the places are taken").isZero();

        share.unsent(ONE);
        share.unsent(ONE);
        assertThat(share.callBack()).as("one for each place").isEqualTo(2);
        for (int i = 0; i < 100; i++) {
            now = now.plusMillis(100);
            assertThat(share.take(AT_ONCE, ONE, atOnce(2))).isNull();
            share.used(ONE, ONE, now);
        }
        assertThat(share.callBack()).as("calls are quick again").isEqualTo(28);
        assertThat(share.callBack()).as("nobody is left").isZero();
    }

    @Test
    void whoWaitsForAWindowIsNotCalledBackThoughPlacesLieIdle() {
        var hourly = new Allowance(
                List.of(new Window("all", 40, Counting.SLIDING, Duration.ofHours(1), ZoneOffset.UTC, false, 0)), 2);
        sentAwayWhileCallsAreSlow(30, hourly);
        share.used(ONE, ONE, now);
        share.used(ONE, ONE, now);
        while (share.take(AT_ONCE, ONE, hourly) == null) {
            share.used(ONE, ONE, now);
            now = now.plusMillis(100);
        }

        assertThat(share.callBack()).isZero();
    }

    @Test
    void whoIsInterruptedWhileItWaitsKeepsNobodyElseFromWaiting() {
        var one = new Allowance(
                List.of(new Window("all", 1, Counting.SLIDING, Duration.ofMillis(200), ZoneOffset.UTC, false, 0)), 0);
        assertThat(share.take(RUN, ONE, one)).isNull();
        share.used(ONE, ONE, now);
        for (int i = 0; i < 6; i++) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> share.take(RUN, ONE, one))
                    .as("it may wait")
                    .isInstanceOf(StepFailed.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void thatTheRemoteAllowsMoreByItsOwnWordIsNoticedOnce() {
        assertThat(allowedByTheirWord(5)).as("no more than the file says").isFalse();
        assertThat(allowedByTheirWord(50)).isTrue();
        assertThat(allowedByTheirWord(50)).isFalse();
        assertThat(allowedByTheirWord(20)).isFalse();
        assertThat(allowedByTheirWord(50)).as("as before").isFalse();
        assertThat(allowedByTheirWord(60)).isTrue();
    }

    private boolean allowedByTheirWord(int units) {
        now = now.plusSeconds(11);
        assertThat(share.take(RUN, ONE, sliding(5, 10))).isNull();
        share.hear(List.of(new Heard(
                "all", OptionalLong.of(units), OptionalLong.empty(), OptionalLong.empty(), Optional.empty())));
        share.used(ONE, ONE, now);
        now = now.plusSeconds(1);
        share.tell();
        return share.hasGrown();
    }

    @Test
    void whoWaitsForYearsIsToldToComeAgainInOne() {
        var rare = new Allowance(
                List.of(new Window("all", 1, Counting.MONTH, Duration.ofDays(30), ZoneOffset.UTC, false, 0)), 0);
        Instant last = now;
        for (int i = 0; i < 60_000; i++) {
            NoLeave away = share.take(AT_ONCE, ONE, rare);
            last = away == null ? last : away.due();
        }
        assertThat(Duration.between(now, last)).isEqualTo(Duration.ofDays(366));
    }

    private static Allowance sliding(int limit, int seconds) {
        return new Allowance(
                List.of(new Window(
                        "all", limit, Counting.SLIDING, Duration.ofSeconds(seconds), ZoneOffset.UTC, false, 0)),
                0);
    }
}
