package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.config.Settings;
import dev.serai.connector.Answer;
import dev.serai.connector.AnswerRefused;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Request;
import dev.serai.connector.Verdicts;
import dev.serai.run.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What leaves the hub and what comes back, over real HTTP, with remotes that lie, drip, swell and point elsewhere. */
class HttpCallsTest {
    private static final byte[] HELLO = "{\"hello\":1}".getBytes(StandardCharsets.UTF_8);
    private static DefaultCamelContext camel;

    @BeforeAll
    static void startCamel() {
        camel = new DefaultCamelContext();
        camel.start();
    }

    @AfterAll
    static void stopCamel() {
        camel.stop();
    }

    @Test
    void aHostThatTurnsIntoThisMachineAfterItsFirstLookUpIsNotCalled() throws Exception {
        Queue<String> answers = new ArrayDeque<>(Arrays.asList("240.1.1.1", "8.8.8.8", "127.0.0.1"));
        try (var server = new RawServer(RawServer.ok(HELLO));
                var calls = calls(Map.of(), host -> addresses(answers.remove()))) {
            Connector shop = shop(server.url("shop.internal"), "timeout: 2s");

            assertThat(failure(calls, shop)).hasRootCauseInstanceOf(ConnectorRefused.class);
            assertThat(failure(calls, shop)).isInstanceOf(IOException.class);
            Throwable turned = failure(calls, shop(server.url("shop.internal"), ""));

            assertThat(Verdicts.of(shop, turned).reason())
                    .isEqualTo(
                            "shop: shop.internal is not called: 127.0.0.1 is a loopback address; write network: private"
                                    + " into the connector file, or name the host in serai.calls.private-hosts, if it is meant");
            assertThat(Verdicts.of(shop, turned).verdict()).isEqualTo(Verdict.FAIL);
            assertThat(Verdicts.inDoubt(turned)).isFalse();
            assertThat(server.connections).hasValue(0);
        }
    }

    @Test
    void theAddressThatWasCheckedIsTheOneThatIsCalled() throws Exception {
        var lookups = new AtomicInteger();
        try (var server = new RawServer(RawServer.ok(HELLO));
                var calls = calls(Map.of(), host -> {
                    lookups.incrementAndGet();
                    return addresses("127.0.0.1");
                })) {
            Connector shop = shop(server.url("shop.example"), "network: private");

            for (int i = 0; i < 5; i++) {
                assertThat(calls.send(get(shop), shop).json().path("hello").asInt())
                        .isEqualTo(1);
            }

            assertThat(server.connections).as("one connection for all of them").hasValue(1);
            assertThat(lookups).as("one look-up for that connection").hasValue(1);
            assertThat(server.asked.get(0)).contains("Host: shop.example:" + server.port());
        }
    }

    @Test
    void aHostOfOnesOwnNetworkIsNamedInASetting() throws Exception {
        try (var server = new RawServer(RawServer.ok(HELLO));
                var calls = calls(
                        Map.of("serai.calls.private-hosts", "other, *.Corp.example"), host -> addresses("127.0.0.1"))) {
            Connector inside = shop(server.url("crm.corp.example"), "");
            Connector outside = shop(server.url("crm.corp.example.org"), "");

            assertThat(calls.send(get(inside), inside).status()).isEqualTo(200);
            assertThat(failure(calls, outside)).hasRootCauseInstanceOf(ConnectorRefused.class);
        }
    }

    @Test
    void anAddressTheConnectionDoesNotOwnIsNotEvenLookedUp() throws Exception {
        try (var calls = calls(Map.of(), host -> {
            throw new AssertionError("looked up " + host);
        })) {
            Connector shop = shop("https://shop.example", "");
            var elsewhere = new Request("GET", URI.create("https://169.254.169.254/latest"), Map.of(), new byte[0]);

            Throwable refused = catchThrowable(() -> calls.send(elsewhere, shop));

            assertThat(Verdicts.of(shop, refused).reason())
                    .startsWith(
                            "shop: https://169.254.169.254 is not called: this connection calls https://shop.example");
            assertThat(Verdicts.inDoubt(refused)).isFalse();
        }
    }

