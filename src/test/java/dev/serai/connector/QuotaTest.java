package dev.serai.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.run.Heard;
import dev.serai.run.Outcome;
import dev.serai.run.Units;
import dev.serai.run.Verdict;
import dev.serai.run.Window;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What connector files say of limits, and what is learned of them from answers. */
class QuotaTest {
    private static final Instant NOW = Instant.parse("2026-11-20T22:30:00Z");

    @Test
    void severalLimitsHoldAtOnceAndAnOperationHasItsOwn() {
        var shop = read("""
                quota:
                  concurrent: 10
                  cost: 2
                  windows:
                    - { name: burst, requests: 190, per: 10s }
                    - { name: tokens, points: 30000, per: day, zone: America/New_York }
                    - { name: bucket, points: 100, per: 1s, counts: flowing, burst: 2000 }
                reads:
                  search: { path: /search, quota: { cost: 40, requests: 5, per: 1s } }
                  one: { path: /one }
                """);

        assertThat(shop.quotas().all().allowed().windows())
                .extracting(w -> w.name() + " " + w.limit() + " " + w.counting() + " " + w.per() + " " + w.points())
                .containsExactly(
                        "burst 190 SLIDING PT10S false",
                        "tokens 30000 DAY PT24H true",
                        "bucket 2000 FLOWING PT20S true");
        assertThat(shop.quotas().all().allowed().concurrent()).isEqualTo(10);
        Window day = shop.quotas().all().allowed().windows().get(1);
        assertThat(day.end(NOW)).isEqualTo("2026-11-21T05:00:00Z");
        assertThat(shop.quotas().units("search", 1)).isEqualTo(new Units(1, 40));
        assertThat(shop.quotas().units("one", 1)).isEqualTo(new Units(1, 2));
        assertThat(shop.quotas().of("search").allowed().windows()).hasSize(1);
        assertThat(shop.quotas().of("one").allowed().unlimited()).isTrue();
    }

    @Test
    void aCostMayCoverSeveralRecords() {
        var zoho = read("""
                quota: { points: 5000, per: 1d, cost: 1, records_per_cost: 10 }
                """);

        assertThat(zoho.quotas().units("x", 1).points()).isEqualTo(1);
        assertThat(zoho.quotas().units("x", 100).points()).isEqualTo(10);
        assertThat(zoho.quotas().units("x", 101).points()).isEqualTo(11);
    }

