package dev.serai.connector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.run.Outcome;
import dev.serai.run.Owner;
import dev.serai.run.Verdict;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class VerdictsTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
    private static final Connector SHOP = Connector.read("f", "shop", """
            connector: shop
            base_url: https://shop.example
            auth: { type: bearer, token: "{{shop.token}}" }
            errors:
              - { status: [409], verdict: ignore, because: it exists already }
              - { status: [200], field: ok, equals: false, verdict: fail, reason: error }
            reads:
              ping: { path: /ping }
              order:
                path: /order
                errors: [ { status: [404, 409], verdict: retry, because: orders appear late } ]
            """, name -> Optional.of("tok-123"));

    private static Answer answer(int status, String body, String... headers) {
        return new Answer(
                status,
                headers.length == 0 ? Map.of() : Map.of(headers[0], headers[1]),
                body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static Outcome verdict(Answer answer) {
        return Verdicts.of(SHOP, "ping", answer, NOON);
    }

    @ParameterizedTest
    @CsvSource({
        "200, SUCCESS, TRANSIENT, false",
        "204, SUCCESS, TRANSIENT, false",
        "302, FAIL, CONFIG, false",
        "400, FAIL, CONFIG, false",
        "401, UNAUTHORIZED, CONFIG, false",
        "404, FAIL, CONFIG, false",
        "408, RETRY, TRANSIENT, true",
        "409, IGNORE, TRANSIENT, false",
        "429, RATE_LIMITED, TRANSIENT, false",
        "500, RETRY, TRANSIENT, true",
        "503, RETRY, TRANSIENT, true"
    })
    void aStatusHasItsVerdictAndItsOwner(int status, Verdict verdict, Owner owner, boolean inDoubt) {
        assertThat(verdict(answer(status, "")).verdict()).isEqualTo(verdict);
        assertThat(verdict(answer(status, "")).owner()).isEqualTo(owner);
        assertThat(Verdicts.inDoubt(answer(status, ""))).isEqualTo(inDoubt);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "429 | 7 | 7000",
                "429 | 1.5 | 1500",
                "429 | Sun, 01 Nov 2026 12:00:30 GMT | 30000",
                "429 | Sun, 01 Nov 2026 11:00:00 GMT | 0",
                "429 | soon | 60000",
                "429 | 999999999 | 86400000",
                "503 | 5 | 5000",
                "500 | '' | 0",
                "400 | 5 | 0"
            })
    void theWaitIsWhatTheRemoteAsksForOrOneMinute(int status, String header, long millis) {
        assertThat(verdict(answer(status, "", "retry-after", header)).retryAfter())
                .isEqualTo(Duration.ofMillis(millis));
        assertThat(verdict(answer(429, "")).retryAfter()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void aDateToComeBackAtIsReckonedByTheRemotesClock() {
        var answer = new Answer(
                429,
                Map.of("Date", "Sun, 01 Nov 2026 12:00:00 GMT", "Retry-After", "Sun, 01 Nov 2026 12:00:30 GMT"),
                new byte[0]);
        for (int ahead : new int[] {-180, 0, 180}) {
            assertThat(Verdicts.of(SHOP, "ping", answer, NOON.plusSeconds(ahead))
                            .retryAfter())
                    .as("our clock is " + ahead + " s ahead")
                    .isEqualTo(Duration.ofSeconds(30));
        }
    }

    /** Of a read by whose answer a record is made, or a write is sent again. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "find     | {'data':{'items':[]}}            | SUCCESS",
                "find     | {'data':{'items':null}}          | SUCCESS",
                "find     | {'data':{'items':[{'id':1}]}}    | SUCCESS",
                "find     | {'data':null}                    | SUCCESS",
                "find     | ''                               | SUCCESS",
                "find     | {}                               | RETRY",
                "find     | {'data':{'partial':true}}        | RETRY",
                "find     | {'data':'no'}                    | RETRY",
                "first    | {'items':[]}                     | SUCCESS",
                "first    | {'total':0}                      | RETRY",
                "dotted   | {'value.of':{'@it.s':7}}         | RETRY",
                "dotted   | {'value':{'@it.s':7}}            | SUCCESS",
                "leaving  | {'total':0}                      | IGNORE",
                "any      | {'total':0}                      | SUCCESS"
            })
    void anAnswerWithoutWhatASearchReturnsIsNotNobody(String read, String body, Verdict verdict) {
        Connector people = Connector.read("f", "people", """
                connector: people
                base_url: https://people.example
                reads:
                  find: { path: /find, returns: data.items.*.item }
                  first: { path: /first, returns: items.0.id }
                  dotted: { path: /dotted, returns: value.@it.s }
                  leaving:
                    path: /leaving
                    returns: items
                    errors: [ { field: items, exists: false, status: [200], verdict: ignore } ]
                  any: { path: /any, returns: items }
                writes:
                  make: { method: POST, path: /, class: lookup, lookup: first }
                  tell: { method: POST, path: /, class: lookup, lookup: dotted }
                  change: { method: PATCH, path: "/{id}", class: idempotent }
                  save: { upsert: { key: "{email}", search: find, create: make, update: change } }
                  keep: { upsert: { key: "{email}", search: leaving, create: make, update: change } }
                """, name -> Optional.empty());

        assertThat(Verdicts.of(people, read, answer(200, body), NOON).verdict()).isEqualTo(verdict);
        assertThat(Verdicts.of(people, read, answer(204, ""), NOON).succeeded()).isTrue();
    }

    /** A proxy that refuses does so with a page of its own. */
    @ParameterizedTest
    @CsvSource({
        "401, false",
        "403, false",
        "404, false",
        "429, false",
        "302, false",
        "200, true",
        "408, true",
        "502, true"
    })
    void aPageLeavesADoubtOnlyWhereNobodyRefused(int status, boolean inDoubt) {
        assertThat(Verdicts.inDoubt(answer(status, "<!DOCTYPE html><html><title>no</title></html>")))
                .isEqualTo(inDoubt);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'type':'t','title':'Invalid Resource','status':400,'detail':'See errors','errors':[{'field':'email_address','message':'must be an address'}]}"
                        + " | Invalid Resource (email_address: must be an address)",
                "{'title':'Member Exists','detail':'a member is there'} | Member Exists: a member is there",
                "{'status':'error','message':'Property values were not valid','correlationId':'c','errors':[{'message':'bad date'}]}"
                        + " | Property values were not valid (bad date)",
                "{'error':{'type':'t','message':'No such customer','param':'id'}} | No such customer",
                "{'error':'RecordInvalid','description':'Record validation errors','details':{'base':[{'error':'e','description':'Requester: is suspended'}]}}"
                        + " | Record validation errors (base: Requester: is suspended)",
                "{'error':'invalid_grant','error_description':'expired'} | expired",
                "{'errors':[{'field':'from','message':'needed','help':'h'},{'message':'empty'}]} | from: needed; empty",
                "{'errors':{'title':['is too long','is odd']}} | title: is too long, is odd",
                "{'errors':[{'title':'Bad','detail':'no such profile'}]} | no such profile",
                "[{'message':'duplicate value','errorCode':'DUPLICATE'}] | duplicate value",
                "{'success':false,'error':'Unknown field'} | Unknown field"
            })
    void theMessageOfTheVendorIsQuoted(String body, String message) {
        assertThat(verdict(answer(400, body)).reason()).isEqualTo("shop answered 400: " + message);
    }

    @Test
    void ofAPageOnlyTheTitleIsQuoted() {
        var page = answer(502, "<html><head><title>Bad\n Gateway</title></head><body>secret</body></html>");

        assertThat(verdict(page).reason()).isEqualTo("shop answered 502: Bad Gateway");
        assertThat(verdict(answer(500, "who knows what")).reason()).isEqualTo("shop answered 500");
        assertThat(verdict(answer(500, "out\nof order", "Content-Type", "text/plain"))
                        .reason())
                .isEqualTo("shop answered 500: out of order");
    }

    @Test
    void aSecretAcrossTheCutIsMasked() {
        String message = "x".repeat(295) + " tok-123 and more";
        for (Answer answer : List.of(
                answer(400, "{'message':'" + message + "'}"),
                answer(200, "{'ok':false,'error':'" + message + "'}"),
                answer(400, message, "Content-Type", "text/plain"),
                answer(400, "x".repeat(9_996) + "tok-123", "Content-Type", "text/plain"),
                answer(400, "{'message':'<p>no such key t<b>ok-1</b>23</p>'}"))) {
            assertThat(verdict(answer).reason()).doesNotContain("tok");
        }
    }

    @Test
    void aLongMessageIsCutAndSecretsAreMasked() {
        assertThat(verdict(answer(400, "{'message':'" + "x".repeat(5000) + "'}"))
                        .reason())
                .hasSize("shop answered 400: ".length() + 300)
                .endsWith("…");
        assertThat(verdict(answer(400, "{'message':'no such key tok-123'}")).reason())
                .isEqualTo("shop answered 400: no such key ***");
    }

    @Test
    void aRefusedCredentialParksTheConnection() {
        assertThat(verdict(answer(401, "{'message':'expired'}")))
                .isEqualTo(new Outcome(
                        Verdict.UNAUTHORIZED,
                        Owner.CONFIG,
                        "shop answered 401: expired; renew the credential (setting shop.token), or say serai connections"
                                + " resume shop --why REASON",
                        Duration.ZERO,
                        401));
    }

    @Test
    void aRuleOfTheOperationComesBeforeThoseOfTheConnector() {
        assertThat(Verdicts.of(SHOP, "order", answer(409, ""), NOON))
                .isEqualTo(answered(409, Outcome.retry("shop answered 409; orders appear late")));
        assertThat(verdict(answer(409, "")).reason()).isEqualTo("shop answered 409; it exists already");
    }

    @Test
    void aFailureInsideASuccessIsFound() throws IOException {
        assertThat(verdict(answer(200, "{'ok':false,'error':'channel_not_found'}")))
                .isEqualTo(answered(200, Outcome.fail("shop answered 200: channel_not_found")));
        assertThat(verdict(answer(200, "{'ok':true}"))).isEqualTo(Outcome.SUCCESS);
        assertThat(Verdicts.of(
                        ShippedRequestsTest.shipped("slack"),
                        "post_message",
                        answer(200, "{'ok':false,'error':'is_archived'}"),
                        NOON))
                .isEqualTo(answered(200, Outcome.fail("slack answered 200: is_archived")));
    }

    @Test
    void aCredentialThatSlackRefusesInsideASuccessIsARefusedCredential() throws IOException {
        assertThat(Verdicts.of(
                                ShippedRequestsTest.shipped("slack"),
                                "post_message",
                                answer(200, "{'ok':false,'error':'invalid_auth'}"),
                                NOON)
                        .verdict())
                .isEqualTo(Verdict.UNAUTHORIZED);
    }

    @Test
    void aLimitThatSlackTellsInsideASuccessIsWaitedForAndKillsNoRun() throws IOException {
        Outcome outcome = Verdicts.of(
                ShippedRequestsTest.shipped("slack"),
                "post_message",
                answer(200, "{'ok':false,'error':'rate_limited'}"),
                NOON);

        assertThat(outcome.verdict()).isEqualTo(Verdict.RATE_LIMITED);
        assertThat(Verdicts.of(
                                ShippedRequestsTest.shipped("slack"),
                                "update_message",
                                answer(200, "{'ok':false,'error':'request_timeout'}"),
                                NOON)
                        .verdict())
                .isEqualTo(Verdict.RETRY);
    }

    private static Outcome answered(int status, Outcome outcome) {
        return new Outcome(outcome.verdict(), outcome.owner(), outcome.reason(), outcome.retryAfter(), status);
    }

    static Stream<Arguments> failures() {
        class ConnectTimeoutException extends SocketTimeoutException {}
        return Stream.of(
                Arguments.of(
                        new SocketTimeoutException("Read timed out"),
                        Verdict.RETRY,
                        true,
                        "did not answer within 10.0 s"),
                Arguments.of(new ConnectTimeoutException(), Verdict.RETRY, false, "could not be reached within 10.0 s"),
                Arguments.of(new ConnectException("refused"), Verdict.RETRY, false, "refused the connection"),
                Arguments.of(new UnknownHostException("h"), Verdict.RETRY, false, "could not be resolved"),
                Arguments.of(new SocketException("Connection reset"), Verdict.RETRY, true, "broke the connection"),
                Arguments.of(
                        new IllegalStateException("x", new IOException("ended")),
                        Verdict.RETRY,
                        true,
                        "broke the connection"),
                Arguments.of(new SSLHandshakeException("PKIX"), Verdict.FAIL, false, "TLS"),
                Arguments.of(
                        new SSLException("reset", new SocketException("reset")),
                        Verdict.RETRY,
                        true,
                        "broke the connection"),
                Arguments.of(
                        new SSLHandshakeException("ended").initCause(new EOFException()),
                        Verdict.RETRY,
                        false,
                        "broke the connection"),
                Arguments.of(new ConnectorRefused("shop: no"), Verdict.FAIL, false, "shop: no"),
                Arguments.of(new IllegalStateException("x"), Verdict.FAIL, true, "IllegalStateException inside Serai"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureWithoutAnAnswerIsJudgedByItsCause(Throwable failure, Verdict verdict, boolean inDoubt, String reason) {
        assertThat(Verdicts.of(SHOP, failure).verdict()).isEqualTo(verdict);
        assertThat(Verdicts.of(SHOP, failure).reason()).contains(reason);
        assertThat(Verdicts.inDoubt(failure)).isEqualTo(inDoubt);
    }

    @ParameterizedTest
    @CsvSource({
        "'id,name', text/csv, FAIL, 'shop answered 200: text/csv, and no JSON; write answers: text or answers: file at the read \"ping\"'",
        "'1,2,3', text/csv, FAIL, 'shop answered 200: text/csv, and no JSON; write answers: text or answers: file at the read \"ping\"'",
        "%PDF-1.7, '', FAIL, 'shop answered 200: content of no type, and no JSON; write answers: text or answers: file at the read \"ping\"'",
        "'{\"a\":', application/json, RETRY, 'shop answered 200: JSON that is broken'",
        "'  ', text/plain, SUCCESS, ''",
        "null, text/plain, SUCCESS, ''"
    })
    void anAnswerThatIsNoJsonIsNoEmptyRecord(String body, String type, Verdict verdict, String reason) {
        Answer answer = type == null || type.isEmpty() ? answer(200, body) : answer(200, body, "Content-Type", type);

        assertThat(verdict(answer).verdict()).isEqualTo(verdict);
        assertThat(verdict(answer).reason()).isEqualTo(reason);
    }
}
