package dev.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.api.Role;
import dev.serai.console.Guest.Seen;
import dev.serai.store.ApiTokens;
import dev.serai.store.ByHand;
import dev.serai.store.ConsoleSessions;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** The console over real HTTP, as a browser without scripts meets it. */
class ConsoleTest {
    private static final List<String> PAGES = List.of(
            "/",
            "/runs",
            "/dead-letters",
            "/dead-letters/fix",
            "/flows",
            "/connections",
            "/mappings",
            "/audit",
            "/search");

    @TempDir
    private static Path folder;

    private static ConsoleHub hub;

    @BeforeAll
    static void start() throws SQLException {
        hub = new ConsoleHub(folder, Map.of("serai.http.trusted-proxies", "127.0.0.0/8"));
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static Guest guest() {
        return new Guest(hub.hub().url(""));
    }

    private static Guest guest(Role role) {
        return guest().login(hub.token(role));
    }

    @Test
    void withoutALoginThereIsNothingButThePageToLogIn() {
        for (String page : PAGES) {
            assertThat(guest().get(page).location()).as(page).startsWith("/login?then=");
            assertThat(guest().get(page).html()).as(page).isEmpty();
        }
        assertThat(guest().post("/runs/r_1/resume", "why", "x").location()).isEqualTo("/login?then=%2F");
        assertThat(guest().get("/login").status()).isEqualTo(200);
        for (String file : List.of("/console.css", "/console.js", "/console.svg")) {
            assertThat(guest().get(file).status()).as(file).isEqualTo(200);
        }
    }

    @Test
    void everyPageTellsTheBrowserToLoadAndRunNothingOfOthers() {
        Guest admin = guest(Role.ADMIN);
        for (String page : List.of("/login", "/", "/console.js", "/runs/r_999999")) {
            Seen seen = admin.get(page);
            assertThat(seen.headers().firstValue("Content-Security-Policy").orElse(""))
                    .as(page)
                    .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'")
                    .doesNotContain("unsafe");
            assertThat(seen.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(seen.headers().firstValue("Referrer-Policy")).contains("same-origin");
        }
        assertThat(admin.get("/").headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(admin.get("/").page().select("[style], script:not([src]), [onclick]"))
                .isEmpty();
    }

    @Test
    void theCookieIsForNoScriptAndOfItsSecretOnlyTheDigestIsKept() {
        Guest guest = guest();
        Seen login = guest.submit("/login?then=/runs", "form", "token", hub.token(Role.VIEWER));
        String secret = guest.cookies.get(Login.SESSION);

        assertThat(login.location()).isEqualTo("/runs");
        assertThat(login.headers().allValues("Set-Cookie"))
                .filteredOn(cookie -> cookie.startsWith(Login.SESSION))
                .singleElement()
                .asString()
                .contains("HTTPOnly", "SameSite=Strict", "Path=/")
                .doesNotContain("Secure");
        assertThat(secret).hasSize(43);
        assertThat(hub.hub().column("SELECT s::text FROM console_session s")).noneMatch(row -> row.contains(secret));
    }

    @Test
    void behindHttpsTheCookieGoesNoOtherWay() {
        try (var wiring = hub.hub()
                .another(Map.of("serai.http.public-url", "https://hub.example.com", "serai.hub.name", "beside"))
                .wiring()) {
            var guest = new Guest("http://127.0.0.1:" + wiring.hub().port());
            Seen login = guest.submit("/login", "form", "token", hub.token(Role.VIEWER));

            assertThat(login.headers().allValues("Set-Cookie"))
                    .allMatch(cookie -> cookie.contains("Secure"))
                    .isNotEmpty();
        }
    }

    @Test
    void withoutAnIssuerTokensAloneOpenTheConsole() {
        assertThat(guest().get("/login").page().select("a.button")).isEmpty();
        for (String page : List.of("/login/oidc", "/login/oidc/back?state=x&code=y", "/login/anything")) {
            assertThat(guest().get(page).location()).as(page).startsWith("/login");
        }
    }

    @Test
    void whateverIsWrongWithATokenTheAnswerIsTheSame() throws SQLException {
        String over = hub.tokens()
                .create("over", "admin", Optional.of(Instant.now().minusSeconds(1)), new ByHand("ada", "a test"))
                .orElseThrow();
        Guest guest = guest();
        Seen wrong = guest.submit("/login", "form", "token", "serai_wrong");

        assertThat(wrong.status()).isEqualTo(401);
        assertThat(guest.submit("/login", "form", "token", over).html()).isEqualTo(wrong.html());
        assertThat(guest.submit("/login", "form", "token", "").html()).isEqualTo(wrong.html());
        assertThat(guest.cookies).doesNotContainKey(Login.SESSION);
    }

    @Test
    void aStrangersPageLogsNobodyInAndNoLinkLeadsThroughTheLoginToAStranger() {
        Guest guest = guest();

        assertThat(guest.post("/login", "token", hub.token(Role.ADMIN)).status())
                .isEqualTo(403);
        for (String then : List.of(
                "//evil.example",
                "https://evil.example",
                "/\\evil.example",
                "javascript:alert(1)",
                "//evil.example?x=1",
                "/?x=1\r\nSet-Cookie: a=b",
                "/?;x",
                "/?x=<script>",
                "?//evil.example")) {
            assertThat(leadsTo(then)).as(then).isEqualTo("/");
        }
    }

    /** Where a login leads whose form says so. */
    private static String leadsTo(String then) {
        Guest guest = guest();
        String proof = guest.get("/login").page().select("input[name=proof]").val();
        return guest.post("/login", "proof", proof, "token", hub.token(Role.VIEWER), "then", then)
                .location();
    }

    @Test
    void afterALoginOneIsWhereOneWantedToBeWithWhatOneWasLookingFor() {
        Guest guest = guest();
        String wanted = "/runs?flow=enrol-contact&reason=a+b%26c&state=dead";

        Seen asked = guest.get(wanted);
        Seen login = guest.submit(asked.location(), "form", "token", hub.token(Role.OPERATOR));

        assertThat(login.location()).isEqualTo(wanted);
        assertThat(guest.get(wanted).page().select("input[name=reason]").val()).isEqualTo("a b&c");
        assertThat(leadsTo(wanted)).isEqualTo(wanted);
        assertThat(leadsTo("/runs?reason=" + "x".repeat(2000)))
                .as("too long for a cookie")
                .isEqualTo("/runs");
    }

    @Test
    void tenFailedAttemptsAMinuteAreEnough() {
        var now = new java.util.concurrent.atomic.AtomicReference<>(Instant.parse("2026-11-21T10:00:00Z"));
        var rate = new LoginRate(now::get);
        for (int i = 0; i < LoginRate.A_MINUTE; i++) {
            assertThat(rate.admits("192.0.2.1")).isTrue();
            rate.failed("192.0.2.1");
        }
        assertThat(rate.admits("192.0.2.1")).isFalse();
        assertThat(rate.admits("192.0.2.2")).isTrue();
        for (int i = 0; i < LoginRate.MOST_ADDRESSES; i++) {
            assertThat(rate.failed("of many " + i)).isTrue();
        }
        assertThat(rate.admits("192.0.2.1")).as("forgotten first").isTrue();
        assertThat(rate.admits("192.0.2.3")).as("nobody is locked out by many").isTrue();
        now.set(now.get().plusSeconds(60));
        assertThat(rate.admits("192.0.2.1")).isTrue();
    }

    private static Seen tries(String forwarded, String token) {
        Guest guest = guest();
        guest.headers.put("X-Forwarded-For", forwarded);
        return guest.submit("/login", "form", "token", token);
    }

    @Test
    void afterTenWrongTokensAnAddressIsToldToWaitAndNobodyWhoHasARightOneIs() {
        for (int i = 0; i < LoginRate.A_MINUTE; i++) {
            assertThat(tries("203.0.113.9, 192.0.2.77", "serai_wrong").status()).isEqualTo(401);
        }
        int more = 0;
        // a minute may have ended meanwhile
        while (tries("203.0.113.9, 192.0.2.77", "serai_wrong").status() == 401) {
            assertThat(++more).isLessThanOrEqualTo(LoginRate.A_MINUTE);
        }

        assertThat(tries("192.0.2.77, 203.0.113.9", "serai_wrong").status())
                .as("another one behind the same proxy")
                .isEqualTo(401);
        assertThat(tries("203.0.113.9, 192.0.2.77", hub.token(Role.VIEWER)).status())
                .isEqualTo(303);
    }

    @Test
    void whoHasANetworkOfAddressesIsOneAllTheSame() {
        int tried = 0;
        while (tries("2001:db8:7:7::" + Integer.toHexString(++tried), "serai_wrong")
                        .status()
                == 401) {
            // a minute may have ended meanwhile
            assertThat(tried).isLessThanOrEqualTo(2 * LoginRate.A_MINUTE);
        }
        assertThat(tries("2001:db8:7:8::1", "serai_wrong").status()).isEqualTo(401);
    }

    @Test
    void aPageThatKeepsItselfFreshIsNoClick() throws SQLException {
        Guest guest = guest().login(hub.token("looks-on", Role.VIEWER));
        String aside = "UPDATE console_session SET used_at = used_at - interval '11 hours' WHERE token = 'looks-on'"
                + " RETURNING 1";
        String asideStill =
                "SELECT token FROM console_session WHERE token = 'looks-on' AND used_at < now() - interval '1 hour'";
        hub.hub().column(aside);
        guest.headers.put("Serai-Refresh", "1");
        assertThat(guest.get("/").status()).isEqualTo(200);
        assertThat(hub.hub().column(asideStill)).hasSize(1);

        guest.headers.clear();
        assertThat(guest.get("/").status()).isEqualTo(200);

        assertThat(hub.hub().column(asideStill)).isEmpty();
    }

    @Test
    void whatAMappingMakesOfACorrectedPayloadIsShownBeforeItIsResumed() {
        String run = hub.dead("shown");
        Guest operator = guest(Role.OPERATOR);
        Seen open = operator.get("/runs/" + run + "?payload=show");
        String payload = open.page().select("textarea").text();
        String[] right = {"payload", payload.replace("nonsense", "subscribed"), "deed", "preview"};

        Seen shown = operator.submit(open, "form[action$=resume]", right);
        assertThat(shown.page().select("#preview").text())
                .contains("What enrol-contact makes of " + run, "\"status_if_new\" : \"subscribed\"");
        assertThat(shown.page().select("textarea").text()).contains("subscribed");
        Seen refused = operator.submit(
                open, "form[action$=resume]", "payload", "{\"properties\":{\"email\":\"\"}}", "deed", "preview");
        assertThat(refused.page().select("#preview").text()).contains("✕ refuses it", "email_address");
        assertThat(operator.submit(open, "form[action$=resume]", "payload", "{", "deed", "preview")
                        .text())
                .contains("the payload is not JSON");
        assertThat(operator.get("/runs/" + run).text()).contains("✕ dead").doesNotContain("a-operator: resume");

        String all = "/dead-letters/fix?flow=enrol-contact&record=contact:shown";
        String patch = "[{\"op\":\"replace\",\"path\":\"/properties/status\",\"value\":\"pending\"}]";
        Seen patched = operator.submit(all, "section form", "patch", patch, "deed", "preview");
        assertThat(patched.page().select("#preview").text())
                .contains("makes of " + run, "\"status_if_new\" : \"pending\"");
        assertThat(operator.submit(all, "section form", "patch", patch.replace("status", "none"), "deed", "preview")
                        .page()
                        .select(".problem")
                        .text())
                .contains("/properties/none");
        Guest viewer = guest(Role.VIEWER);
        assertThat(viewer.post(
                                "/runs/" + run + "/resume",
                                "deed",
                                "preview",
                                "proof",
                                Secrets.proof(viewer.cookies.get(Login.SESSION)))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aSessionEndsByLogoutByTwelveIdleHoursAndWithItsToken() throws SQLException {
        Guest leaves = guest(Role.VIEWER);
        String secret = leaves.cookies.get(Login.SESSION);
        leaves.submit("/", "form.who");
        leaves.cookies.put(Login.SESSION, secret);
        assertThat(leaves.get("/").status()).isEqualTo(303);

        Guest idle = guest().login(hub.token("idle", Role.VIEWER));
        assertThat(idle.get("/").status()).isEqualTo(200);
        hub.hub()
                .column("UPDATE console_session SET used_at = used_at - interval '12 hours' WHERE token = 'idle'"
                        + " RETURNING token");
        assertThat(idle.get("/").status()).isEqualTo(303);

        Guest revoked = guest().login(hub.token("revoked", Role.ADMIN));
        hub.tokens().revoke("revoked", new ByHand("ada", "a test"));
        assertThat(revoked.get("/").status()).isEqualTo(303);
    }

    @Test
    void aFormWithoutItsProofDoesNothing() {
        String run = hub.dead("proof");
        Guest operator = guest(Role.OPERATOR);

        assertThat(operator.post("/runs/" + run + "/resume", "why", "x").status())
                .isEqualTo(403);
        assertThat(operator.post("/runs/" + run + "/resume", "why", "x", "proof", Secrets.proof("another"))
                        .status())
                .isEqualTo(403);
        assertThat(operator.post("/logout").status()).isEqualTo(403);
        assertThat(operator.get("/runs/" + run).text()).contains("✕ dead");
    }

    @Test
    void aViewerSeesNobodyAndNoButtonAndCanNotActWithoutThem() {
        String run = hub.dead("viewer");
        Guest viewer = guest(Role.VIEWER);
        Guest operator = guest(Role.OPERATOR);
        String payload = "/runs/" + run + "?payload=show";

        assertThat(viewer.get("/runs/" + run).page().select("main form")).isEmpty();
        assertThat(viewer.get(payload).text()).contains("v***@e***").doesNotContain("viewer@example.com");
        assertThat(operator.get(payload).page().select("textarea").text()).contains("viewer@example.com");
        for (String deed : List.of("/runs/" + run + "/resume", "/runs/" + run + "/discard", "/dead-letters/fix")) {
            Seen refused = viewer.post(deed, "why", "x", "proof", Secrets.proof(viewer.cookies.get(Login.SESSION)));
            assertThat(refused.status()).as(deed).isEqualTo(403);
        }
        assertThat(operator.get("/runs/" + run).text()).contains("✕ dead");
    }

    @Test
    void aDeadLetterIsReadCorrectedAndResumed() {
        String run = hub.dead("mended");
        Guest operator = guest(Role.OPERATOR);
        Seen page = operator.get("/runs/" + run);
        assertThat(page.text()).contains("Why at enrol", "enrol, attempt 1", "✕ fail", "A person has to act");

        Seen typo = operator.submit(
                "/runs/" + run + "?payload=show", "form[action$=resume]", "payload", "{\"a\":,}", "why", "x");
        assertThat(typo.status()).isEqualTo(400);
        assertThat(typo.text()).contains("the payload is not JSON in line 1, column 6");
        assertThat(typo.page().select("textarea").text()).isEqualTo("{\"a\":,}");

        Seen open = operator.get("/runs/" + run + "?payload=show");
        String payload = open.page().select("textarea").text().replace("nonsense", "subscribed");
        Seen done = operator.submit(open, "form[action$=resume]", "payload", payload, "why", "a status that exists");

        assertThat(done.location()).isEqualTo("/runs/" + run);
        assertThat(hub.ends("mended", "done")).isEqualTo(run);
        assertThat(operator.get("/runs/" + run).text())
                .contains("● done", "a-operator: resume", "a status that exists");
        assertThat(operator.get("/audit?action=resume&about=" + run).text()).contains("a status that exists");
        assertThat(operator.get("/why?who=contact:mended&field=status_if_new").text())
                .as("the event still says nonsense")
                .contains("Value subscribed", "a-operator corrected what arrived", "a status that exists")
                .doesNotContain("nonsense");
        assertThat(operator.get("/audit?who=nobody").text()).contains("Nothing that fits.");
        assertThat(operator.get("/audit?since=yesterday").text()).contains("yesterday: not a time");
    }

    @Test
    void aDeadLetterIsGivenUpWithAReasonAndNotWithoutOne() {
        String run = hub.dead("given-up");
        Guest operator = guest(Role.OPERATOR);

        Seen refused = operator.submit("/runs/" + run, "form[action$=discard]", "why", " ");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("\"why\" is missing");
        operator.submit("/runs/" + run, "form[action$=discard]", "why", "a test contact");

        assertThat(operator.get("/runs/" + run).text()).contains("● done", "given up by a-operator: a test contact");
    }

    @Test
    void onePatchMendsManyAndOnlyThoseThatTheTrialShowed() {
        for (int i = 0; i < 5; i++) {
            hub.dead("many" + i);
        }
        Guest operator = guest(Role.OPERATOR);
        String row = operator.get("/dead-letters").page().select("tbody a").attr("href");
        assertThat(row).startsWith("/dead-letters/fix?flow=enrol-contact&step=enrol");
        String patch = "[{\"op\":\"replace\",\"path\":\"/properties/status\",\"value\":\"subscribed\"}]";

        Seen tried = operator.submit(row, "section form", "patch", patch, "deed", "try");
        assertThat(tried.text())
                .contains("Tried out:", "Nothing was changed yet.")
                .containsPattern("From the failed step on that is at most \\d+ calls of mailchimp");
        String meant = tried.page().select("input[name=runs]").val();
        assertThat(meant.split(" ")).hasSizeGreaterThanOrEqualTo(5);
        String later = hub.dead("later");
        Seen order = operator.submit(tried, ".told form", "why", "statuses", "deed", "resume");

        assertThat(order.status())
                .as("whoever loads the page anew orders nothing")
                .isEqualTo(303);
        assertThat(operator.get(order.location()).text()).contains(meant.split(" ").length + " resumed");
        for (int i = 0; i < 5; i++) {
            hub.ends("many" + i, "done");
        }
        assertThat(meant).doesNotContain(later);
        assertThat(operator.get("/runs/" + later).text()).contains("✕ dead");
        assertThat(operator.submit(row, "section form", "patch", "[{\"op\":\"move\"}]")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void searchLeadsToWhatIsMeant() {
        String run = hub.dead("sought");
        Guest viewer = guest(Role.VIEWER);

        assertThat(viewer.get("/search?q=" + run).location()).isEqualTo("/runs/" + run);
        assertThat(viewer.get("/search?q=e_7").location()).isEqualTo("/events/e_7");
        Seen found = viewer.get("/search?q=contact:sought");
        assertThat(found.page().select("tbody tr td:first-child > a[href^=/events/]"))
                .hasSize(1);
        assertThat(found.page().title()).as("what histories show").isEqualTo("Search · Serai");
        Guest operator = guest(Role.OPERATOR);
        assertThat(operator.get("/search?q=contact:sought").page().select("form[action=/why]"))
                .hasSize(1);
        assertThat(operator.get("/why?who=sought@example.com&field=status").text())
                .contains("No write that is still known");
        assertThat(viewer.get("/why?who=sought@example.com&field=status").status())
                .isEqualTo(403);
        String reason = viewer.get("/search?q=" + HubPages.word("no such thing: at all"))
                .location();
        assertThat(reason)
                .as("all of history is not read for a word")
                .startsWith("/runs?state=dead%2Cin_doubt%2Cwaiting&reason=no+such");
        assertThat(operator.get(reason).text()).contains("No run fits.");
    }

    @Test
    void aMappingIsTriedOutFieldByField() {
        Guest operator = guest(Role.OPERATOR);
        Seen tried = operator.submit(
                "/mappings/mailchimp/contact-to-member", "main form", "record", "{\"email\":\" Ada@Example.com\"}");

        assertThat(tried.text()).contains("\"email_address\" : \"ada@example.com\"", "Field by field");
        assertThat(operator.get("/mappings/mailchimp/nothing").text())
                .contains("there is no mapping mailchimp/nothing");
    }

    @Test
    void whileTheDatabaseIsAwayThePageSaysSo() {
        var nowhere = new PGSimpleDataSource();
        nowhere.setPortNumbers(new int[] {1});
        InstantSource clock = InstantSource.system();
        var sessions = new ConsoleSessions(nowhere, clock, Duration.ZERO);
        var console = new Console(null, new ApiTokens(nowhere, clock), sessions, Optional.empty(), clock);

        Reply reply = console.answer(
                new Visit("GET", "/runs", Map.of(), Map.of(), Map.of(Login.SESSION, "x"), "192.0.2.1", true));

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.html()).contains("The database can&#39;t be asked now");
    }

    private static String row(Guest guest, String page, String reason) {
        return guest.get(page).page().select("tbody a").stream()
                .filter(link -> link.text().equals(reason))
                .findFirst()
                .orElseThrow()
                .attr("href");
    }

    /** A run that failed of this. */
    private static String dead(String id, String reason) {
        String run = hub.dead(id);
        hub.hub()
                .column("UPDATE open_run SET reason = " + reason + " WHERE id = " + run.substring(2) + " RETURNING id");
        return run;
    }

    @Test
    void aRowOpensItsOwnRunsAndNoOthersHoweverShortItsWordsAre() {
        String ada = dead("row1", "'mailchimp answered 409: \"Ada\" exists'");
        String grace = dead("row2", "'mailchimp answered 409: \"Grace\" exists'");
        dead("row3", "'mailchimp answered 400: API Not Available'");
        dead("row4", "'mailchimp answered 400: invalid_auth'");
        String none = dead("row5", "NULL");
        dead("row6", "NULL");
        hub.hub().column("UPDATE open_run SET step = NULL WHERE id = " + none.substring(2) + " RETURNING id");
        Guest operator = guest(Role.OPERATOR);

        Seen tried = operator.submit(
                row(operator, "/dead-letters", "mailchimp answered N: \"…\" exists"), "section form", "deed", "try");
        assertThat(tried.page().select("h1").text()).isEqualTo("Dead letters alike 2");
        assertThat(tried.page().select("input[name=runs]").val().split(" ")).containsExactlyInAnyOrder(ada, grace);
        for (String row : List.of(
                row(operator, "/dead-letters", "mailchimp answered N: API Not Available"),
                row(operator, "/dead-letters?record=contact:row1", "mailchimp answered N: \"…\" exists"))) {
            assertThat(operator.get(row).page().select("h1").text()).isEqualTo("Dead letters alike 1");
        }

        List<Seen> without = operator.get("/dead-letters").page().select("tbody a").stream()
                .filter(link -> link.text().equals("no reason was noted"))
                .map(link -> operator.submit(link.attr("href"), "section form", "deed", "try"))
                .toList();
        assertThat(without)
                .hasSize(2)
                .allMatch(page -> page.page().select("h1").text().equals("Dead letters alike 1"))
                .anyMatch(page -> page.page().select("input[name=runs]").val().equals(none));
    }

    @Test
    void aViewerIsLedToTheRunsAndLooksThroughNobodysWords() {
        dead("seen1", "'mailchimp answered 409: Ada Lovelace is archived'");
        Guest viewer = guest(Role.VIEWER);
        String row = row(viewer, "/dead-letters", "mailchimp answered N: …");

        assertThat(row).startsWith("/runs?flow=enrol-contact&step=enrol&state=");
        assertThat(viewer.get(row).text()).contains("seen1");
        assertThat(viewer.get("/runs").page().select("[name=reason], [name=pattern]"))
                .isEmpty();
        Seen refused = viewer.get("/runs?reason=ada");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).contains("takes the role operator").doesNotContain("seen1");
    }

    @Test
    void aFilterThatNoTextCanHoldIsRefusedWithItsPlace() {
        Seen refused = guest(Role.OPERATOR).get("/runs?flow=%00");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("flow has the character U+0000 in it");
    }
}
