package dev.serai.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.run.Allowance.Thresholds;
import dev.serai.run.Bucket.Want;
import dev.serai.run.Window.Counting;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The shared bucket by a clock of the test's own: three hubs, one remote that counts as it likes. */
class BucketTest {
    private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
    private static final Units ONE = new Units(1, 0);
    private static final Duration CALL = Duration.ofSeconds(10);

    private Instant now = START;

    /** A remote that counts each call some time between its start and its answer, in a true sliding window. */
    private final class Remote {
        private final int limit;
        private final Duration per;
        private final Deque<Instant> counted = new ArrayDeque<>();
        private int refused;
        private int most;
        private int all;

        Remote(int limit, Duration per) {
            this.limit = limit;
            this.per = per;
        }

        void count() {
            while (!counted.isEmpty() && !counted.peekFirst().plus(per).isAfter(now)) {
                counted.removeFirst();
            }
            all++;
            if (counted.size() >= limit) {
                refused++;
                return;
            }
            counted.addLast(now);
            most = Math.max(most, counted.size());
        }
    }

    private record Moment(Instant at, long order, Runnable then) implements Comparable<Moment> {
        @Override
        public int compareTo(Moment other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** Three hubs that call as fast as they are let, with delays and deaths by chance. */
    private final class World {
        private final Allowance allowed;
        private final Remote remote;
        private final Random random;
        private final double idle;
        private final PriorityQueue<Moment> moments = new PriorityQueue<>();
        private com.fasterxml.jackson.databind.node.ObjectNode state = JsonNodeFactory.instance.objectNode();
        private long order;
        private int exchanges;
        private int sent;

        World(Allowance allowed, Remote remote, long seed, double idle) {
            this.allowed = allowed;
            this.remote = remote;
            this.random = new Random(seed);
            this.idle = idle;
        }

        void at(Instant when, Runnable then) {
            moments.add(new Moment(when, order++, then));
        }

        void run(Duration length) {
            Instant end = START.plus(length);
            while (!moments.isEmpty() && !moments.peek().at.isAfter(end)) {
                Moment next = moments.poll();
                now = next.at;
                next.then.run();
            }
            now = end;
        }

        void hub(String name, int threads) {
            var hub = new SimulatedHub(this, name + order);
            for (int i = 0; i < threads; i++) {
                at(START.plusMillis(random.nextInt(50)), hub::wish);
            }
        }

        Bucket.Grant exchange(String hub, Share.Asking asking) {
            exchanges++;
            var bucket = Bucket.of(allowed, Thresholds.USUAL, state);
            Bucket.Grant grant = bucket.exchange(hub, asking.report(), asking.news(), now);
            state = bucket.state();
            return grant;
        }
    }

    private final class SimulatedHub {
        private final World world;
        private final String name;
        private final Share share = new Share(CALL);
        private boolean dead;

        SimulatedHub(World world, String name) {
            this.world = world;
            this.name = name;
            tick();
        }

        private void tick() {
            if (!dead) {
                if (share.shouldTell(now)) {
                    exchange(List.of());
                }
                world.at(now.plusMillis(250), this::tick);
            }
        }

        private Bucket.Grant exchange(List<Want> wants) {
            var asking = share.ask(wants, now);
            var grant = world.exchange(name, asking);
            share.granted(asking, grant, now);
            return grant;
        }

        /** One thread: takes leave, calls, comes again. */
        void wish() {
            if (dead) {
                return;
            }
            if (!share.take(false, ONE, now)) {
                var grant = exchange(List.of(new Want(false, false, 1, ONE)));
                if (!share.take(false, ONE, now)) {
                    Instant next = grant.next().equals(Instant.MAX) ? now.plusMillis(50) : grant.next();
                    world.at(next.isAfter(now) ? next : now.plusMillis(1), this::wish);
                    return;
                }
            }
            call();
        }

        private void call() {
            Instant began = now;
            world.sent++;
            long there = world.random.nextInt(80);
            long back = world.random.nextInt(100);
            world.at(now.plusMillis(there), world.remote::count);
            world.at(now.plusMillis(there + back), () -> {
                share.used(ONE, ONE, began, now, longest(world.allowed));
                long pause = world.random.nextDouble() < world.idle ? world.random.nextInt(4000) : 0;
                world.at(now.plusMillis(pause), this::wish);
            });
        }

        void die() {
            dead = true;
        }
    }

    private static Duration longest(Allowance allowed) {
        return allowed.windows().stream()
                .map(Window::per)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private static Allowance sliding(int limit, Duration per) {
        return new Allowance(List.of(new Window("burst", limit, Counting.SLIDING, per, ZoneOffset.UTC, false, 0)), 0);
    }

    @Property(tries = 40, seed = "20261121")
    void noWindowEverHoldsMoreThanTheLimit(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 300) int limit,
            @ForAll @IntRange(min = 1, max = 9) int idle) {
        var remote = new Remote(limit, Duration.ofSeconds(10));
        var world = new World(sliding(limit, Duration.ofSeconds(10)), remote, seed, idle / 10.0);
        for (int i = 0; i < 3; i++) {
            world.hub("hub", 12);
        }

        world.run(Duration.ofSeconds(60));

        assertThat(remote.refused).isZero();
        assertThat(remote.most).isLessThanOrEqualTo(limit);
        assertThat(remote.all).isPositive();
    }

    @Property(tries = 20, seed = "20261121")
    void aHubThatDiesTakesNothingWithItForLong(@ForAll long seed) {
        var remote = new Remote(60, Duration.ofSeconds(10));
        var world = new World(sliding(60, Duration.ofSeconds(10)), remote, seed, 0.1);
        var mortal = new SimulatedHub(world, "mortal");
        for (int i = 0; i < 8; i++) {
            world.at(START, mortal::wish);
        }
        world.hub("other", 16);
        world.at(START.plusMillis(5_000 + new Random(seed).nextInt(10_000)), mortal::die);

        world.run(Duration.ofSeconds(60));
        int before = remote.all;
        world.run(Duration.ofSeconds(160));

        assertThat(remote.refused).isZero();
        assertThat(remote.all - before)
                .as("calls of the one that is left, in 100 s")
                .isGreaterThanOrEqualTo(580);
    }

    @Property(tries = 4, seed = "20261121")
    void whenThereIsEnoughToDoTheLimitIsUsed(@ForAll long seed) {
        var remote = new Remote(190, Duration.ofSeconds(10));
        var world = new World(sliding(190, Duration.ofSeconds(10)), remote, seed, 0);
        for (int i = 0; i < 3; i++) {
            world.hub("hub", 16);
        }

        world.run(Duration.ofSeconds(200));

        assertThat(remote.refused).isZero();
        assertThat(remote.all / (190.0 * 20)).isGreaterThanOrEqualTo(0.98);
    }

    @Test
    void farFromTheLimitOneExchangeServesManyCalls() {
        var remote = new Remote(100_000, Duration.ofSeconds(10));
        var world = new World(sliding(100_000, Duration.ofSeconds(10)), remote, 1, 0);
        world.hub("hub", 16);

        world.run(Duration.ofSeconds(20));

        assertThat(world.sent).isGreaterThan(3000);
        assertThat(world.exchanges).isLessThan(world.sent / 30);
    }

    @Test
    void aBudgetIsSpreadOverTheRestOfItsPeriodOnceMostOfItIsUsed() {
        var day = new Window("daily", 1000, Counting.DAY, Duration.ofDays(1), ZoneId.of("Europe/Berlin"), false, 0);
        var world = new World(new Allowance(List.of(day), 0), new Remote(1000, Duration.ofDays(1)), 1, 0);
        now = START;
        assertThat(granted(world, false, 2000)).as("up to 80 %").isEqualTo(800);
        assertThat(granted(world, false, 100)).isEqualTo(1);
        assertThat(granted(world, false, 100)).as("the next one has its moment").isZero();

        // 13 hours to midnight in Berlin, 150 calls beside the reserve
        int calls = 0;
        for (int minute = 0; minute < 13 * 60 - 1; minute++) {
            now = now.plusSeconds(60);
            calls += granted(world, false, 100);
        }
        assertThat(calls).as("an even rest, but for the reserve").isBetween(140, 150);

        assertThat(granted(world, true, 100))
                .as("what is critical takes the reserve at once")
                .isBetween(50, 60);
        now = Instant.parse("2026-11-20T23:00:01Z");
        assertThat(granted(world, false, 10)).as("a new day").isEqualTo(10);
    }

    @Test
    void whatDoesNotFitIntoTheRestOfABudgetWaitsForTheNextPeriodAndNoLonger() {
        var day = new Window("daily", 650_000, Counting.DAY, Duration.ofDays(1), ZoneOffset.UTC, false, 0);
        Bucket bucket =
                Bucket.of(new Allowance(List.of(day), 0), Thresholds.USUAL, JsonNodeFactory.instance.objectNode());
        Instant noon = Instant.parse("2026-11-20T12:00:00Z");
        var used = List.of(new Bucket.Used(Duration.ZERO, new Units(617_000, 0)));
        bucket.exchange(
                "hub",
                new Bucket.Report(Units.NONE, 0, 0, List.of(), Duration.ofSeconds(30)),
                new Bucket.News(used, List.of(), List.of()),
                noon);

        assertThat(bucket.due(false, new Units(400, 0), noon))
                .as("of the 500 that are left beside the reserve, evenly")
                .isBetween(noon.plus(Duration.ofHours(9)), noon.plus(Duration.ofHours(10)));
        Instant midnight = Instant.parse("2026-11-21T00:00:00Z");
        assertThat(bucket.due(false, new Units(1_000, 0), noon)).isBetween(midnight, midnight.plusSeconds(11));
        assertThat(bucket.due(false, new Units(100_000, 0), noon)).isBetween(midnight, midnight.plusSeconds(1_001));
        Instant next = midnight.plus(Duration.ofDays(1));
        assertThat(bucket.due(false, new Units(900_000, 0), noon)).isBetween(next, next.plusSeconds(9_001));
    }

    /** A shop whose plan was smaller than one of its queries costs would never be asked again, and never tell of a larger one. */
    @Test
    void aCallThatCostsMoreThanThereEverIsGoesAlone() {
        var points = new Window("points", 1000, Counting.SLIDING, Duration.ofSeconds(10), ZoneOffset.UTC, true, 0);
        var world = new World(new Allowance(List.of(points), 0), new Remote(40, Duration.ofSeconds(10)), 1, 0);
        now = START;
        hear(
                world,
                new Heard("points", OptionalLong.of(40), OptionalLong.empty(), OptionalLong.empty(), Optional.empty()));
        var want = List.of(new Want(false, false, 5, new Units(1, 50)));

        for (int i = 0; i < 2; i++) {
            var bucket = Bucket.of(world.allowed, Thresholds.USUAL, world.state);
            var report = new Bucket.Report(Units.NONE, 0, 5, want, Duration.ofSeconds(1));
            Bucket.Grant grant = bucket.exchange("hub", report, Bucket.News.NONE, now);
            assertThat(grant.common()).isEqualTo(new Units(1, 50));
            Bucket.Grant other = bucket.exchange("other", report, Bucket.News.NONE, now);
            assertThat(other.common()).isEqualTo(Units.NONE);
            world.state = bucket.state();
            now = now.plusSeconds(12);
        }
    }

    private int granted(World world, boolean critical, int calls) {
        var bucket = Bucket.of(world.allowed, Thresholds.USUAL, world.state);
        var report = new Bucket.Report(
                Units.NONE, 0, calls, List.of(new Want(critical, false, calls, ONE)), Duration.ofSeconds(30));
        Bucket.Grant grant = bucket.exchange("hub", report, Bucket.News.NONE, now);
        Units given = grant.critical().plus(grant.common());
        var used = List.of(new Bucket.Used(Duration.ZERO, given));
        bucket.exchange(
                "hub",
                new Bucket.Report(Units.NONE, 0, 0, List.of(), Duration.ofSeconds(30)),
                new Bucket.News(used, List.of(), List.of()),
                now);
        world.state = bucket.state();
        return (int) given.calls();
    }

    @Test
    void peopleAreToldOnceOfEachThresholdOfAPeriod() {
        var day = new Window("daily", 100, Counting.DAY, Duration.ofDays(1), ZoneOffset.UTC, false, 0);
        var world = new World(new Allowance(List.of(day), 0), new Remote(100, Duration.ofDays(1)), 1, 0);
        now = START;
        var told = new ArrayList<Integer>();
        for (int i = 0; i < 100; i++) {
            granted(world, true, 1);
            var bucket = Bucket.of(world.allowed, Thresholds.USUAL, world.state);
            int crossed = bucket.levels(now).get(0).crossed();
            if (crossed > 0) {
                told.add(i + 1);
                told.add(crossed);
            }
            world.state = bucket.state();
        }
        assertThat(told).containsExactly(75, 75, 90, 90);
    }

    @Test
    void whatOthersUseOfTheSameAccountIsLearnedFromAnswers() {
        var allowed = sliding(100, Duration.ofSeconds(10));
        var world = new World(allowed, new Remote(100, Duration.ofSeconds(10)), 1, 0);
        now = START;
        assertThat(granted(world, false, 10)).isEqualTo(10);

        hear(
                world,
                new Heard("burst", OptionalLong.empty(), OptionalLong.of(30), OptionalLong.empty(), Optional.empty()));
        assertThat(granted(world, false, 100)).as("60 were somebody else's").isEqualTo(30);

        now = now.plusSeconds(11);
        hear(
                world,
                new Heard("burst", OptionalLong.of(40), OptionalLong.empty(), OptionalLong.empty(), Optional.empty()));
        assertThat(granted(world, false, 100))
                .as("the plan allows less than the file says")
                .isEqualTo(40);
    }

    /** A shop of a larger plan: its bucket holds more, and fills as fast as the file says until the answer tells that too. */
    @Test
    void aBucketThatHoldsMoreThanTheFileSaysFillsNoFasterForThat() {
        var points = new Window("points", 1000, Counting.FLOWING, Duration.ofSeconds(10), ZoneOffset.UTC, false, 0);
        var world = new World(new Allowance(List.of(points), 0), new Remote(2000, Duration.ofSeconds(20)), 1, 0);
        now = START;
        hear(world, flowing(2000, OptionalLong.empty()));
        now = now.plusSeconds(5);
        assertThat(granted(world, false, 5000)).as("100 a second").isEqualTo(500);

        hear(world, flowing(2000, OptionalLong.of(50)));
        now = now.plusSeconds(5);
        assertThat(granted(world, false, 5000)).as("50 a second, as it tells").isEqualTo(250);
    }

    private static Heard flowing(long limit, OptionalLong restore) {
        return new Heard("points", OptionalLong.of(limit), OptionalLong.of(0), restore, Optional.empty());
    }

    /** Half of the account is left to somebody else's integration. */
    @Test
    void aCapHoldsWhateverTheRemoteTells() {
        var burst = new Window("burst", 100, Counting.SLIDING, Duration.ofSeconds(10), ZoneOffset.UTC, false, 40);
        var world = new World(new Allowance(List.of(burst), 0), new Remote(200, Duration.ofSeconds(10)), 1, 0);
        now = START;
        hear(
                world,
                new Heard("burst", OptionalLong.of(200), OptionalLong.of(200), OptionalLong.empty(), Optional.empty()));
        assertThat(granted(world, false, 100)).isEqualTo(40);

        now = now.plusSeconds(11);
        hear(
                world,
                new Heard("burst", OptionalLong.of(200), OptionalLong.of(5), OptionalLong.empty(), Optional.empty()));
        assertThat(granted(world, false, 100))
                .as("the others took more than their part")
                .isEqualTo(5);

        var points = new Window("points", 1000, Counting.FLOWING, Duration.ofSeconds(10), ZoneOffset.UTC, false, 1000);
        var shop = new World(new Allowance(List.of(points), 0), new Remote(1000, Duration.ofSeconds(10)), 1, 0);
        hear(shop, flowing(1000, OptionalLong.of(1000)));
        now = now.plusSeconds(5);
        assertThat(granted(shop, false, 5000)).as("never faster than the cap").isEqualTo(500);
    }

    @Test
    void anAnswerThatLiesCannotStopCallsForLong() {
        var allowed = sliding(100, Duration.ofSeconds(10));
        var world = new World(allowed, new Remote(100, Duration.ofSeconds(10)), 1, 0);
        now = START;

        hear(
                world,
                new Heard(
                        "burst",
                        OptionalLong.of(0),
                        OptionalLong.of(0),
                        OptionalLong.empty(),
                        Optional.of(Duration.ofDays(9000))));

        assertThat(granted(world, false, 100)).isZero();
        now = now.plusSeconds(11);
        assertThat(granted(world, false, 100)).isEqualTo(100);
    }

    @Test
    void aDayThatIsUsedUpByTheRemotesWordEndsAtMidnight() {
        var day = new Window("daily", 1000, Counting.DAY, Duration.ofDays(1), ZoneId.of("Europe/Berlin"), false, 0);
        var world = new World(new Allowance(List.of(day), 0), new Remote(1000, Duration.ofDays(1)), 1, 0);
        now = START;
        var bucket = Bucket.of(world.allowed, Thresholds.USUAL, world.state);
        bucket.exchange(
                "hub",
                new Bucket.Report(Units.NONE, 0, 0, List.of(), Duration.ofSeconds(30)),
                new Bucket.News(
                        List.of(),
                        List.of(),
                        List.of(new Bucket.Refused("daily", Duration.ofMinutes(1), Duration.ZERO, Optional.empty()))),
                now);
        world.state = bucket.state();

        now = now.plusSeconds(120);
        assertThat(granted(world, true, 1)).isZero();
        assertThat(Bucket.of(world.allowed, Thresholds.USUAL, world.state).due(true, ONE, now))
                .isBetween("2026-11-20T23:00:00Z", "2026-11-20T23:00:00.010Z");
        now = Instant.parse("2026-11-20T23:00:00Z");
        assertThat(granted(world, true, 1)).isEqualTo(1);
    }

    /** A remote that asks for no patience, or for one that does not help, is not asked again and again. */
    @Test
    void tooManyTimeAndAgainWithoutACallThatGotThroughIsWaitedForLongerAndLonger() {
        var bucket = Bucket.of(new Allowance(List.of(), 0), Thresholds.USUAL, JsonNodeFactory.instance.objectNode());
        var waits = new ArrayList<Long>();
        Instant at = START;
        for (int i = 0; i < 14; i++) {
            Duration wait = refuse(bucket, at, Duration.ZERO, Optional.empty());
            assertThat(refuse(bucket, at.plusMillis(1), Duration.ofMillis(500), Optional.empty()))
                    .as("what was under way then says nothing new")
                    .isEqualTo(wait);
            waits.add(wait.toSeconds());
            at = at.plus(wait).plusMillis(1000);
            bucket = Bucket.of(new Allowance(List.of(), 0), Thresholds.USUAL, bucket.state());
        }
        assertThat(waits).containsExactly(5L, 6L, 7L, 9L, 13L, 21L, 37L, 69L, 133L, 261L, 517L, 905L, 905L, 905L);

        assertThat(refuse(bucket, at, Duration.ZERO, Optional.of(Duration.ofMillis(500))))
                .as("one got through meanwhile")
                .isEqualTo(Duration.ofSeconds(5));
    }

    /** @return how long it is closed then, after a refusal that asked for five seconds */
    private static Duration refuse(Bucket bucket, Instant at, Duration sent, Optional<Duration> through) {
        var refused = new Bucket.Refused("", Duration.ofSeconds(5), sent, through);
        bucket.exchange(
                "hub",
                new Bucket.Report(Units.NONE, 0, 0, List.of(), Duration.ofSeconds(30)),
                new Bucket.News(List.of(), List.of(), List.of(refused)),
                at);
        return Duration.between(at, bucket.closedUntil());
    }

    @Test
    void aMachineWhoseClockIsSetBackGoesOn() {
        var seconds = new Window("burst", 100, Counting.SLIDING, Duration.ofSeconds(10), ZoneOffset.UTC, false, 0);
        var flowing = new Window("flow", 100, Counting.FLOWING, Duration.ofSeconds(20), ZoneOffset.UTC, false, 0);
        var day = new Window("daily", 1000, Counting.DAY, Duration.ofDays(1), ZoneOffset.UTC, false, 0);
        var world = new World(
                new Allowance(List.of(seconds, flowing, day), 0), new Remote(100, Duration.ofSeconds(10)), 1, 0);
        now = Instant.parse("2026-11-20T00:30:00Z");
        assertThat(granted(world, false, 100)).isEqualTo(100);

        now = now.minus(Duration.ofHours(1)).plusSeconds(4);
        assertThat(granted(world, false, 100)).as("as full as before").isLessThanOrEqualTo(1);
        now = now.plusSeconds(11);
        assertThat(granted(world, false, 100)).as("what came back since").isBetween(50, 60);

        world.state = refused(world, Duration.ofMinutes(1));
        now = now.minus(Duration.ofHours(1));
        assertThat(granted(world, false, 100)).as("closed").isZero();
        now = now.plusSeconds(62);
        assertThat(granted(world, false, 100)).as("a minute, and not an hour").isEqualTo(100);
        var bucket = Bucket.of(world.allowed, Thresholds.USUAL, world.state);
        assertThat(bucket.levels(now).get(2)).satisfies(level -> {
            assertThat(level.until()).isEqualTo(Instant.parse("2026-11-20T00:00:00Z"));
            assertThat(level.used()).isGreaterThanOrEqualTo(250);
        });
    }

    private com.fasterxml.jackson.databind.node.ObjectNode refused(World world, Duration pause) {
        var bucket = Bucket.of(world.allowed, Thresholds.USUAL, world.state);
        bucket.exchange(
                "hub",
                new Bucket.Report(Units.NONE, 0, 0, List.of(), Duration.ofSeconds(30)),
                new Bucket.News(
                        List.of(),
                        List.of(),
                        List.of(new Bucket.Refused("", pause, Duration.ZERO, Optional.of(Duration.ofSeconds(1))))),
                now);
        return bucket.state();
    }

    @Test
    void callsAtTheSameTimeAreSharedOutFairly() {
        var five = new Allowance(List.of(), 5);
        var bucket = Bucket.of(five, Thresholds.USUAL, JsonNodeFactory.instance.objectNode());
        var lease = Duration.ofSeconds(30);
        var nothing = Bucket.News.NONE;
        now = START;

        assertThat(bucket.exchange("a", new Bucket.Report(Units.NONE, 0, 9, List.of(), lease), nothing, now)
                        .slots())
                .isEqualTo(5);
        assertThat(bucket.exchange("b", new Bucket.Report(Units.NONE, 0, 9, List.of(), lease), nothing, now)
                        .slots())
                .as("all are taken")
                .isZero();
        assertThat(bucket.exchange("a", new Bucket.Report(Units.NONE, 4, 9, List.of(), lease), nothing, now)
                        .slots())
                .as("four are under way; another hub waits")
                .isEqualTo(4);
        assertThat(bucket.exchange("b", new Bucket.Report(Units.NONE, 0, 9, List.of(), lease), nothing, now)
                        .slots())
                .isEqualTo(1);
        now = now.plusSeconds(31);
        assertThat(bucket.exchange("b", new Bucket.Report(Units.NONE, 1, 9, List.of(), lease), nothing, now)
                        .slots())
                .as("a is gone")
                .isEqualTo(5);
    }

    private void hear(World world, Heard heard) {
        var bucket = Bucket.of(world.allowed, Thresholds.USUAL, world.state);
        bucket.exchange(
                "hub",
                new Bucket.Report(Units.NONE, 0, 0, List.of(), Duration.ofSeconds(30)),
                new Bucket.News(List.of(), List.of(heard), List.of()),
                now);
        world.state = bucket.state();
    }
}
