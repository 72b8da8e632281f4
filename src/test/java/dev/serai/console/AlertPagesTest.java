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
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(operator.get("/").text())
                            .contains("1 run of enrol-contact failed alike at enrol"));
            String page = operator.get("/alerts").page().select("h2 a").attr("href");
            assertThat(operator.get(page).text())
                    .contains("What to do", "Replay: safe: what succeeded", "Class validation");
            hub.hub()
                    .column(
                            "WITH e AS (INSERT INTO event (source, type, key, record, payload)"
                                    + " VALUES ('crm', 't', 'k', 'contact:9', '{}') RETURNING id)"
                                    + " INSERT INTO open_run (event_id, flow, lane, state, holds, finished_at, step, reason, owner)"
                                    + " SELECT id, 'zebra', 'zebra 9', 'dead', false, now(), 'put', 'is missing', 'config' FROM e RETURNING id");
            var dead = operator.get(operator.get(page)
                    .page()
                    .select("a[href^='/dead-letters?flow=']")
                    .attr("href"));
            assertThat(dead.text()).contains("Dead letters of enrol-contact 1").doesNotContain("zebra");
            assertThat(dead.page().select("a[href^='/runs?state=dead'][href*='flow=enrol-contact']"))
                    .hasSize(1);
            assertThat(operator.get("/dead-letters").text()).contains("zebra");
            assertThat(operator.get("/dead-letters?flow=none").text()).contains("Nothing of these is dead");
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
