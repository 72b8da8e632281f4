package dev.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultTest {
    private static final String CONTACTS = "/crm/v3/objects/contacts";
    private static final String NEW = "{\"properties\":{\"email\":\"ada@example.com\"}}";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-02T12:00:00Z"));
    private Simulator simulator;
    private Caller hubspot;

    @BeforeEach
    void start() {
        simulator = Simulator.start(0, now::get);
        hubspot = Caller.bearer(simulator, "hubspot");
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void aStatusComesAsOftenAsAskedInTheVendorsOwnForm() throws Exception {
        simulator.fault(
                "hubspot", Fault.status(429).retryAfter(Duration.ofSeconds(7)).times(2));

        var first = hubspot.json("POST", CONTACTS, NEW);
        var second = hubspot.json("POST", CONTACTS, NEW);
        var third = hubspot.json("POST", CONTACTS, NEW);

        assertThat(first.status()).isEqualTo(429);
        assertThat(first.header("Retry-After")).isEqualTo("7");
        assertThat(first.json().path("category").asText()).isEqualTo("RATE_LIMITS");
        assertThat(second.status()).isEqualTo(429);
        assertThat(third.status()).isEqualTo(201);
        assertThat(simulator.ledger().calls("hubspot"))
                .extracting(call -> call.done().fault())
                .containsExactly("status 429", "status 429", "");
        assertThat(simulator.records("hubspot", "contacts")).hasSize(1);
    }

    @Test
    void aFaultMayHaveABodyOfItsOwn() throws Exception {
        simulator.fault("hubspot", Fault.status(503).body("text/plain", "down").times(1));

        assertThat(hubspot.get(CONTACTS).http().body()).isEqualTo("down");
    }

    @Test
    void onlyTheNamedOperationFails() throws Exception {
        simulator.fault("hubspot", "contacts.create", Fault.status(500));

        assertThat(hubspot.get(CONTACTS).status()).isEqualTo(200);
        assertThat(hubspot.json("POST", CONTACTS, NEW).status()).isEqualTo(500);
        simulator.clearFaults("hubspot");
        assertThat(hubspot.json("POST", CONTACTS, NEW).status()).isEqualTo(201);
    }

    @Test
    void aMisspeltOperationIsRefused() {
        assertThatThrownBy(() -> simulator.fault("hubspot", "contacts.creat", Fault.status(500)))
                .hasMessage("\"contacts.creat\" is no operation of hubspot; did you mean \"contacts.create\"?");
    }

    @Test
    void aFaultEndsByItself() throws Exception {
        simulator.fault("hubspot", Fault.status(503).lasting(Duration.ofMinutes(5)));

        assertThat(hubspot.get(CONTACTS).status()).isEqualTo(503);
        now.updateAndGet(before -> before.plus(Duration.ofMinutes(5)));
        assertThat(hubspot.get(CONTACTS).status()).isEqualTo(200);
    }

    @Test
    void chanceCanBeRepeated() throws Exception {
        String first = weather(42);
        String again = weather(42);

        assertThat(again).isEqualTo(first).contains("200").contains("503");
    }

    private String weather(long seed) throws Exception {
        simulator.clearFaults("hubspot");
        simulator.fault("hubspot", Fault.status(503).probability(0.5, seed));
        var statuses = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            statuses.append(hubspot.get(CONTACTS).status()).append(' ');
        }
        return statuses.toString();
    }

    @Test
    void aDroppedConnectionLeavesNothingBehind() {
        simulator.fault("hubspot", "contacts.create", Fault.drop());

        assertThatThrownBy(() -> hubspot.json("POST", CONTACTS, NEW)).isInstanceOf(IOException.class);

        assertThat(simulator.records("hubspot", "contacts")).isEmpty();
        assertThat(simulator.ledger().calls("hubspot").get(0).status()).isZero();
    }

    @Test
    void anAnswerCanBeLostAfterTheWorkIsDone() {
        simulator.fault("hubspot", "contacts.create", Fault.drop().afterTheWork());

        assertThatThrownBy(() -> hubspot.json("POST", CONTACTS, NEW)).isInstanceOf(IOException.class);

        assertThat(simulator.records("hubspot", "contacts")).hasSize(1);
        assertThat(simulator.ledger().calls("hubspot"))
                .first()
                .satisfies(call -> assertThat(call.effect()).isEqualTo("created"))
                .satisfies(call -> assertThat(call.done().fault()).isEqualTo("drop after the work"));
    }

    @Test
    void aResetIsARealOne() throws Exception {
        simulator.fault("hubspot", Fault.reset().times(1));

        try (var socket = new Socket("127.0.0.1", simulator.port())) {
            socket.getOutputStream()
                    .write(("GET /hubspot" + CONTACTS + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));

            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void aTruncatedAnswerBreaksOff() {
        simulator.fault("hubspot", Fault.truncated().times(1));

        assertThatThrownBy(() -> hubspot.json("POST", CONTACTS, NEW)).isInstanceOf(IOException.class);

        assertThat(simulator.records("hubspot", "contacts")).hasSize(1);
    }

    @Test
    void aProxysPageAndGarbageAreNotJson() throws Exception {
        simulator.fault("hubspot", Fault.html(502).times(1));
        simulator.fault("hubspot", Fault.garbage().times(1));

        var page = hubspot.get(CONTACTS);
        var garbage = hubspot.get(CONTACTS);

        assertThat(page.status()).isEqualTo(502);
        assertThat(page.header("Content-Type")).isEqualTo("text/html");
        assertThat(garbage.status()).isEqualTo(200);
        assertThatThrownBy(garbage::json).isInstanceOf(IOException.class);
    }

    @Test
    void aLateAnswerIsStillTheRightOne() throws Exception {
        simulator.fault("hubspot", Fault.delay(Duration.ofMillis(300)).times(1));
        long before = System.nanoTime();

        assertThat(hubspot.get(CONTACTS).status()).isEqualTo(200);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(290));
    }

    @Test
    void atOneTimeOnlySoManyAreServed() throws Exception {
        simulator.limits("hubspot", 1, Duration.ZERO);
        simulator.fault("hubspot", Fault.delay(Duration.ofMinutes(1)).times(1));

        var slow = java.util.concurrent.CompletableFuture.supplyAsync(() -> {
            try {
                return hubspot.get(CONTACTS).status();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        org.awaitility.Awaitility.await()
                .until(() -> simulator.ledger().calls("hubspot").size() == 1);

        assertThat(hubspot.get(CONTACTS).status()).isEqualTo(429);
        simulator.answerNow();
        assertThat(slow.get()).isEqualTo(200);
        assertThat(hubspot.get(CONTACTS).status()).isEqualTo(200);
    }
}