    @Test
    void aDeleteCarriesItsBodyAndADateItsHeader() throws Exception {
        try (var server = new RawServer(RawServer.ok(HELLO));
                var calls = calls(Map.of(), InetAddress::getAllByName)) {
            Connector shop = shop(server.url("127.0.0.1"), """
                    headers: { Date: "Sun, 22 Nov 2026 10:00:00 GMT", Cache-Control: no-store, Pragma: no-cache, Via: 1.1 hub, Warning: 199 hub old }
                    writes:
                      remove: { method: DELETE, path: "/things/{id}", class: idempotent }
                      forget: { method: DELETE, path: "/things/{id}", class: idempotent, body: none }
                    """);
            var body = JsonNodeFactory.instance.objectNode().put("why", "twice");

            calls.send(shop.build("forget", body, Map.of("id", "1"), ""), shop);
            calls.send(shop.build("remove", body, Map.of("id", "2"), ""), shop);

            assertThat(server.asked.get(0)).startsWith("DELETE /things/1 ").doesNotContainIgnoringCase("content-type");
            assertThat(server.asked.get(1))
                    .startsWith("DELETE /things/2 ")
                    .containsIgnoringCase("\r\ncontent-length: 15\r\n")
                    .containsIgnoringCase("\r\ncontent-type: application/json");
            assertThat(server.asked).allSatisfy(head -> assertThat(head.lines())
                    .contains("Cache-Control: no-store", "Pragma: no-cache", "Via: 1.1 hub", "Warning: 199 hub old")
                    .containsOnlyOnce("Date: Sun, 22 Nov 2026 10:00:00 GMT", "Host: 127.0.0.1:" + server.port()));
        }
    }

