package dev.serai.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.serai.alert.Measures.Blast;
import dev.serai.alert.Measures.Counted;
import dev.serai.alert.Measures.Failing;
import dev.serai.alert.Measures.Levels;
import dev.serai.alert.Measures.Open;
import dev.serai.alert.Measures.Pattern;
import dev.serai.alert.Measures.Span;
import dev.serai.file.Durations;
import dev.serai.run.Admission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shipped rules over what hubs may look like. */
class LookTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final List<Pattern> patterns = new ArrayList<>();
    private final List<Open> open = new ArrayList<>();
    private final Map<Span, Map<String, Long>> sums = new HashMap<>();
    private final Map<Duration, Map<String, Long>> growth = new HashMap<>();
    private final List<Failing> failing = new ArrayList<>();
    private Levels levels = new Levels(0, 0);

    private Instant now = NOON;
    private Rules rules = Rules.SHIPPED;
    /** What an earlier look has found. */
    private Set<String> lasting = Set.of();

    private List<Finding> found() {
        var seen = new Measures(now, patterns, open, growth, sums, levels, Set.of("alerts-to-slack"), failing);
        return Look.at(seen, rules, lasting);
    }

    private List<String> told() {
        return found().stream()
                .map(found -> found.rule().name() + ": " + found.about().get("reason"))
                .toList();
    }

    /** People know of all that holds now. */
    private void lookAgain() {
        lasting = found().stream().map(Finding::key).collect(Collectors.toSet());
    }

    private void failed(String reason, long runs) {
        failed(reason, runs, NOON.minusSeconds(60));
    }

    private void failed(String reason, long runs, Instant at) {
        patterns.add(new Pattern(
                "orders",
                "send",
                reason,
                runs,
                "validation",
                "crm",
                "r_9",
                new Blast(runs, 0, 0),
                false,
                new TreeMap<>(Map.of(at, runs))));
    }

    private void counted(Counted what, Duration window, Instant until, String name, long count) {
        sums.computeIfAbsent(Measures.span(what, window, until), span -> new HashMap<>())
                .put(name, count);
    }

    @Test
    void aQuietHubTellsNothing() {
        open.add(new Open("orders", "waiting", 50, NOON.minusSeconds(20)));
        counted(Measures.DONE, Duration.ofMinutes(15), NOON, "orders", 500);
        levels = new Levels(79, 60);
        assertThat(told()).isEmpty();
    }

    @Test
    void manyEqualErrorsAreOneAlertAndNotASecondOneForTheRatioOrTheGrowth() {
        failed("email: is missing", 10_000);
        open.add(new Open("orders", "dead", 10_000, null));
        counted(Measures.DEAD, Duration.ofMinutes(15), NOON, "orders", 10_000);
        counted(Measures.DONE, Duration.ofMinutes(15), NOON, "orders", 100);
        growth.put(Duration.ofMinutes(15), Map.of("orders", 10_000L));
        assertThat(told())
                .containsExactly("dead-letters: 10000 runs of orders failed alike at send: email: is missing");
    }

    @Test
    void manyDifferentErrorsAreTwentyAlertsAndOneForTheRest() {
        IntStream.range(0, 100).forEach(i -> failed("reason " + (char) ('a' + i), 1));
        assertThat(told()).hasSize(21).last().isEqualTo("dead-letters: 80 runs of orders failed in other ways");
    }

    @Test
    void aPatternThatPeopleKnowKeepsItsPlaceWhateverOvertakesIt() {
        IntStream.range(0, 20).forEach(i -> failed("reason " + (char) ('a' + i), 1));
        lookAgain();
        List<Pattern> known = List.copyOf(patterns);
        patterns.clear();
        IntStream.range(0, 5).forEach(i -> failed("another " + (char) ('a' + i), 9));
        patterns.addAll(known);

        assertThat(found()).extracting(Finding::key).containsAll(lasting).hasSize(21);
        assertThat(told()).last().isEqualTo("dead-letters: 45 runs of orders failed in other ways");
        patterns.remove(patterns.size() - 1);
        assertThat(told())
                .as("one has ended, and another takes its place")
                .contains(
                        "dead-letters: 9 runs of orders failed alike at send: another a",
                        "dead-letters: 36 runs of orders failed in other ways");
    }

    @Test
    void whatFailedLongAgoHidesNothingOfWhatFailsNow() {
        failed("email: is missing", 10_000, NOON.minus(Duration.ofDays(2)));
        counted(Measures.DONE, Duration.ofMinutes(15), NOON, "orders", 100);
        counted(Measures.DEAD, Duration.ofMinutes(15), NOON, "orders", 200);
        growth.put(Duration.ofMinutes(15), Map.of("orders", 200L));
        assertThat(told())
                .contains(
                        "dead-letter-growth: 200 dead letters of orders more within 15m",
                        "success-ratio: 33.3 % of 300 runs of orders ended well within 15m");
    }

    @Test
    void failuresThatNoPatternTellsOfLowerTheRatio() {
        counted(Measures.DONE, Duration.ofMinutes(15), NOON, "orders", 90);
        counted(Measures.DEAD, Duration.ofMinutes(15), NOON, "orders", 10);
        counted(Measures.DEAD, Duration.ofMinutes(15), NOON, "small", 10);
        assertThat(told()).containsExactly("success-ratio: 90.0 % of 100 runs of orders ended well within 15m");
    }

    @Test
    void lagIsToldBeforeItIsHalfAnHourAndCapacityAndDiskBeforeTheyAreFull() {
        open.add(new Open("orders", "waiting", 20_000, NOON.minusSeconds(301)));
        open.add(new Open("orders", "in_doubt", 2, null));
        levels = new Levels(81, 91);
        assertThat(told())
                .containsExactlyInAnyOrder(
                        "in-doubt: of 2 runs of orders nobody knows whether a write was done",
                        "lag: the first run of orders that could begin has been waiting for 5m",
                        "queue-depth: 20000 runs of orders wait",
                        "capacity: hubs hold 81 % of the runs they may hold at once",
                        "disk: history takes 91 % of serai.history.disk-gb");
    }

    @Test
    void aSourceThatFallsSilentIsToldUnlessItDidSoYesterdayToo() {
        Duration hour = Duration.ofHours(1);
        counted(Measures.EVENTS, hour, NOON.minus(hour), "shop", 1_000);
        counted(Measures.EVENTS, hour, NOON, "shop", 20);
        assertThat(told()).containsExactly("rate-drop: shop sent 98 % fewer events within 60m: 20 after 1000");
        counted(Measures.EVENTS, hour, NOON.minus(Duration.ofDays(1)), "shop", 25);
        assertThat(told()).isEmpty();
    }

    private void requests(Admission admission, Duration window, long count) {
        counted(Measures.requests(admission), window, now, "shop", count);
    }

    @Test
    void aSourceOfWhichNothingGetsThroughIsToldWithTheReasonUntilSomethingDoes() {
        Duration window = Duration.ofMinutes(15);
        requests(Admission.SIGNATURE_MISMATCH, window, 4);
        requests(Admission.BUSY, window, 500);
        assertThat(told()).as("too few of which a vendor would give up").isEmpty();
        requests(Admission.MALFORMED, window, 1);
        assertThat(told())
                .containsExactly(
                        "requests-refused: 5 of 5 requests of shop within 15m were refused, most of them because it is"
                                + " not signed with a secret of ours (signature_mismatch)");
        lookAgain();

        now = NOON.plus(Duration.ofHours(3));
        requests(Admission.SIGNATURE_MISMATCH, Measures.DAY, 40);
        assertThat(told())
                .as("the vendor has given up")
                .containsExactly(
                        "requests-refused: 40 requests of shop were refused within a day, most of them because it is not"
                                + " signed with a secret of ours (signature_mismatch); none was accepted since");
        requests(Admission.ACCEPTED, window, 1);
        assertThat(told()).as("one got through").isEmpty();
        now = NOON.plus(Duration.ofDays(2));
        assertThat(told()).as("nothing was refused for a day").isEmpty();
    }

    @Test
    void recordsThatAPollCouldNotReadAreToldForADay() {
        counted(Measures.UNREADABLE, Measures.DAY, NOON, "shop", 2);
        assertThat(told())
                .containsExactly("records-unreadable: 2 records of streams of shop could not be read within 24h");
        now = NOON.plus(Duration.ofDays(1));
        assertThat(told()).isEmpty();
    }

    @Test
    void aStrangerAtADoorThatIsInUseAndOneAtADoorThatThereIsNotAreNoAlarm() {
        Duration window = Duration.ofMinutes(15);
        requests(Admission.SIGNATURE_MISSING, window, 90);
        requests(Admission.ACCEPTED, window, 10);
        counted(Measures.requests(Admission.UNKNOWN), window, now, "", 1_000);
        assertThat(told()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1h,true", "1h,false", "6h,true", "6h,false", "24h,true"})
    void aSourceThatStaysSilentStaysToldUntilItSendsAgain(String window, boolean yesterdayIsKnown) {
        rules = Rules.read("alerts.yaml", "rules: { rate-drop: { window: " + window + " } }");
        Duration span = Durations.parse(window).orElseThrow();
        counted(Measures.EVENTS, span, NOON, "shop", 1_000);
        assertThat(told()).isEmpty();
        for (int i = 1; i <= 3; i++) {
            now = NOON.plus(span.multipliedBy(i));
            if (yesterdayIsKnown && i == 1) {
                counted(Measures.EVENTS, span, now.minus(Duration.ofDays(1)), "shop", 1_000);
            }
            assertThat(told())
                    .as("%s after %s", now, NOON)
                    .singleElement()
                    .asString()
                    .startsWith("rate-drop: shop sent 100 %");
            lookAgain();
        }
        counted(Measures.EVENTS, span, now, "shop", 990);
        counted(Measures.EVENTS, span, now.minus(span), "shop", 500);
        assertThat(told()).as("it sends again").isEmpty();
    }

    @Test
    void aSourceThatOnlyTricklesIsHeldAgainstTheDayBefore() {
        Duration hour = Duration.ofHours(1);
        counted(Measures.EVENTS, hour, NOON.minus(hour), "shop", 1_000);
        counted(Measures.EVENTS, hour, NOON, "shop", 20);
        lookAgain();
        now = NOON.plus(hour);
        counted(Measures.EVENTS, hour, now, "shop", 30);
        counted(Measures.EVENTS, hour, now.minus(Duration.ofDays(1)), "shop", 2_000);
        assertThat(told())
                .containsExactly("rate-drop: shop sent 99 % fewer events within 60m: 30 after 2000 a day before");
        assertThat(found()).extracting(Finding::count).as("what is missing").containsExactly(1_970L);
        lasting = Set.of();
        assertThat(told())
                .as("nobody knew of it, and the hour before was the same")
                .isEmpty();
    }

    @Test
    void oneSlowRequestInAHundredIsTheLimitAtTheDoors() {
        Duration window = Duration.ofMinutes(5);
        counted(Measures.REQUESTS, window, NOON, "crm", 1_000);
        counted(Measures.SLOW, window, NOON, "crm", 10);
        assertThat(told()).isEmpty();
        counted(Measures.SLOW, window, NOON, "crm", 11);
        assertThat(told()).containsExactly("intake-latency: 1.1 % of 1000 requests within 5m took more than 200 ms");
    }

    @Test
    void aConnectionThatFailsIsToldAfterTenMinutesAndCriticalAfterADay() {
        failing.add(new Failing("crm", NOON.minus(Duration.ofMinutes(10)), "crm answered 404"));
        assertThat(told()).as("it may pass").isEmpty();
        failing.add(new Failing("shop", NOON.minusSeconds(601), "shop answered 404"));
        failing.add(new Failing("bank", NOON.minus(Duration.ofHours(25)), "bank answered 500"));
        assertThat(found())
                .extracting(
                        Finding::key, Finding::severity, found -> found.about().get("reason"))
                .containsExactly(
                        tuple(
                                "connection-failing shop",
                                Severity.WARNING,
                                "shop has failed since 2026-11-21T11:49:59Z: shop answered 404"),
                        tuple(
                                "connection-failing bank",
                                Severity.CRITICAL,
                                "bank has failed since 2026-11-20T11:00:00Z: bank answered 500"));
        rules = Rules.read("alerts.yaml", "rules: { connection-failing: { connections: [ crm ], above: 5m } }");
        assertThat(told()).singleElement().asString().contains("crm has failed");
    }
}
