package dev.serai.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.run.Breaker.Limits;
import dev.serai.run.Breaker.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The breaker by itself, with a clock that is moved by hand. */
class BreakerTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Limits LIMITS = Limits.DEFAULT;
    private static final Duration LEASE = Duration.ofSeconds(30);

    private static Breaker failing(int times) {
        Breaker breaker = Breaker.closed(NOON);
        for (int i = 0; i < times; i++) {
            breaker = breaker.failed(0, LIMITS, NOON, "answered 503");
        }
        return breaker;
    }

    @Test
    void itOpensAtTheFifthFailureInARowForFifteenMinutes() {
        assertThat(failing(4).state()).isEqualTo(State.CLOSED);
        assertThat(failing(5).state()).isEqualTo(State.OPEN);
        assertThat(failing(5).until()).isEqualTo(NOON.plus(Duration.ofMinutes(15)));
    }

    @Property(seed = "20261121")
    void itOpensExactlyWhenTheLimitIsReachedWithoutASuccessBetween(
            @ForAll List<Boolean> calls, @ForAll @IntRange(min = 1, max = 9) int limit) {
        var limits = new Limits(limit, Duration.ofMinutes(1));
        Breaker breaker = Breaker.closed(NOON);
        int inARow = 0;
        for (boolean success : calls) {
            if (breaker.state() == State.OPEN) {
                break;
            }
            breaker = success ? breaker.succeeded(0, NOON) : breaker.failed(0, limits, NOON, "no");
            inARow = success ? 0 : inARow + 1;
            assertThat(breaker.state()).isEqualTo(inARow >= limit ? State.OPEN : State.CLOSED);
        }
    }

    @Test
    void noProbeGoesBeforeTheTimeIsOver() {
        Breaker open = failing(5);

        assertThat(open.probing(open.until().minusMillis(1), LEASE)).isEmpty();
        assertThat(open.probing(open.until(), LEASE)).isPresent();
    }

    @Test
    void aProbeThatGetsThroughClosesItAndOneThatFailsOpensItAgain() {
        Breaker open = failing(5);
        Instant later = open.until();
        Breaker half = open.probing(later, LEASE).orElseThrow();

        assertThat(half.succeeded(half.probe(), later).calm()).isTrue();
        Breaker again = half.failed(half.probe(), LIMITS, later, "answered 503");
        assertThat(again.state()).isEqualTo(State.OPEN);
        assertThat(again.until()).isEqualTo(later.plus(LIMITS.open()));
    }

    @Test
    void whatWasUnderWayWhenItOpenedSaysNothingAnyMore() {
        Breaker open = failing(5);

        assertThat(open.succeeded(0, NOON)).isEqualTo(open);
        assertThat(open.failed(0, LIMITS, NOON.plusSeconds(9), "late")).isEqualTo(open);
    }

    @Test
    void aProbeWhoseHubDiedGivesWayToAnother() {
        Breaker open = failing(5);
        Breaker first = open.probing(open.until(), LEASE).orElseThrow();

        assertThat(first.probing(first.until().minusMillis(1), LEASE)).isEmpty();
        Breaker second = first.probing(first.until(), LEASE).orElseThrow();
        assertThat(second.succeeded(first.probe(), first.until()))
                .as("the first comes back late")
                .isEqualTo(second);
        assertThat(second.succeeded(second.probe(), first.until()).calm()).isTrue();
    }

    @Test
    void aProbeThatCouldNotBeSentMakesRoomAtOnce() {
        Breaker open = failing(5);
        Breaker half = open.probing(open.until(), LEASE).orElseThrow();

        assertThat(half.unsent(half.probe(), open.until()).probing(open.until(), LEASE))
                .isPresent();
    }

    /** What a hub may do next. @param hub of five @param millis that pass before */
    record Move(int hub, Kind kind, int millis) {}

    enum Kind {
        ASK,
        SUCCEED,
        FAIL,
        GIVE_BACK,
        DIE
    }

    /**
     * Five hubs share one breaker, as its row in the database makes them: one after the other, in any order, each with
     * calls that take any time, with hubs that die in between.
     */
    @Property(tries = 2000, seed = "20261121")
    void whateverTheOrderThereIsNeverMoreThanOneProbe(@ForAll("moves") @Size(max = 120) List<Move> moves) {
        Breaker breaker = failing(5);
        Instant now = NOON;
        long[] probeOf = new long[5];
        Instant[] leaseOf = new Instant[5];
        for (Move move : moves) {
            now = now.plusMillis(move.millis);
            long mine = probeOf[move.hub];
            switch (move.kind) {
                case ASK -> {
                    var probing = breaker.probing(now, LEASE);
                    if (mine == 0 && probing.isPresent()) {
                        assertThat(underWay(probeOf, leaseOf, now)).isEmpty();
                        breaker = probing.get();
                        probeOf[move.hub] = breaker.probe();
                        leaseOf[move.hub] = breaker.until();
                    } else if (mine == 0 && breaker.state() == State.CLOSED) {
                        breaker = breaker.failed(0, LIMITS, now, "no");
                    }
                }
                case SUCCEED -> breaker = breaker.succeeded(mine, now);
                case FAIL -> breaker = breaker.failed(mine, LIMITS, now, "no");
                case GIVE_BACK -> breaker = mine == 0 ? breaker : breaker.unsent(mine, now);
                case DIE -> {}
            }
            if (move.kind != Kind.ASK && move.kind != Kind.DIE) {
                probeOf[move.hub] = 0;
            }
            assertThat(breaker.state() == State.CLOSED).isEqualTo(breaker.until() == null);
        }
    }

    /** The hubs whose probe may still be on its way. */
    private static List<Integer> underWay(long[] probeOf, Instant[] leaseOf, Instant now) {
        var hubs = new ArrayList<Integer>();
        for (int hub = 0; hub < probeOf.length; hub++) {
            if (probeOf[hub] != 0 && now.isBefore(leaseOf[hub])) {
                hubs.add(hub);
            }
        }
        return hubs;
    }

    @Provide
    Arbitrary<List<Move>> moves() {
        var hubs = Arbitraries.integers().between(0, 4);
        var times = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(6, Arbitraries.integers().between(0, 5_000)),
                net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(900_000, 901_000)));
        return Combinators.combine(hubs, Arbitraries.of(Kind.class), times)
                .as(Move::new)
                .list();
    }
}
