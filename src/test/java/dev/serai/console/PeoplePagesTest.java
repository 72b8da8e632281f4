package dev.serai.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.api.Role;
import dev.serai.console.Guest.Seen;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person is handed over and forgotten by the console, as a browser without scripts does it; and what links outlive. */
class PeoplePagesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static ConsoleHub hub;

    @BeforeAll
    static void start() throws SQLException {
        hub = new ConsoleHub(folder);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static Guest guest(Role role) {
        return new Guest(hub.hub().url("")).login(hub.token(role));
    }

    private static Seen done(Guest guest, String erasure) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> guest.get(erasure).text().contains("is done"));
        return guest.get(erasure);
    }

    @Test
    void aPersonIsFoundHandedOverAndForgottenAfterItWasTypedAgainWho() throws IOException {
        String run = hub.dead("grace");
        Guest admin = guest(Role.ADMIN);
        await().until(() -> admin.get("/search?q=grace@example.com").status() == 200);
        String page = admin.get("/search?q=grace@example.com")
                .page()
                .select("main a[href^=/people]")
                .attr("href");
        Seen shown = admin.get(page);
        assertThat(shown.text())
                .contains("Events, their content 1", "Runs that would end undone 1", "contact:grace of crm");

        Seen file = admin.submit(shown, "form[action$=export]", "q", "grace@example.com");
        assertThat(file.headers().firstValue("Content-Disposition")).contains("attachment; filename=\"person.json\"");
        assertThat(file.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        JsonNode person = JSON.readTree(file.html());
        assertThat(person.at("/events/0/json/id").asText()).isEqualTo("grace");
        assertThat(person.has("customers")).isTrue();

        Seen typo = admin.submit(
                shown,
                "section form[action$=forget]",
                "why",
                "asked for",
                "again",
                "grace@example.org",
                "deed",
                "forget");
        assertThat(typo.status()).isEqualTo(400);
        assertThat(typo.text()).contains("Nothing was forgotten", "Type it again");
        Seen silent =
                admin.submit(shown, "section form[action$=forget]", "again", "grace@example.com", "deed", "forget");
        assertThat(silent.status()).isEqualTo(400);
        assertThat(silent.text()).contains("\"why\" is missing");
        assertThat(admin.get("/runs/" + run).text()).contains("✕ dead");

        Seen begun = admin.submit(
                shown,
                "section form[action$=forget]",
                "why",
                "asked for",
                "again",
                "grace@example.com",
                "deed",
                "forget");
        assertThat(begun.location()).startsWith("/people/erasures/f_");
        assertThat(done(admin, begun.location()).text())
                .contains("Certificate", "a-admin", "\"why\" : \"asked for\"")
                .doesNotContain("grace@");
        Seen certificate = admin.get(begun.location() + "/certificate");
        String name = begun.location().replaceAll(".*/", "");
        assertThat(certificate.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"certificate-" + name + ".json\"");
        assertThat(JSON.readTree(certificate.html()).path("signature").asText()).isNotEmpty();
        assertThat(admin.get("/people").text()).contains("Forgotten before", name);
        String form = "form[action$=certificate]";
        assertThat(admin.submit("/people", form, "certificate", certificate.html())
                        .text())
                .contains("Genuine: this hub wrote certificate " + name);
        assertThat(admin.submit(
                                "/people",
                                form,
                                "certificate",
                                certificate.html().replace("asked for", "nobody asked"))
                        .text())
                .contains("Not genuine", "\"nobody asked\"");
        Seen half = admin.submit("/people", form, "certificate", "{");
        assertThat(half.status()).isEqualTo(400);
        assertThat(half.text()).contains("the certificate is not JSON in line 1");
        assertThat(admin.get("/audit?about=" + name).text()).contains("forget " + name);
    }

    @Test
    void severalThatAreOnePersonAreCountedTogetherAndWhatIsTooVagueIsRefused() {
        hub.dead("two-1");
        hub.dead("two-2");
        Guest admin = guest(Role.ADMIN);
        await().until(() -> admin.get("/search?q=two-2@example.com").status() == 200);
        Seen counted = admin.submit(
                "/people", "main form", "identifiers", "two-1@example.com\r\n two-2@example.com \r\n", "deed", "count");
        assertThat(counted.text()).contains("Events, their content 2", "Type two-1@example.com again");

        Seen vague = admin.submit("/people", "main form", "identifiers", "123456", "deed", "count");
        assertThat(vague.status()).isEqualTo(400);
        assertThat(vague.text()).contains("may be the id of many things");
        assertThat(vague.page().select("#identifiers").text()).isEqualTo("123456");
    }

    @Test
    void onlyAnAdminMayAndNoFormCountsWithoutItsProof() {
        for (Role role : List.of(Role.VIEWER, Role.OPERATOR)) {
            Guest guest = guest(role);
            assertThat(guest.get("/").page().select("nav a[href=/people]")).isEmpty();
            String proof = Secrets.proof(guest.cookies.get(Login.SESSION));
            assertThat(guest.get("/people").status()).isEqualTo(403);
            assertThat(guest.get("/people?q=ada@example.com").status()).isEqualTo(403);
            assertThat(guest.get("/people/erasures/f_1").status()).isEqualTo(403);
            assertThat(guest.get("/people/erasures/f_1/certificate").status()).isEqualTo(403);
            assertThat(guest.post("/people/export", "q", "ada@example.com", "proof", proof)
                            .status())
                    .isEqualTo(403);
            Seen forget = guest.post(
                    "/people/forget",
                    "identifiers",
                    "ada@example.com",
                    "again",
                    "ada@example.com",
                    "why",
                    "x",
                    "deed",
                    "forget",
                    "proof",
                    proof);
            assertThat(forget.status()).as(role.word()).isEqualTo(403);
        }
        Guest admin = guest(Role.ADMIN);
        assertThat(admin.get("/").page().select("nav a[href=/people]")).hasSize(1);
        for (String form : List.of("/people/export", "/people/forget", "/people/certificate")) {
            assertThat(admin.post(form, "q", "ada@example.com", "identifiers", "ada@example.com", "deed", "forget")
                            .status())
                    .isEqualTo(403);
        }
        assertThat(admin.get("/people/erasures/f_999").status()).isEqualTo(404);
    }

    @Test
    void aLinkToWhatHasLeftTheHistorySaysSoAndWhereToGoOn() {
        hub.hub().column("UPDATE slice SET dropped_at = now() WHERE number = 2 RETURNING number");
        Guest viewer = guest(Role.VIEWER);

        Seen run = viewer.get("/runs/r_200000007?alert=a_1f00ba12c3d4&receipt=e_200000009");
        assertThat(run.status()).isEqualTo(404);
        assertThat(run.text()).contains("r_200000007 has left the history", "serai.history.keep");
        assertThat(run.page().select("main a").eachAttr("href"))
                .containsExactly("/alerts/a_1f00ba12c3d4", "/events/e_200000009", "/audit?about=r_200000007", "/runs");
        assertThat(viewer.get("/runs/r_200000007?alert=//evil&receipt=%3Cb%3E")
                        .page()
                        .select("main a"))
                .hasSize(2);
        assertThat(viewer.get("/events/e_200000009?run=r_200000007").text())
                .contains("e_200000009 has left the history", "The run that worked on it");
        assertThat(viewer.get("/runs/r_99").text()).contains("there is no run r_99");
        var api = hub.hub()
                .get("/api/v1/runs/r_200000007/payload", Map.of("Authorization", "Bearer " + hub.token(Role.OPERATOR)));
        assertThat(api.status()).isEqualTo(404);
        assertThat(api.body().path("code").asText()).isEqualTo("left_history");
        assertThat(api.body().path("detail").asText())
                .contains("r_200000007 has left the history", "/api/v1/audit?about=r_200000007");
    }
}
