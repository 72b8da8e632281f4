package dev.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Searches that are behind, and keys that are forgotten, by a clock that is moved by hand. */
class LagAndKeysTest {
    private static final AtomicReference<Instant> NOW = new AtomicReference<>(Instant.parse("2026-11-01T12:00:00Z"));

    private static Simulator simulator;
    private static Caller stripe;

    @BeforeAll
    static void start() {
        simulator = Simulator.start(0, NOW::get);
        stripe = Caller.bearer(simulator, "stripe");
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    @BeforeEach
    void fresh() {
        simulator.reset();
    }

    private static void pass(Duration time) {
        NOW.updateAndGet(before -> before.plus(time));
    }

    private static void make(String key) throws Exception {
        var made = stripe.with("Idempotency-Key", key).form("/v1/customers", "email=ada%40example.com");
        assertThat(made.status()).isEqualTo(200);
    }

    private static int found(String path) throws Exception {
        return stripe.get(path).json().path("data").size();
    }

    @Test
    void aSearchShowsWhatWasMadeOnceItsLagIsOver() throws Exception {
        simulator.lag("stripe", "GetCustomers", Duration.ofSeconds(10));
        make("k-1");

        assertThat(found("/v1/customers")).isZero();
        pass(Duration.ofMillis(9_999));
        assertThat(found("/v1/customers")).isZero();
        pass(Duration.ofMillis(1));
        assertThat(found("/v1/customers")).isEqualTo(1);
    }

    @Test
    void aSearchLagsAsLongAsItsFileSaysAndNotAtAllUntilItIsSwitchedOn() throws Exception {
        String search = "/v1/customers/search?query=email%3A%27ada%40example.com%27";
        make("k-2");
        assertThat(found(search)).isEqualTo(1);

        simulator.lag("stripe", "GetCustomersSearch", Duration.ofSeconds(1));
        assertThat(found(search)).isZero();
        pass(Duration.ofSeconds(59));
        assertThat(found(search)).isZero();
        pass(Duration.ofSeconds(1));
        assertThat(found(search)).isEqualTo(1);
    }

    @Test
    void aKeyIsForgottenAndItsRequestIsDoneAgain() throws Exception {
        simulator.keepKeys("stripe", Duration.ofHours(1));
        make("k-3");
        pass(Duration.ofHours(1).minusMillis(1));
        make("k-3");
        assertThat(simulator.records("stripe", "customers")).hasSize(1);

        pass(Duration.ofMillis(1));
        make("k-3");

        assertThat(simulator.records("stripe", "customers")).hasSize(2);
    }

    @Test
    void aKeyIsKeptNoLongerThanTheFileOfTheVendorSays() throws Exception {
        simulator.keepKeys("stripe", Duration.ofDays(7));
        make("k-4");
        pass(Duration.ofHours(24));
        make("k-4");

        assertThat(simulator.records("stripe", "customers")).hasSize(2);
    }
}
