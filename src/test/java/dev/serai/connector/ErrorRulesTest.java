package dev.serai.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.serai.run.Outcome;
import dev.serai.run.Verdict;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vendors that say in a success, or in a code, what went wrong; their shapes as their documentation describes them. */
class ErrorRulesTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    private static final Connector SHOP = Connector.read("f", "shop", """
            connector: shop
            base_url: https://shop.example
            errors:
              - { status: [200], field: errors.*.code, any_of: ["601", "602"], verdict: unauthorized }
              - { field: errors.*.code, any_of: ["606", "615"], verdict: rate_limited, wait: 20s, because: too many calls }
              - { field: errors.*.code, at_least: 700, at_most: 799, verdict: retry }
              - { status: [200], field: success, equals: false, verdict: fail, reason: errors.*.message }
              - { status: [403], field: "*.errorCode", equals: REQUEST_LIMIT_EXCEEDED, verdict: rate_limited, wait: { field: 0.reset, unit: epoch_s } }
              - { status: [503], header: X-Reset-Ms, exists: true, verdict: rate_limited, wait: { header: X-Reset-Ms, unit: milliseconds } }
              - { status: [402], header: Stripe-Should-Retry, equals: "true", verdict: retry }
              - { status: [202], field: warnings, empty: false, verdict: fail, reason: warnings.*.text }
              - { status: [202], field: id, exists: false, verdict: fail, because: no id came }
              - { status: [400], field: code, equals: in_the_middle, verdict: fail, done: perhaps }
              - { status: [400], field: code, equals: locked, verdict: retry }
            reads:
              ping: { path: /ping }
            writes:
              set:
                method: POST
                path: /graphql
                class: idempotent
                graphql: "mutation { set { userErrors { message } } }"
                errors: [ { field: errors.*.extensions.code, equals: THROTTLED, verdict: rate_limited } ]
            """, name -> Optional.empty());

    private static Outcome of(String operation, int status, String body, String... headers) {
        return Verdicts.of(
                SHOP,
                operation,
                new Answer(
                        status,
                        headers.length == 0 ? Map.of() : Map.of(headers[0], headers[1]),
                        body.replace('\'', '"').getBytes(StandardCharsets.UTF_8)),
                NOON);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | {'success':true,'result':[]} | SUCCESS",
                "200 | {'success':false,'errors':[{'code':'602','message':'Access token expired'}]} | UNAUTHORIZED",
                "200 | {'success':false,'errors':[{'code':'1'},{'code':'606'}]} | RATE_LIMITED",
                "200 | {'success':false,'errors':[{'code':'713','message':'busy'}]} | RETRY",
                "200 | {'success':false,'errors':[{'code':'1003'}]} | FAIL",
                "200 | {'success':'false'} | FAIL",
                "200 | {} | SUCCESS",
                "403 | [{'errorCode':'REQUEST_LIMIT_EXCEEDED','message':'m'}] | RATE_LIMITED",
                "403 | [{'errorCode':'INSUFFICIENT_ACCESS','message':'m'}] | FAIL",
                "202 | {'id':1,'warnings':[]} | SUCCESS",
                "202 | {'id':1} | SUCCESS",
                "202 | {'id':1,'warnings':[{'text':'w'}]} | FAIL",
                "202 | {'id':null} | FAIL"
            })
    void aFieldOfTheBodyDecides(int status, String body, Verdict verdict) {
        assertThat(of("ping", status, body).verdict()).isEqualTo(verdict);
    }

    @Test
    void theReasonIsTakenFromEachEntryOfAList() {
        assertThat(of("ping", 200, "{'success':false,'errors':[{'message':'no <b>plan</b>'},{'message':'no name'}]}")
                        .reason())
                .isEqualTo("shop answered 200: no plan; no name");
    }

    @Test
    void theWaitIsWhatTheFileOrTheAnswerSays() {
        assertThat(of("ping", 200, "{'errors':[{'code':606}]}").retryAfter()).hasSeconds(20);
        assertThat(of("ping", 403, "[{'errorCode':'REQUEST_LIMIT_EXCEEDED','reset':1793534430}]")
                        .retryAfter())
                .isEqualTo(Duration.ofSeconds(1793534430L - NOON.getEpochSecond()));
        assertThat(of("ping", 403, "[{'errorCode':'REQUEST_LIMIT_EXCEEDED'}]").retryAfter())
                .as("nothing is said")
                .hasSeconds(60);
        assertThat(of("ping", 503, "", "x-reset-ms", "1500").retryAfter()).hasMillis(1500);
        assertThat(of("ping", 503, "", "x-reset-ms", "99999999999").retryAfter())
                .hasDays(1);
        assertThat(of("ping", 503, "", "x-reset-ms", "-5").retryAfter()).isZero();
        assertThat(of("ping", 503, "", "x-reset-ms", "soon").verdict()).isEqualTo(Verdict.RATE_LIMITED);
    }

    @Test
    void aWaitWithAHugeExponentIsPassedOver() {
        for (String huge : List.of("1e500000000", "-1E+500000000", "9".repeat(100_000), "0x1", "1_000", "")) {
            assertTimeoutPreemptively(Duration.ofSeconds(60), () -> assertThat(
                            of("ping", 503, "", "x-reset-ms", huge).retryAfter())
                    .as(huge.substring(0, Math.min(20, huge.length())))
                    .hasSeconds(60));
        }
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            String body = "[{'errorCode':'REQUEST_LIMIT_EXCEEDED','reset':1e500000000}]";
            assertThat(of("ping", 403, body).retryAfter()).hasSeconds(60);
            assertThat(of("ping", 400, "{'errors':[{'code':'" + "7".repeat(1_000_000) + "'}]}")
                            .verdict())
                    .isEqualTo(Verdict.FAIL);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ping | 400 | {'code':'in_the_middle'} | true",
                "ping | 400 | {'code':'locked'} | false",
                "ping | 200 | {'errors':[{'code':'713'}]} | true",
                "ping | 200 | {'errors':[{'code':'606'}]} | false",
                "ping | 200 | {'success':false} | false",
                "set | 200 | {'errors':[{'message':'no such field'}]} | false",
                "set | 200 | {'errors':[{'message':'it broke'}],'data':null} | true",
                "set | 200 | {'data':{'set':{'userErrors':[{'message':'Email is invalid'}]}}} | false",
                "set | 503 | {} | true"
            })
    void aFailureToldInTheBodyMayLeaveItOpenWhetherItWasDone(String operation, int status, String body, boolean open) {
        var answer = new Answer(status, Map.of(), body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        assertThat(Verdicts.inDoubt(SHOP, operation, answer)).isEqualTo(open);
    }

    @Test
    void whatWasPutOffUntilLaterWasNotDoneWhateverItsStatus() {
        var later = new Answer(503, Map.of("X-Reset-Ms", "1500"), new byte[0]);
        assertThat(Verdicts.inDoubt(SHOP, "ping", later)).isFalse();
    }

    @Test
    void aHeaderMayDecide() {
        assertThat(of("ping", 402, "{}", "Stripe-Should-Retry", "true").verdict())
                .isEqualTo(Verdict.RETRY);
        assertThat(of("ping", 402, "{}", "Stripe-Should-Retry", "false").verdict())
                .isEqualTo(Verdict.FAIL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'data':{'set':{'userErrors':[]}}} | SUCCESS | ''",
                "{'data':{'set':{'userErrors':[{'message':'Email is invalid'}]}}} | FAIL | shop answered 200: Email is invalid",
                "{'errors':[{'message':'Field x'},{'message':'Field y'}]} | FAIL | shop answered 200: Field x; Field y",
                "{'errors':[{'message':'slow','extensions':{'code':'THROTTLED'}}]} | RATE_LIMITED | shop answered 200: slow"
            })
    void graphqlSaysInASuccessWhatFailed(String body, Verdict verdict, String reason) {
        Outcome outcome = of("set", 200, body);
        assertThat(outcome.verdict()).isEqualTo(verdict);
        assertThat(outcome.reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | <!DOCTYPE html><html><head><title>Log in &amp; go on</title></head><body>x</body></html> | RETRY | Log in & go on",
                "200 | <html><body><h1>We are <i>down</i></h1></body></html> | RETRY | We are down",
                "502 | <html><head><title>502 Bad Gateway</title></head></html> | RETRY | 502 Bad Gateway",
                "404 | {'message':'<p>No <b>such</b> page &nbsp;</p>'} | FAIL | No such page",
                "400 | {'message':'price < 5 and > 3'} | FAIL | price < 5 and > 3"
            })
    void aWebPageIsNoSuccessAndItsTitleIsTheReason(int status, String body, Verdict verdict, String said) {
        Outcome outcome =
                of("ping", status, body, "Content-Type", body.startsWith("{") ? "application/json" : "text/html");
        assertThat(outcome.verdict()).isEqualTo(verdict);
        assertThat(outcome.reason()).startsWith("shop answered " + status + ": " + said);
    }

    @Test
    void aWriteThatWasAnsweredByAWebPageMayHaveBeenDone() {
        var page = new Answer(200, Map.of(), "<html>".getBytes(StandardCharsets.UTF_8));
        assertThat(Verdicts.inDoubt(page)).isTrue();
        assertThat(Verdicts.inDoubt(new Answer(200, Map.of(), "ok".getBytes(StandardCharsets.UTF_8))))
                .isFalse();
    }

    /** Every test against every other, over every kind of value a field may have. */
    @Test
    void aRuleThatIsSaidToCoverAnotherMatchesWhateverThatMatches() {
        var tests = new ArrayList<ErrorRule.Test>();
        for (boolean wanted : new boolean[] {true, false}) {
            tests.add(new ErrorRule.Exists(wanted));
            tests.add(new ErrorRule.Empty(wanted));
        }
        for (Set<String> values :
                List.of(Set.of("a"), Set.of("a", ""), Set.of("null"), Set.of("7"), Set.of("a", "7"))) {
            tests.add(new ErrorRule.OneOf(values));
        }
        for (String[] bounds : new String[][] {{"5", null}, {null, "9"}, {"5", "9"}, {"6", "8"}, {"8", null}}) {
            tests.add(new ErrorRule.Between(decimal(bounds[0]), decimal(bounds[1])));
        }
        var answers = Stream.of(
                        "{}", "null", "''", "' '", "'a'", "'null'", "7", "'8.5'", "10", "[]", "[null]", "{'b':1}",
                        "true")
                .map(value -> value.equals("{}") ? "{}" : "{'f':" + value + "}")
                .map(json -> new Answer(200, Map.of(), json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)))
                .toList();
        int covered = 0;
        for (ErrorRule.Test weaker : tests) {
            for (ErrorRule.Test stricter : tests) {
                if (!on(weaker).match().covers(on(stricter).match())) {
                    continue;
                }
                covered++;
                assertThat(answers)
                        .as(weaker + " covers " + stricter)
                        .filteredOn(on(stricter)::matches)
                        .allMatch(on(weaker)::matches);
            }
        }
        assertThat(covered).isGreaterThan(2 * tests.size());
    }

    private static BigDecimal decimal(String text) {
        return text == null ? null : new BigDecimal(text);
    }

    private static ErrorRule on(ErrorRule.Test test) {
        return new ErrorRule(
                new ErrorRule.Match(Set.of(), "f", "", test),
                Verdict.FAIL,
                "",
                "",
                Optional.empty(),
                ErrorRule.Done.UNSAID);
    }
}
