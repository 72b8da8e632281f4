package dev.serai.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.api.Role;
import dev.serai.console.Guest.Seen;
import dev.serai.store.ApiTokens;
import dev.serai.store.ByHand;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever connects an account decides where all calls go: it takes a role, and is noted by name. */
class ReconnectPagesTest {
    private static final String RECONNECT = "/connections/salesforce/reconnect";

    @TempDir
    private static Path folder;

    private static TestHub hub;

    @BeforeAll
    static void start() throws IOException {
        var files = new TestFolders(folder).flow("look", """
                - route:
                    id: look
                    routeConfigurationId: write
                    from:
                      uri: event:contact.updated?source=crm
                      steps:
                        - to: { id: see, uri: "connector:salesforce/contact?id=${body[id]}" }
                """);
        hub = TestHub.with(files.settings(
                "serai.secrets.key", "ab".repeat(32),
                "salesforce.client-id", "client",
                "salesforce.client-secret", "simulated"));
        hub.simulator().seed("salesforce", "records", new ObjectMapper().readTree("""
                {"attributes": {"type": "Contact"}, "Id": "003000000000000007", "LastName": "Hopper"}"""));
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static Guest guest(String name, Role role) throws SQLException {
        String token = new ApiTokens(hub.wiring().database().dataSource(), InstantSource.system())
                .create(name, role.word(), Optional.empty(), new ByHand("ada", "a test"))
                .orElseThrow();
        return new Guest(hub.url("")).login(token);
    }

    @Test
    void anOperatorReconnectsAParkedAccountAndWhatWaitedGoesOn() throws SQLException {
        assertThat(hub.crm("{\"id\":\"003000000000000007\",\"updated_at\":\"2026-11-01T00:00:00Z\"}")
                        .status())
                .isEqualTo(202);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> hub.column("SELECT waits_for FROM run").contains("salesforce/*"));
        Guest operator = guest("grace", Role.OPERATOR);

        Seen onward = operator.submit("/connections", ".why form[action='" + RECONNECT + "']");
        String link = onward.page().select("main a").attr("href");
        assertThat(link).startsWith(hub.url("/connections/salesforce/connect?once="));
        assertThat(onward.page().select("meta[http-equiv=refresh]").attr("content"))
                .as("it goes on by itself")
                .isEqualTo("0; url=" + link);
        // without the session, as a browser comes back from a vendor's page
        var browser = new Guest(hub.url(""));
        Seen asked = browser.get(link.substring(hub.url("").length()));
        Seen left = browser.post(
                "/connections/salesforce/connect",
                "once",
                asked.page().select("input[name=once]").val());
        URI back = URI.create(new Guest("").get(left.location()).location());
        Seen connected = browser.get(back.getRawPath() + "?" + back.getRawQuery());

        assertThat(connected.text()).contains("salesforce is connected");
        await().atMost(Duration.ofSeconds(60)).until(() -> hub.runs("done").size() == 1);
        assertThat(hub.column("SELECT who || ' ' || what FROM audit WHERE what LIKE 'connect%' ORDER BY at, id"))
                .containsExactly("grace connect link made", "grace connect begun", "grace connected");
    }

    @Test
    void aViewerAStrangerAndAFormOfAnotherPageConnectNothing() throws SQLException {
        Guest viewer = guest("a-viewer", Role.VIEWER);
        assertThat(viewer.get("/connections").page().select("form[action$=reconnect]"))
                .isEmpty();
        String before = links();

        assertThat(viewer.post(RECONNECT, "proof", Secrets.proof(viewer.cookies.get(Login.SESSION)))
                        .status())
                .isEqualTo(403);
        assertThat(guest("an-operator", Role.OPERATOR).post(RECONNECT).status())
                .as("without its proof")
                .isEqualTo(403);
        assertThat(new Guest(hub.url("")).post(RECONNECT).location()).startsWith("/login");
        assertThat(new Guest(hub.url("")).get("/connections/salesforce/connect").location())
                .isEqualTo("/connections");
        assertThat(links()).isEqualTo(before);
    }

    private static String links() {
        return hub.column("SELECT count(*) FROM audit WHERE what = 'connect link made'")
                .get(0);
    }
}
