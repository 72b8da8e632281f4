package dev.serai.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.run.RetryPolicy.Ask;
import dev.serai.run.RetryPolicy.Next;
import dev.serai.run.RetryPolicy.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;

/** When what failed is tried again. Time and chance are given. */
class RetryPolicyTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final RetryPolicy STANDARD =
            RetryPresets.policy(RetryPresets.STANDARD).orElseThrow();

    private static Ask ask(Outcome outcome, int retry) {
        return new Ask(outcome, retry, NOON, NOON);
    }

    private static Outcome answered(int status) {
        return new Outcome(Verdict.RETRY, Owner.TRANSIENT, "answered " + status, Duration.ZERO, status);
    }

    private static Outcome patience(Duration asked) {
        return new Outcome(Verdict.RATE_LIMITED, Owner.TRANSIENT, "429", asked, 429);
    }

    /** The longest wait before each try of a tier. */
    private static List<Long> bounds(String preset, boolean quick) {
        RetryPolicy policy = RetryPresets.policy(preset).orElseThrow();
        Tier tier = quick ? policy.quick() : policy.durable();
        return IntStream.rangeClosed(1, tier.attempts())
                .mapToObj(retry -> tier.backoff().bound(retry).toSeconds())
                .toList();
    }

    @Test
    void thePresetsHaveTheSchedulesOfTheirSources() {
        assertThat(bounds("standard", true)).containsExactly(1L, 2L, 4L, 8L, 16L, 32L);
        assertThat(bounds("standard", false)).containsExactly(60L, 120L, 240L);
        assertThat(bounds("quick-only", true)).containsExactly(1L, 2L, 4L, 8L, 16L, 32L);
        assertThat(bounds("quick-only", false)).isEmpty();
        assertThat(bounds("overload-only", true)).containsExactly(1L, 2L, 4L);
        assertThat(bounds("steady", true)).containsExactly(4L, 8L);
        assertThat(bounds("minutes-only", false)).containsExactly(60L, 120L, 240L);
        assertThat(bounds("three-attempts", true)).containsExactly(1L, 2L);
        assertThat(bounds("patient", false)).hasSize(40).endsWith(21_600L);
    }

    @Test
    void whatARemoteAsksToWaitForIsNoRetryHoweverOftenAndOnlyAgeAndWordEndIt() {
        var none = new Tier(0, new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), Backoff.FULL_JITTER));
        var day = Optional.of(Duration.ofDays(1));
        var policy = new RetryPolicy(none, none, day, new TreeSet<>());
        Outcome hour = patience(Duration.ofHours(1));

        assertThat(policy.asTold(ask(hour, 1000)).due()).contains(NOON.plus(Duration.ofHours(1)));
        assertThat(policy.asTold(new Ask(hour, 0, NOON.minus(Duration.ofHours(23)), NOON))
                        .due())
                .isPresent();
        assertThat(policy.asTold(new Ask(hour, 0, NOON.minus(Duration.ofHours(24)), NOON)))
                .isEqualTo(new Next(Optional.empty(), "by then its event would be older than max_age, 24h"));
        assertThat(new RetryPolicy(none, none, day, new TreeSet<>(List.of(503)))
                        .asTold(ask(hour, 0))
                        .because())
                .isEqualTo("its retry policy tries again after [503] only");
    }

    @Property(seed = "20261121")
    void theSteadyPresetNeverWaitsLessThanTwoSecondsNorMoreThanTen(
            @ForAll @IntRange(min = 1, max = 2) int retry,
            @ForAll @DoubleRange(max = 0.999_999) @Scale(6) double chance) {
        Next next = RetryPresets.policy("steady").orElseThrow().quickly(ask(answered(503), retry), chance);

        assertThat(Duration.between(NOON, next.due().orElseThrow()))
                .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(10));
    }

    @Property(seed = "20261121")
    void aWaitIsMoreThanNothingAndNeverLongerThanItsBound(
            @ForAll("tiers") Tier tier,
            @ForAll @IntRange(min = 1, max = 100) int retry,
            @ForAll @DoubleRange(max = 0.999_999) @Scale(6) double chance) {
        Duration wait = tier.backoff().before(retry, chance);

        assertThat(wait).isPositive().isLessThanOrEqualTo(tier.backoff().bound(retry));
    }

    @Property(seed = "20261121")
    void boundsNeverShrinkAndNeverExceedTheLongest(
            @ForAll("tiers") Tier tier, @ForAll @IntRange(min = 1, max = 100) int retry) {
        Backoff backoff = tier.backoff();

        assertThat(backoff.bound(retry + 1))
                .isGreaterThanOrEqualTo(backoff.bound(retry))
                .isLessThanOrEqualTo(backoff.longest());
        assertThat(backoff.bound(Integer.MAX_VALUE)).isEqualTo(backoff.longest());
    }

    @Property(seed = "20261121")
    void fullJitterUsesTheWholeRange(@ForAll @IntRange(min = 1, max = 6) int retry) {
        Backoff backoff = RetryPresets.QUICK.backoff();

        assertThat(backoff.before(retry, 0)).isEqualTo(backoff.bound(retry));
        assertThat(backoff.before(retry, 0.999_999)).isLessThan(Duration.ofMillis(2));
    }

    @Property(seed = "20261121")
    void whatTheRemoteAsksForIsWaitedInFullAndTheScheduleOnTop(
            @ForAll @IntRange(min = 0, max = 86_400) int seconds,
            @ForAll @IntRange(min = 1, max = 3) int retry,
            @ForAll @DoubleRange(max = 0.999_999) @Scale(6) double chance) {
        Duration asked = Duration.ofSeconds(seconds);

        Instant due =
                STANDARD.durably(ask(patience(asked), retry), chance).due().orElseThrow();

        assertThat(due).isAfter(NOON.plus(asked));
        assertThat(due)
                .isBeforeOrEqualTo(
                        NOON.plus(asked).plus(STANDARD.durable().backoff().bound(retry)));
    }

    @Property(seed = "20261121")
    void aRunIsHeldInMemoryOnlyWhileTheRemoteAsksForLittle(@ForAll @IntRange(min = 0, max = 600) int seconds) {
        Next next = STANDARD.quickly(ask(patience(Duration.ofSeconds(seconds)), 1), 0.5);

        assertThat(next.due().isPresent()).isEqualTo(seconds <= 32);
    }

    @Property(seed = "20261121")
    void noPolicyTriesMoreOftenThanItSaysNorWhatIsFinal(
            @ForAll("tiers") Tier quick,
            @ForAll("tiers") Tier durable,
            @ForAll @IntRange(min = 1, max = 60) int retry) {
        var policy = new RetryPolicy(quick, durable);

        assertThat(policy.quickly(ask(answered(500), retry), 0.5).due().isPresent())
                .isEqualTo(retry <= quick.attempts());
        assertThat(policy.durably(ask(answered(500), retry), 0.5).due().isPresent())
                .isEqualTo(retry <= durable.attempts());
        assertThat(policy.quickly(ask(Outcome.fail("400"), retry), 0.5).due()).isEmpty();
    }

    @Property(seed = "20261121")
    void nothingIsTriedAgainAfterTheMaximumAge(
            @ForAll @IntRange(min = 0, max = 7200) int ageSeconds,
            @ForAll @IntRange(min = 1, max = 3600) int maxAge,
            @ForAll @DoubleRange(max = 0.999_999) @Scale(6) double chance) {
        var limit = Duration.ofSeconds(maxAge);
        var policy = new RetryPolicy(STANDARD.quick(), STANDARD.durable(), Optional.of(limit), new TreeSet<>());
        Instant arrived = NOON.minusSeconds(ageSeconds);

        Next next = policy.durably(new Ask(answered(503), 1, arrived, NOON), chance);

        next.due().ifPresent(due -> assertThat(Duration.between(arrived, due)).isLessThanOrEqualTo(limit));
        if (next.due().isEmpty()) {
            assertThat(next.because()).contains("older than max_age");
        }
    }

    @Test
    void onlyTheStatusesOfThePolicyAreTriedAgainAndWhatGotNoAnswer() {
        RetryPolicy policy = RetryPresets.policy("overload-only").orElseThrow();

        assertThat(policy.quickly(ask(answered(503), 1), 0).due()).isPresent();
        assertThat(policy.quickly(ask(Outcome.retry("timed out"), 1), 0).due()).isPresent();
        assertThat(policy.quickly(ask(answered(500), 1), 0))
                .isEqualTo(new Next(Optional.empty(), "its retry policy tries again after [429, 503] only"));
    }

    @Test
    void noPresetRetriesWhatWillNotWorkHoweverOftenItIsTried() {
        for (Verdict verdict : Set.of(Verdict.FAIL, Verdict.UNAUTHORIZED)) {
            var outcome = new Outcome(verdict, Owner.CONFIG, "no", Duration.ZERO, 400);
            RetryPresets.byName().values().forEach(preset -> {
                assertThat(preset.policy().quickly(ask(outcome, 1), 0).due()).isEmpty();
                assertThat(preset.policy().durably(ask(outcome, 1), 0).due()).isEmpty();
            });
        }
    }

    @Provide
    Arbitrary<Tier> tiers() {
        var attempts = Arbitraries.integers().between(0, 50);
        var first = Arbitraries.longs().between(1, 600_000).map(Duration::ofMillis);
        var times = Arbitraries.integers().between(1, 1000);
        var jitter = Arbitraries.doubles().between(0, 1);
        return Combinators.combine(attempts, first, times, jitter)
                .as((a, f, t, j) -> new Tier(a, new Backoff(f, f.multipliedBy(t), j)));
    }
}
