package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestHub;
import dev.serai.simulator.Call;
import dev.serai.store.ByHand;
import dev.serai.store.FlowSwitches;
import dev.serai.store.FlowSwitches.State;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The shipped flow that gathers the contacts of a system of one's own. */
class ShippedBatchTest {

    @Test
    void changedContactsGoToHubspotInOneCallAndTheOneWithoutAnAddressIsADeadLetter() throws SQLException {
        try (var hub = TestHub.with(Map.of("contacts-to-hubspot", "true"))) {
            // a batch waits two seconds for more: all of them are there before it may begin
            switched(hub, State.PAUSED);
            IntStream.range(0, 12).parallel().forEach(i -> hub.crm(contact(i)));
            switched(hub, State.ON);

            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(hub.runs("done")).hasSize(11));
            assertThat(hub.simulator().ledger().calls("hubspot"))
                    .extracting(Call::operation)
                    .containsExactly("contacts.batchUpsert");
            assertThat(hub.simulator().records("hubspot", "contacts"))
                    .hasSize(11)
                    .anySatisfy(contact ->
                            assertThat(contact.at("/properties/phone").asText()).isEqualTo("+14155550100"));
            assertThat(hub.runs("dead")).hasSize(1).allSatisfy(run -> assertThat(run.reason())
                    .contains("email: properties.email is missing"));
        }
    }

    private static void switched(TestHub hub, State state) throws SQLException {
        new FlowSwitches(hub.wiring().database().dataSource())
                .set("contacts-to-hubspot", state, Instant.now(), new ByHand("ada", "to see"));
        await().until(() -> hub.wiring().hub().flowState("contacts-to-hubspot") == state);
    }

    private static String contact(int number) {
        String email = number == 5 ? "" : "user" + number + "@example.com";
        return "{\"id\":\"c-" + number + "\",\"updated_at\":\"2026-11-02T10:30:00Z\",\"properties\":{\"email\":\""
                + email + "\",\"firstname\":\"Ann\",\"phone\":\"(415) 555-0100\",\"country\":\"United States\"}}";
    }
}
