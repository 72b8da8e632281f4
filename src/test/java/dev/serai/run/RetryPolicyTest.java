package dev.serai.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When a run that failed is tried again. */
class RetryPolicyTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final RetryPolicy POLICY =
            new RetryPolicy(3, new Backoff(Duration.ofMinutes(1), Duration.ofHours(1), 0.2));

    @Test
    void theDurableRetriesComeAfterOneTwoAndFourMinutes() {
        assertThat(IntStream.rangeClosed(1, 3)
                        .mapToObj(attempt -> POLICY.nextAttempt(attempt, Outcome.retry("503"), NOON, 0)
                                .map(next -> Duration.between(NOON, next).toSeconds())
                                .orElseThrow()))
                .containsExactly(60L, 120L, 240L);
    }

    @Test
    void afterTheLastOneThereIsNone() {
        assertThat(POLICY.nextAttempt(4, Outcome.retry("503"), NOON, 0)).isEmpty();
    }

    @Test
    void whatWillNotWorkHoweverOftenItIsTriedIsNotTriedAgain() {
        assertThat(POLICY.nextAttempt(1, Outcome.fail("400"), NOON, 0)).isEmpty();
    }

    @Test
    void whatTheRemoteAsksForIsWaitedOnTop() {
        var patience = new Outcome(Verdict.RATE_LIMITED, Owner.TRANSIENT, "429", Duration.ofSeconds(90));

        assertThat(POLICY.nextAttempt(1, patience, NOON, 0)).contains(NOON.plusSeconds(150));
    }

    @Test
    void chanceShortensAWaitByItsPartAtMost() {
        var backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(32), 0.2);

        assertThat(backoff.after(1, 0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(backoff.after(1, 1)).isEqualTo(Duration.ofMillis(800));
    }

    @Test
    void aWaitDoublesUpToTheLongestAndNeverOverflows() {
        var backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(32), 0);

        assertThat(IntStream.rangeClosed(1, 7)
                        .mapToObj(attempt -> backoff.after(attempt, 0).toSeconds()))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 32L);
        assertThat(backoff.after(Integer.MAX_VALUE, 0)).isEqualTo(Duration.ofSeconds(32));
    }
}