    @Test
    void aHeaderThatComesTwiceIsOneList() throws Exception {
        String prev = "<https://shop.example/things?page=1>; rel=\"prev\"";
        String next = "<https://shop.example/things?page=3>; rel=\"next\"";
        try (var server = new RawServer(RawServer.ok(HELLO, "Link: " + prev, "Link: " + next));
                var calls = calls(Map.of(), InetAddress::getAllByName)) {
            Connector shop = shop(server.url("127.0.0.1"), "");

            assertThat(calls.send(get(shop), shop).header("Link")).contains(prev + ", " + next);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectIsNotFollowedAndTheCredentialStaysHere(int status) throws Exception {
        try (var other = new RawServer(RawServer.ok(HELLO));
                var server = new RawServer(RawServer.saying("HTTP/1.1 " + status + " Moved\r\nLocation: "
                        + other.url("127.0.0.1") + "/\r\nContent-Length: 0\r\n\r\n"));
                var calls = calls(Map.of(), InetAddress::getAllByName)) {
            Connector shop = shop(server.url("127.0.0.1"), "auth: { type: bearer, token: \"{{shop.token}}\" }");

            Answer answer = calls.send(get(shop), shop);

            assertThat(answer.status()).isEqualTo(status);
            assertThat(Verdicts.of(shop, "thing", answer, Instant.EPOCH).reason())
                    .isEqualTo("shop answered " + status
                            + "; it points to another address; correct base_url, then resume");
            assertThat(server.asked).hasSize(1).first().asString().contains("Authorization: Bearer s3cret");
            assertThat(other.connections).hasValue(0);
        }
    }

    @Test
    void anAnswerIsReadToItsLimitAndNoFurther() throws Exception {
        byte[] chunk = ("8000\r\n" + "x".repeat(0x8000) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        try (var server = new RawServer(out -> {
                    out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes());
                    while (true) {
                        out.write(chunk);
                    }
                });
                var calls = calls(Map.of(), InetAddress::getAllByName)) {
            Connector shop = shop(server.url("127.0.0.1"), "max_answer_kb: 100");

            Throwable refused = failure(calls, shop);

            assertThat(refused).isInstanceOf(AnswerRefused.class);
            assertThat(Verdicts.of(shop, refused).reason())
                    .isEqualTo(
                            "shop answered, but with more than 100 KiB; ask for less at once, or raise max_answer_kb in"
                                    + " its connector file");
            assertThat(Verdicts.inDoubt(refused))
                    .as("a write may have been done")
                    .isTrue();
            assertThat(server.written.get()).as("what the buffers took").isLessThan(50_000_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "gzip, gzip"})
    void aSmallAnswerThatUnpacksToAHugeOneIsStoppedAtTheLimit(String encoding) throws Exception {
        byte[] bomb = packed(encoding, new byte[64 << 20]);
        assertThat(bomb).hasSizeLessThan(100 * 1024);
        try (var server = new RawServer(RawServer.ok(bomb, "Content-Encoding: " + encoding));
                var calls = calls(Map.of("serai.calls.max-answer-kb", "100"), InetAddress::getAllByName)) {
            assertThat(failure(calls, shop(server.url("127.0.0.1"), ""))).isInstanceOf(AnswerRefused.class);
        }
    }

    @Test
    void aPackedAnswerWithinTheLimitIsUnpacked() throws Exception {
        try (var server = new RawServer(RawServer.ok(packed("gzip", HELLO), "Content-Encoding: gzip"));
                var calls = calls(Map.of(), InetAddress::getAllByName)) {
            Connector shop = shop(server.url("127.0.0.1"), "max_answer_kb: 1");

            assertThat(calls.send(get(shop), shop).body()).isEqualTo(HELLO);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "HTTP/1.1 200 OK\r\nX-Drip: "})
    void aDrippingAnswerEndsWithTheTimeOfTheWholeCall(String beginning) throws Exception {
        try (var server = new RawServer(out -> {
                    out.write(beginning.getBytes());
                    while (true) {
                        out.write('x');
                        Thread.sleep(20);
                    }
                });
                var calls = calls(Map.of(), InetAddress::getAllByName)) {
            Connector shop = shop(server.url("127.0.0.1"), "timeout: 2s");

            Throwable late = failure(calls, shop);

            assertThat(Verdicts.of(shop, late).reason()).isEqualTo("shop did not answer within 2.0 s");
            assertThat(Verdicts.inDoubt(late)).isTrue();
        }
    }

    /** The connection is made, and stands for nothing yet: who would speak TLS waits for the other side. */
    @Test
    void aCallThatGotNoConnectionInItsTimeIsNotInDoubt() throws Exception {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                var calls = calls(Map.of(), InetAddress::getAllByName)) {
            Connector shop = shop("https://127.0.0.1:" + silent.getLocalPort(), "timeout: 300ms");

            Throwable late = failure(calls, shop);

            assertThat(Verdicts.of(shop, late).verdict()).isEqualTo(Verdict.RETRY);
            assertThat(Verdicts.of(shop, late).reason()).isEqualTo("shop could not be reached within 0.3 s");
            assertThat(Verdicts.inDoubt(late)).isFalse();
        }
    }

    @Test
    void aConnectionThatBreaksBeforeItStandsIsNotInDoubt() throws Exception {
        try (var rude = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                var calls = calls(Map.of(), InetAddress::getAllByName)) {
            var breaks = CompletableFuture.runAsync(() -> {
                try (var one = rude.accept()) {
                    one.getInputStream().read();
                    one.setSoLinger(true, 0);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            Connector shop = shop("https://127.0.0.1:" + rude.getLocalPort(), "");

            Throwable broken = failure(calls, shop);

            assertThat(Verdicts.of(shop, broken).reason()).isEqualTo("shop broke the connection before it answered");
            assertThat(Verdicts.inDoubt(broken)).isFalse();
            breaks.join();
        }
    }

    @Test
    void headersWithoutEndAreNotRead() throws Exception {
        try (var server =
                        new RawServer(RawServer.saying("HTTP/1.1 200 OK\r\n" + "X-More: x\r\n".repeat(1000) + "\r\n"));
                var long_ =
                        new RawServer(RawServer.saying("HTTP/1.1 200 OK\r\nX: " + "x".repeat(100_000) + "\r\n\r\n"));
                var calls = calls(Map.of(), InetAddress::getAllByName)) {
            assertThat(failure(calls, shop(server.url("127.0.0.1"), ""))).isInstanceOf(IOException.class);
            assertThat(failure(calls, shop(long_.url("127.0.0.1"), ""))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aCallThatBreaksIsNotRepeatedBehindOnesBack() throws Exception {
        try (var server = new RawServer(out -> {
                    throw new IOException("gone");
                });
                var calls = calls(Map.of(), InetAddress::getAllByName)) {
            Connector shop = shop(server.url("127.0.0.1"), "");

            Throwable broken = failure(calls, shop);

            assertThat(Verdicts.of(shop, broken).reason()).isEqualTo("shop broke the connection before it answered");
            assertThat(server.asked).hasSize(1);
        }
    }

    @Test
    void aFileThatWasChangedIsObeyedAtTheNextCall() throws Exception {
        try (var server = new RawServer(RawServer.ok(new byte[5000]));
                var calls = calls(Map.of(), InetAddress::getAllByName)) {
            Connector before = shop(server.url("127.0.0.1"), "");
            Connector after = shop(server.url("127.0.0.1"), "max_answer_kb: 1");

            assertThat(calls.send(get(before), before).body()).hasSize(5000);
            assertThat(failure(calls, after)).isInstanceOf(AnswerRefused.class);
        }
    }

    @Test
    void aProxyIsAskedOnlyWhenItIsSet() throws Exception {
        try (var proxy = new RawServer(RawServer.ok(HELLO));
                var calls = calls(Map.of("serai.calls.proxy", proxy.url("localhost")), InetAddress::getAllByName)) {
            Connector shop = shop("http://shop.example", "network: private");

            assertThat(calls.send(get(shop), shop).status()).isEqualTo(200);

            assertThat(proxy.asked).first().asString().startsWith("GET http://shop.example/things/1 HTTP/1.1\r\n");
        }
        assertThatThrownBy(() -> calls(Map.of("serai.calls.proxy", "http://me:pw@proxy"), InetAddress::getAllByName))
                .hasMessage("Can't start: serai.calls.proxy is not an address like http://proxy.example:3128, without a"
                        + " user");
    }

    private static Throwable failure(HttpCalls calls, Connector connector) {
        return catchThrowable(() -> calls.send(get(connector), connector));
    }

    private static InetAddress[] addresses(String address) throws UnknownHostException {
        return new InetAddress[] {InetAddress.getByName(address)};
    }

    static Request get(Connector connector) {
        return connector.build("thing", JsonNodeFactory.instance.objectNode().put("id", 1), Map.of(), "");
    }

    static HttpCalls calls(Map<String, String> settings, GuardedLookup.Names names) {
        return new HttpCalls(camel, settings(settings), names);
    }

    static CallSettings settings(Map<String, String> settings) {
        return CallSettings.of(Settings.read(Path.of("none"), Map.of(), settings));
    }

    static Connector shop(String base, String more) {
        String file = "connector: shop\nbase_url: \"{{shop.base-url}}\"\n" + more
                + "\nreads:\n  thing: { path: \"/things/{id}\" }\n";
        var settings = new HashMap<>(Map.of("shop.token", "s3cret", "shop.base-url", base));
        return Connector.read("connector.yaml", "shop", file, name -> Optional.ofNullable(settings.get(name)));
    }

    private static byte[] packed(String encoding, byte[] body) throws IOException {
        byte[] packed = body;
        for (String one : encoding.split(", ")) {
            var bytes = new ByteArrayOutputStream();
            try (OutputStream out =
                    one.equals("gzip") ? new GZIPOutputStream(bytes) : new DeflaterOutputStream(bytes)) {
                out.write(packed);
            }
            packed = bytes.toByteArray();
        }
        return packed;
    }
}
