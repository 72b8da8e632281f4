package dev.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A vendor that counts points out of a bucket which fills again. */
class MeterTest {
    private static final String ORDERS =
            "{\"query\":\"query { orders(first: 250) }\",\"variables\":{\"first\":250,\"query\":\"updated_at:>='2020'\"}}";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-02T12:00:00Z"));

    @Test
    void aBucketOfPointsIsEmptiedByWhatCallsCostAndFillsAgain() throws Exception {
        try (var simulator = Simulator.start(0, now::get)) {
            var nobody = Caller.nobody(simulator, "shopify");
            String token = nobody.form(
                            "/admin/oauth/access_token",
                            "grant_type=client_credentials&client_id="
                                    + simulator.credential("shopify").client() + "&client_secret="
                                    + simulator.secret("shopify"))
                    .json()
                    .path("access_token")
                    .asText();
            var shop = nobody.with("X-Shopify-Access-Token", token);
            simulator.limits("shopify");

            var first = shop.json("POST", "/graphql.json", ORDERS).json().at("/extensions/cost");
            assertThat(first.path("actualQueryCost").asInt()).isEqualTo(750);
            assertThat(first.at("/throttleStatus/currentlyAvailable").asInt()).isEqualTo(1250);
            assertThat(first.at("/throttleStatus/restoreRate").asInt()).isEqualTo(100);
            shop.json("POST", "/graphql.json", ORDERS);

            assertThat(code(shop)).isEqualTo("THROTTLED");
            now.updateAndGet(at -> at.plus(Duration.ofMillis(2499)));
            assertThat(code(shop)).as("250 points are missing, at 100 a second").isEqualTo("THROTTLED");
            now.updateAndGet(at -> at.plus(Duration.ofMillis(1)));
            assertThat(code(shop)).isEmpty();
        }
    }

    private static String code(Caller shop) throws Exception {
        return shop.json("POST", "/graphql.json", ORDERS)
                .json()
                .at("/errors/0/extensions/code")
                .asText();
    }
}
