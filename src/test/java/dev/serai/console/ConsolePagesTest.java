package dev.serai.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestHub;
import dev.serai.api.Role;
import dev.serai.console.Guest.Seen;
import dev.serai.store.FlowSwitches.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of the console over real HTTP: all they link to, what they show of strangers, and their switches. */
class ConsolePagesTest {
    private static final List<String> PAGES = Menu.ALL.stream()
            .filter(entry -> entry.role() == Role.VIEWER)
            .map(Menu::path)
            .toList();

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

    @Test
    void everyColumnOfATableHasAHeadThatIsReadOut() throws IOException {
        int heads = 0;
        try (Stream<Path> pages = Files.list(Path.of("src/main/resources/console"))) {
            for (Path page :
                    pages.filter(file -> file.toString().endsWith(".html")).toList()) {
                for (String head : Files.readString(page).split("(?=<th[ >])")) {
                    if (head.startsWith("<th")) {
                        heads++;
                        assertThat(head)
                                .as(page.toString())
                                .startsWith("<th scope=\"col\"")
                                .doesNotContainPattern("^<th[^>]*></th>");
                    }
                }
            }
        }
        assertThat(heads).isGreaterThan(60);
    }

    @Test
    void everyLinkOfEveryPageLeadsSomewhere() {
        hub.dead("linked");
        await().until(() ->
                guest(Role.VIEWER).get("/alerts").page().select("main h2 a").size() > 0);
        for (Role role : List.of(Role.VIEWER, Role.OPERATOR)) {
            Guest guest = guest(role);
            var seen = new TreeSet<String>();
            var left = new ArrayDeque<>(PAGES);
            while (!left.isEmpty() && seen.size() < 150) {
                String path = left.pop();
                if (!seen.add(path)) {
                    continue;
                }
                Seen page = guest.get(path);
                assertThat(page.status()).as(path + ": " + page.text()).isIn(200, 303);
                page.page().select("a[href]").stream()
                        .map(link -> link.attr("href").replaceAll("#.*", ""))
                        .filter(link -> !link.isEmpty())
                        .forEach(left::add);
            }
            assertThat(seen)
                    .anyMatch(path -> path.startsWith("/events/e_"))
                    .anyMatch(path -> path.startsWith("/alerts/a_"))
                    .anyMatch(path -> path.startsWith("/runbooks/"))
                    .anyMatch(path -> path.startsWith("/mappings/m"));
        }
    }

    @Test
    void aFlowIsDrawnFromItsFileWithWhatBecameOfEachStep() {
        hub.dead("drawn");
        Guest viewer = guest(Role.VIEWER);

        await().untilAsserted(() -> {
            var page = viewer.get("/flows/enrol-contact").page();
            assertThat(page.select("svg.flow a[href='/runs?flow=enrol-contact&step=enrol'] .bad")
                            .text())
                    .startsWith("✕ ");
            assertThat(page.select("ol.steps li").text())
                    .contains("event:contact.updated", "enrol connector mailchimp/upsert_member", "✕ fail");
        });
        var tree = viewer.get("/flows/tell-sales").page();
        assertThat(tree.select("svg.flow .when").eachText())
                .containsExactly("${body[customer][plan]} != 'none'", "otherwise");
        assertThat(tree.select("main form")).isEmpty();
        assertThat(viewer.get("/flows/nothing").text()).contains("there is no flow nothing");
    }

    @Test
    void aFlowIsPausedAndGoesOnByItsButtons() {
        Guest operator = guest(Role.OPERATOR);
        String flow = "/flows/enrol-contact";
        assertThat(operator.submit(flow, "form[action$=switch]", "state", "paused", "why", " ")
                        .text())
                .contains("\"why\" is missing");
        assertThat(operator.submit(flow, "form[action$=switch]", "state", "paused", "why", "they move house")
                        .location())
                .isEqualTo(flow);
        await().until(() -> hub.hub().wiring().hub().flowState("enrol-contact") == State.PAUSED);
        hub.contact("waits", "subscribed");
        assertThat(operator.get(flow).text()).contains("‖ paused", "Its runs wait", "they move house");
        assertThat(operator.get("/flows").text()).contains("‖ paused");
        assertThat(operator.get("/").text())
                .contains("Flows that do not go", "‖ paused enrol-contact", "they move house");
        assertThat(hub.state("waits")).isEqualTo("waiting");

        operator.submit(flow, "form[action$=switch]", "state", "on", "why", "they are there");

        hub.ends("waits", "done");
        assertThat(operator.get("/audit").text()).contains("pause flow enrol-contact", "switch on flow enrol-contact");
        Guest viewer = guest(Role.VIEWER);
        Seen refused = viewer.post(
                flow + "/switch",
                "state",
                "off",
                "why",
                "x",
                "proof",
                Secrets.proof(viewer.cookies.get(Login.SESSION)));
        assertThat(refused.status()).isEqualTo(403);
    }

