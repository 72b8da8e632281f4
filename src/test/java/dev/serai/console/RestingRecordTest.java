package dev.serai.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestHub;
import dev.serai.api.Role;
import dev.serai.run.Correction;
import dev.serai.store.History;
import dev.serai.store.RunFilter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A contact that the vendor refuses again and again costs no more calls, and others go on; through a whole hub. */
class RestingRecordTest {
    @TempDir
    private static Path folder;

    private static ConsoleHub hub;

    @BeforeAll
    static void start() throws SQLException {
        hub = new ConsoleHub(folder, Map.of("serai.run.rest-after", "2", "serai.run.rest-for", "1h"));
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static void contact(String id, int version, String status) {
        TestHub.Reply reply = hub.hub()
                .crm("{\"id\":\"" + id + "\",\"updated_at\":\"2026-11-21T10:00:0" + version
                        + "Z\",\"properties\":{\"email\":\"" + id + "@example.com\",\"status\":\"" + status + "\"}}");
        assertThat(reply.status()).isEqualTo(202);
    }

    private static List<History.Run> runs(String... states) {
        return hub.hub().runs(states);
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }

    private static int calls() {
        return hub.hub().simulator().ledger().calls("mailchimp").size();
    }

    @Test
    void whatAVendorRefusesAgainAndAgainIsLeftAloneSeenMendedAndGoesOnInItsOrder() {
        contact("ada", 1, "nonsense");
        eventually(() -> runs("dead").size() == 1);
        contact("ada", 2, "nonsense");
        eventually(() -> runs("dead").size() == 2);
        contact("ada", 3, "nonsense");
        contact("ada", 4, "subscribed");
        contact("grace", 1, "subscribed");
        eventually(() -> runs("done").size() == 1);
        assertThat(runs("waiting")).hasSize(2);
        assertThat(calls()).as("two of ada, one of grace").isEqualTo(3);

        Guest guest = new Guest(hub.hub().url("")).login(hub.token(Role.OPERATOR));
        assertThat(guest.get("/dead-letters").text()).contains("One record rests: what comes next waits a while");
        History.Run last = runs("dead").get(0);
        assertThat(guest.get("/runs/" + last.name()).text())
                .contains("Its record rests: it failed so again and again.");
        String waiting = "/runs/" + runs("waiting").get(1).name();
        assertThat(guest.get(waiting).text()).contains("Waits behind " + last.name() + " of the same record");
        assertThat(hub.hub().metrics())
                .contains(
                        "serai_records_resting{flow=\"enrol-contact\"} 1.0",
                        "serai_runs_held{flow=\"enrol-contact\"} 2.0");

        hub.hub()
                .resume(
                        RunFilter.ALL.states(List.of("dead")),
                        Optional.of(Correction.patch(
                                "[{\"op\":\"replace\",\"path\":\"/properties/status\",\"value\":\"subscribed\"}]")));

        eventually(() -> runs("waiting", "claimed").isEmpty());
        assertThat(runs("dead")).as("the third was wrong as well").hasSize(1);
        assertThat(runs("done")).hasSize(4);
        assertThat(calls()).isEqualTo(7);
    }
}
