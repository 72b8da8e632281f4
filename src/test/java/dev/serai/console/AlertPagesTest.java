package dev.serai.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.api.Role;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong, as people see it. */
class AlertPagesTest {
    @TempDir
    private Path folder;

    @Test
    void anAlertIsSeenOnTheOverviewReadSeenToAndItsRunbookIsOneClickAway() throws SQLException {
        try (var hub = new ConsoleHub(folder)) {
            var operator = new Guest(hub.hub().url("")).login(hub.token(Role.OPERATOR));
            assertThat(operator.get("/alerts").text()).contains("Nothing is wrong.");
            String run = hub.dead("1");
            assertThat(operator.get("/runs/" + run).page().select("a[href=/runbooks/validation]"))
                    .hasSize(1);
            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertThat(operator.get("/").text())
                            .contains("1 run of enrol-contact failed alike at enrol"));
            String page = operator.get("/alerts").page().select("h2 a").attr("href");
            assertThat(operator.get(page).text())
                    .contains("What to do", "Replay: safe: what succeeded", "Class validation");
            operator.submit(page, "form[action$=acknowledge]", "why", "I look into it");
            assertThat(operator.get("/alerts").text()).contains("a-operator sees to it");
            operator.submit(page, "form[action$=silence]", "for", "4h", "why", "known");
            assertThat(operator.get(page).text()).contains("End of silence");
            var runbook = operator.get("/runbooks/auth").page();
            assertThat(runbook.select("h1").text()).isEqualTo("A right is missing");
            assertThat(runbook.select("a[href=/runbooks/connection-parked]")).hasSize(1);
            assertThat(runbook.text()).as("comments are not for readers").doesNotContain("<!--");
            assertThat(operator.get("/runbooks/none").status()).isEqualTo(404);
            var viewer = new Guest(hub.hub().url("")).login(hub.token(Role.VIEWER));
            assertThat(viewer.get(page).page().select("main form")).isEmpty();
        }
    }
}