    /** What is told in whole seconds may have been cut off by nearly one. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            seconds            | 90                              | PT1M31S
            milliseconds       | 90000                           | PT1M30S
            epoch_seconds      | 1795213890                      | PT1M31S
            epoch_milliseconds | 1795213890000                   | PT1M30S
            date               | Fri, 20 Nov 2026 22:31:30 GMT   | PT1M31S
            date               | 2026-11-20T22:31:30Z            | PT1M31S
            """)
    void aResetIsReadInEachFormThatVendorsUse(String form, String told, String expected) {
        var shop = read("""
                quota:
                  requests: 100
                  per: 2m
                  headers: { limit: X-Limit, remaining: X-Left, reset: X-Reset }
                  reset_as: %s
                """.formatted(form));

        assertThat(shop.quotas()
                        .all()
                        .heard(answer(200, Map.of("X-Limit", "150", "x-left", "17", "X-Reset", told), ""), NOW))
                .containsExactly(heard("all", 150, 17, Duration.parse(expected)));
    }

    @Test
    void usedAndAllowedMayBeToldAtOnce() {
        var salesforce = read("""
                quota: { requests: 15000, per: 1d, headers: { usage: Sforce-Limit-Info } }
                """);

        assertThat(salesforce
                        .quotas()
                        .all()
                        .heard(answer(200, Map.of("Sforce-Limit-Info", "api-usage=18/5000"), ""), NOW))
                .containsExactly(heard("all", 5000, 4982, null));
    }

    @Test
    void aBodyMayTellWhatIsLeftAndWhatTheCallReallyTook() {
        var shopify = read("""
                quota:
                  points: 100
                  per: 1s
                  counts: flowing
                  burst: 2000
                  cost: 50
                  cost_told: extensions.cost.actualQueryCost
                  body:
                    limit: extensions.cost.throttleStatus.maximumAvailable
                    remaining: extensions.cost.throttleStatus.currentlyAvailable
                    restore: extensions.cost.throttleStatus.restoreRate
                """);
        var answer = answer(200, Map.of(), """
                {"data": {}, "extensions": {"cost": {"requestedQueryCost": 101, "actualQueryCost": 46,
                 "throttleStatus": {"maximumAvailable": 1000.0, "currentlyAvailable": 954, "restoreRate": 50.0}}}}""");

        assertThat(shopify.quotas().all().heard(answer, NOW))
                .containsExactly(new Heard(
                        "all", OptionalLong.of(1000), OptionalLong.of(954), OptionalLong.of(50), Optional.empty()));
        assertThat(shopify.quotas().cost("x").really(answer)).hasValue(46);
    }

    @Test
    void aCostThatNoCallCanHaveIsTheMostThatIsReckonedWith() {
        var shop = read("quota: { points: 100, per: 1s, cost: 50, cost_told: cost }\n");
        for (String told : List.of("1e500000000", "999999999999999999999")) {
            assertThat(shop.quotas().cost("x").really(answer(200, Map.of(), "{\"cost\": " + told + "}")))
                    .hasValue(1_000_000_000);
        }
    }

    @Test
    void operationsOfAGroupShareItsLimitBesideTheirOwnAndTheConnectors() {
        var hubspot = read(SEARCHES);

        assertThat(hubspot.quotas().limits("contacts"))
                .extracting(limit -> limit.name() + " "
                        + limit.quota().allowed().windows().get(0).limit())
                .containsExactly("contacts 9", "search 4", " 190");
        assertThat(hubspot.quotas().limits("deals"))
                .extracting(QuotaSet.Limit::name)
                .containsExactly("search", "");
        assertThat(hubspot.quotas().limits("one"))
                .extracting(QuotaSet.Limit::name)
                .containsExactly("");
        assertThat(hubspot.quotas().named()).containsOnlyKeys("contacts", "search");
    }

    private static final String SEARCHES = """
            quota:
              requests: 190
              per: 10s
              headers: { remaining: X-Left }
              which: policyName
              called: TEN_SECONDLY_ROLLING
              groups:
                search: { operations: [ contacts, deals ], requests: 4, per: 1s, called: SECONDLY }
            reads:
              contacts: { path: /contacts, quota: { requests: 9, per: 1s } }
              deals: { path: /deals }
              one: { path: /one }
            """;

    /** One limit is told to be used up, or named: not what else is allowed there. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            contacts | {"policyName": "SECONDLY"}             |   | search
            contacts | {"policyName": "TEN_SECONDLY_ROLLING"} |   | ''
            contacts | {"policyName": "ANOTHER"}              |   | contacts
            contacts | {}                                     | 7 | contacts
            contacts | {}                                     | 0 | ''
            deals    | {}                                     |   | search
            one      | {"policyName": "SECONDLY"}             |   | ''
            """)
    void tooManyMeansTheLimitThatIsNamedOrUsedUpElseTheNarrowest(
            String operation, String body, String left, String meant) {
        var answer = answer(429, left == null ? Map.of() : Map.of("X-Left", left), body);

        assertThat(read(SEARCHES).quotas().meant(operation, answer, NOW).name()).isEqualTo(meant);
    }

    @Test
    void tooManyOfWhatStatesNoLimitIsALimitOfItsOperation() {
        var shop = read("reads: { one: { path: /one }, two: { path: /two } }\n");

        QuotaSet.Limit meant = shop.quotas().meant("one", answer(429, Map.of(), ""), NOW);

        assertThat(meant).isEqualTo(new QuotaSet.Limit("one", Quota.NONE));
        assertThat(limited(shop, Map.of("Retry-After", "7"), "")).isEqualTo(Duration.ofSeconds(7));
    }

    /** Three minutes ahead, a hub would else take a window for over that has not ended. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            epoch_seconds      | 1795213890                      | PT1M31S
            epoch_milliseconds | 1795213890000                   | PT1M30S
            date               | Fri, 20 Nov 2026 22:31:30 GMT   | PT1M31S
            seconds            | 90                              | PT1M31S
            """)
    void aResetThatIsAMomentIsReckonedByTheRemotesClock(String form, String told, String expected) {
        var shop = read("""
                quota:
                  requests: 100
                  per: 2m
                  headers: { remaining: X-Left, reset: X-Reset }
                  reset_as: %s
                reads: { one: { path: /one } }
                """.formatted(form));
        for (Duration ahead : List.of(Duration.ofMinutes(3), Duration.ofMinutes(-3), Duration.ofSeconds(3))) {
            boolean differs = ahead.abs().compareTo(Duration.ofSeconds(5)) > 0;
            var answer =
                    answer(429, Map.of("X-Left", "0", "X-Reset", told, "Date", "Fri, 20 Nov 2026 22:30:00 GMT"), "");
            Duration heard = shop.quotas()
                    .all()
                    .heard(answer, NOW.plus(ahead))
                    .get(0)
                    .reset()
                    .orElseThrow();
            Duration expect = Duration.parse(expected);

            assertThat(heard)
                    .as(ahead + " ahead")
                    .isEqualTo(differs || form.equals("seconds") ? expect : expect.minus(ahead));
            assertThat(Verdicts.of(shop, "one", answer, NOW.plus(ahead)).retryAfter())
                    .isEqualTo(heard);
        }
    }

    @Test
    void theEndOfADayIsThatOfTheRemotesDay() {
        var shop = read("""
                quota:
                  which: policyName
                  windows: [ { name: daily, requests: 1000, per: day, zone: Europe/Berlin, called: DAILY } ]
                reads: { one: { path: /one } }
                """);
        var answer = answer(429, Map.of("Date", "Fri, 20 Nov 2026 22:58:00 GMT"), "{\"policyName\": \"DAILY\"}");

        assertThat(Verdicts.of(shop, "one", answer, Instant.parse("2026-11-20T23:01:00Z"))
                        .retryAfter())
                .isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void theLimitOfAGroupIsWaitedForAndNotTheConnections() {
        var answer = answer(429, Map.of(), "{\"policyName\": \"SECONDLY\"}");

        assertThat(Verdicts.of(read(SEARCHES), "deals", answer, NOW).retryAfter())
                .isEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            search: { operations: [ deal ], requests: 4, per: 1s }   | there is no operation "deal" here; did you mean "deals"?
            deals: { operations: [ deals ], requests: 4, per: 1s }   | there is an operation "deals"; give the group another name
            """)
    void aGroupIsOfOperationsThatAreThere(String group, String expected) {
        String file = "quota:\n  groups:\n    " + group + "\nreads: { deals: { path: /deals } }\n";

        assertThatThrownBy(() -> read(file)).hasMessageContaining(expected);
        assertThatThrownBy(() -> read(
                        "reads: { deals: { path: /deals, quota: { groups: { g: { operations: [ deals ] } } } } }\n"))
                .hasMessageContaining("\"groups\" belong to the connector's own quota");
    }

    @Test
    void whatAnOperationDoesNotSayOfItsCostIsAsTheConnectorSays() {
        var shop = read("""
                quota: { points: 1000, per: 1s, cost: 50, records_per_cost: 10, cost_told: cost.really }
                reads:
                  slow: { path: /slow, quota: { requests: 1, per: 1s } }
                  dear: { path: /dear, quota: { cost: 70 } }
                  told: { path: /told, quota: { cost_told: elsewhere } }
                """);

        assertThat(shop.quotas().cost("slow")).isEqualTo(new Quota.Cost(50, 10, "cost.really"));
        assertThat(shop.quotas().cost("dear")).isEqualTo(new Quota.Cost(70, 10, "cost.really"));
        assertThat(shop.quotas().cost("told")).isEqualTo(new Quota.Cost(50, 10, "elsewhere"));
        assertThat(shop.quotas().units("slow", 11)).isEqualTo(new Units(1, 100));
    }

    @Test
    void aCapStandsInTheFileAndKeepsBelowItsLimit() {
        var shop = read("""
                quota:
                  windows:
                    - { name: burst, requests: 190, per: 10s, cap: 95 }
                    - { name: bucket, points: 100, per: 1s, counts: flowing, burst: 1000, cap: 50 }
                """);

        assertThat(shop.quotas().all().allowed().windows())
                .extracting(w -> w.name() + " " + w.limit() + " in " + w.per() + ", at most " + w.cap())
                .containsExactly("burst 95 in PT10S, at most 95", "bucket 1000 in PT20S, at most 1000");
    }

    @Test
    void whatCannotBeReadIsPassedOver() {
        var shop = read("""
                quota:
                  requests: 100
                  per: 1m
                  headers: { limit: X-Limit, remaining: X-Left, reset: X-Reset }
                  reset_as: date
                """);

        var answer = answer(200, Map.of("X-Limit", "lots", "X-Left", "-3", "X-Reset", "soon"), "");
        assertThat(shop.quotas().all().heard(answer, NOW)).isEmpty();
    }

    @Test
    void tooManyTodayWaitsForTheEndOfTheDayAndNotForAMinute() {
        var hubspot = read("""
                quota:
                  which: policyName
                  windows:
                    - { name: burst, requests: 190, per: 10s, called: TEN_SECONDLY_ROLLING }
                    - { name: daily, requests: 650000, per: day, zone: Europe/Berlin, called: DAILY }
                reads: { one: { path: /one } }
                """);

        assertThat(limited(hubspot, Map.of(), "{\"policyName\": \"DAILY\"}")).isEqualTo(Duration.ofMinutes(30));
        assertThat(limited(hubspot, Map.of("Retry-After", "9"), "{\"policyName\": \"DAILY\"}"))
                .isEqualTo(Duration.ofMinutes(30));
        assertThat(limited(hubspot, Map.of(), "{\"policyName\": \"TEN_SECONDLY_ROLLING\"}"))
                .isEqualTo(Duration.ofSeconds(10));
        assertThat(limited(hubspot, Map.of("Retry-After", "3"), "{\"policyName\": \"TEN_SECONDLY_ROLLING\"}"))
                .isEqualTo(Duration.ofSeconds(3));
        assertThat(limited(hubspot, Map.of(), "{\"policyName\": \"ANOTHER\"}")).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void tooManyWithoutRetryAfterWaitsForTheResetOfWhatIsUsedUp() {
        var brevo = read("""
                quota:
                  requests: 100
                  per: 1h
                  headers: { limit: x-sib-ratelimit-limit, remaining: x-sib-ratelimit-remaining, reset: x-sib-ratelimit-reset }
                  reset_as: seconds
                reads: { one: { path: /one } }
                """);

        assertThat(limited(brevo, Map.of("x-sib-ratelimit-remaining", "0", "x-sib-ratelimit-reset", "120"), ""))
                .isEqualTo(Duration.ofSeconds(121));
    }

    private static Duration limited(Connector connector, Map<String, String> headers, String body) {
        Outcome outcome = Verdicts.of(connector, "one", answer(429, headers, body), NOW);
        assertThat(outcome.verdict()).isEqualTo(Verdict.RATE_LIMITED);
        return outcome.retryAfter();
    }

    private static Heard heard(String window, long limit, long remaining, Duration reset) {
        return new Heard(
                window,
                OptionalLong.of(limit),
                OptionalLong.of(remaining),
                OptionalLong.empty(),
                Optional.ofNullable(reset));
    }

    private static Answer answer(int status, Map<String, String> headers, String body) {
        return new Answer(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private static Connector read(String quota) {
        String file = "connector: shop\nbase_url: https://shop.example\n" + quota
                + (quota.contains("reads:") ? "" : "reads: { x: { path: /x } }\n");
        return Connector.read("f", "shop", file, name -> Optional.empty());
    }
}