    @Test
    void connectionsTellHowTheirCallsGoAndAreTriedAndLetGoOn() {
        hub.contact("called", "subscribed");
        hub.ends("called", "done");
        hub.hub()
                .column(
                        "INSERT INTO breaker (connection, operation, state, since, until, reason) SELECT 'mailchimp', o,"
                                + " 'open', now(), now() + interval '1 h', 'it hung' FROM unnest(ARRAY['a', 'b']) o RETURNING 1");
        Guest operator = guest(Role.OPERATOR);
        await().untilAsserted(() -> assertThat(operator.get("/connections")
                        .page()
                        .select("tr:contains(mailchimp) td")
                        .eachText())
                .anyMatch(cell -> cell.endsWith("ago"))
                .anyMatch(cell -> cell.matches("\\d+(\\.\\d)? %")));
        assertThat(operator.get("/connections").text()).contains("mailchimp a ✕ open", "it hung");

        Seen order = operator.submit("/connections", "form[action='/connections/slack/check']");
        assertThat(order.status())
                .as("whoever loads the page anew tries nothing")
                .isEqualTo(303);
        Seen checked = operator.get(order.location());
        assertThat(checked.page().select("[role=status]").text()).startsWith("slack ");
        operator.submit("/connections", "form[action$='/a/try']", "why", "back");
        Seen close = operator.get("/connections");
        operator.post(
                "/connections/mailchimp/b/close",
                "why",
                "back",
                "proof",
                close.page().select("input[name=proof]").val());

        assertThat(hub.hub()
                        .column("SELECT operation || state || coalesce((until <= now())::text, '') FROM breaker"
                                + " WHERE operation IN ('a', 'b') ORDER BY 1"))
                .containsExactly("aopentrue", "bclosed");
        assertThat(operator.get("/quotas").text()).contains("mailchimp");
        hub.hub().column("DELETE FROM breaker RETURNING 1");
    }

    @Test
    void aStreamIsReadAgainFromAnotherPlaceAfterItWasShown() {
        hub.hub().column("INSERT INTO cursor (connection, stream, value) VALUES ('crm', 'people', '700') RETURNING 1");
        Guest operator = guest(Role.OPERATOR);
        assertThat(operator.get("/streams").text()).contains("crm/people", "700");

        Seen tried = operator.submit("/streams/crm/people", "main form", "cursor", "300", "deed", "try");
        assertThat(tried.text()).contains("From 700 to 300. Nothing was changed yet.");
        assertThat(hub.hub().column("SELECT value FROM cursor")).containsExactly("700");
        assertThat(operator.submit(tried, "main form", "cursor", "300", "deed", "set", "why", "")
                        .text())
                .contains("\"why\" is missing");
        operator.submit(tried, "main form", "cursor", "300", "deed", "set", "why", "two days are missing");

        assertThat(hub.hub().column("SELECT value FROM cursor")).containsExactly("300");
        assertThat(operator.get("/audit").text()).contains("set crm/people from \"700\" to \"300\"");
    }

    @Test
    void driftIsAcceptedWithAReason() {
        hub.hub()
                .column("INSERT INTO drift (source, type, kind, path, event_id, since, found_at)"
                        + " VALUES ('crm', 'order', 'new', 'coupon', 1, now(), now()) RETURNING 1");
        Guest operator = guest(Role.OPERATOR);
        assertThat(operator.get("/drift").text()).contains("crm order: coupon is new");

        operator.submit("/drift", "form[action='/drift/accept']", "why", "their version 3");

        assertThat(operator.get("/drift").text()).contains("The sources send what they have always sent.");
    }

    @Test
    void settingsAreShownWithoutSecretsAndNotToViewers() {
        String page = guest(Role.OPERATOR).get("/settings").text();

        assertThat(page).contains("serai.retry.attempts", "serai.api.key …").doesNotContain(TestHub.API_KEY);
        assertThat(guest(Role.VIEWER).get("/settings").status()).isEqualTo(403);
        assertThat(guest(Role.VIEWER).get("/").page().select("nav a").eachText())
                .doesNotContain("Settings");
    }

    @Test
    void aPageWithAllItNeedsIsSmall() {
        Guest operator = guest(Role.OPERATOR);
        int files = operator.get("/console.css").html().length()
                + operator.get("/console.js").html().length()
                + operator.get("/console.svg").html().length();

        for (String page : List.of("/", "/flows/enrol-contact", "/connections", "/runs")) {
            assertThat(operator.get(page).html().length() + files).as(page).isLessThan(100_000);
        }
    }
}
