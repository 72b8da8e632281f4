package dev.serai.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.api.Role;
import dev.serai.console.Guest.Seen;
import dev.serai.oidc.TestIssuer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way to an issuer and back, as a browser without scripts goes it; what of a token is believed is SignInTest's. */
class SignInPagesTest {
    @TempDir
    private static Path folder;

    private static TestIssuer issuer;
    private static ConsoleHub hub;

    @BeforeAll
    static void start() throws SQLException {
        issuer = new TestIssuer();
        hub = new ConsoleHub(folder, issuer.settings());
    }

    @AfterAll
    static void stop() {
        hub.close();
        issuer.close();
    }

    @AfterEach
    void honest() {
        issuer.codesLast = false;
        issuer.gone = false;
        issuer.lie = claims -> {};
        groups("ops");
    }

    private static void groups(String... groups) {
        issuer.person = Map.of("sub", "sub-7", "preferred_username", "ada", "groups", List.of(groups));
    }

    private static Guest guest() {
        return new Guest(hub.hub().url(""));
    }

    /** To the issuer, who agrees. @return where the browser is sent back to */
    private static String agreed(Guest guest, String then) {
        Seen begun = guest.get("/login/oidc?then=" + then);
        assertThat(begun.status()).as(begun.text()).isEqualTo(303);
        URI back = issuer.consent(begun.location());
        return back.getRawPath() + "?" + back.getRawQuery();
    }

    private static Seen signedIn(Guest guest) {
        return guest.get(agreed(guest, "/"));
    }

    @Test
    void whoHasAnAccountThereSignsInGoesOnAndIsNotedByName() {
        Guest guest = guest();
        Seen login = guest.get("/login?then=/runs");
        assertThat(login.page().select("a.button").text()).isEqualTo("Sign in with Keycloak");
        assertThat(login.page().select("a.button").attr("href")).isEqualTo("/login/oidc?then=%2Fruns");
        assertThat(login.page().select("input[name=token]")).hasSize(1);

        String back = agreed(guest, "/runs");
        String ticket = guest.cookies.get(SignInPages.TICKET);
        Seen done = guest.get(back);

        assertThat(done.text()).contains("You are ada, operator.");
        assertThat(done.page().select("a").attr("href")).isEqualTo("/runs");
        assertThat(done.page().select("meta[http-equiv=refresh]").attr("content"))
                .isEqualTo("0; url=/runs");
        assertThat(done.headers().allValues("Set-Cookie"))
                .filteredOn(cookie -> cookie.startsWith(Login.SESSION))
                .singleElement()
                .asString()
                .contains("HTTPOnly", "SameSite=Strict");
        assertThat(guest.cookies).doesNotContainKey(SignInPages.TICKET);
        assertThat(guest.get("/runs").page().select(".who").text())
                .containsPattern("ada \\(Keycloak [0-9a-f]{12}\\) operator");
        assertThat(guest.get(deeds(guest)).text()).contains("sign in as operator", "Keycloak calls the account sub-7");
        String secret = guest.cookies.get(Login.SESSION);
        assertThat(hub.hub().column("SELECT s::text FROM console_session s"))
                .noneMatch(row -> row.contains(secret) || row.contains(ticket));
    }

    /** Where the page of the audit leads from the name of who did the newest deed. */
    private static String deeds(Guest guest) {
        return guest.get("/audit")
                .page()
                .select("tbody a[href^=/audit]")
                .first()
                .attr("href");
    }

    @Test
    void whoTakesTheNameOfAnotherIsToldApartInTheAudit() {
        Guest ada = guest();
        signedIn(ada);
        String adas = deeds(ada);
        issuer.person = Map.of("sub", "sub-13", "preferred_username", "ada", "groups", List.of("ops"));
        Guest mallory = guest();
        signedIn(mallory);
        String mallorys = deeds(mallory);
        issuer.person = Map.of("sub", "sub-13", "preferred_username", "a-operator", "groups", List.of("ops"));
        Guest likeAToken = guest();
        signedIn(likeAToken);

        assertThat(mallorys).startsWith("/audit?who=ada+%28Keycloak+").isNotEqualTo(adas);
        assertThat(mallory.get(mallorys).text()).contains("sub-13").doesNotContain("sub-7");
        assertThat(likeAToken.get("/audit?who=a-operator").text()).doesNotContain("sub-13");
        var token = hub.hub()
                .post(
                        "/api/v1/tokens",
                        "{\"token\":\"ada (Keycloak 5b2e0c91d7aa)\",\"role\":\"viewer\"}"
                                .getBytes(StandardCharsets.UTF_8),
                        Map.of("Authorization", "Bearer " + hub.token(Role.ADMIN)));
        assertThat(token.status()).as("no token is called like an account").isEqualTo(400);
    }

    @Test
    void afterASignInOneIsWhereOneWantedToBe() {
        Guest guest = guest();
        String wanted = "/runs?flow=enrol-contact&reason=a+b%26c&state=dead";

        Seen login = guest.get(guest.get(wanted).location());
        String begun = login.page().select("a.button").attr("href");
        URI back = issuer.consent(guest.get(begun).location());
        Seen done = guest.get(back.getRawPath() + "?" + back.getRawQuery());

        assertThat(done.page().select("a").attr("href")).as(done.text()).isEqualTo(wanted);
        assertThat(guest.get(wanted).page().select("input[name=reason]").val()).isEqualTo("a b&c");
    }

    @Test
    void theTicketTravelsAndOpensNothingByItself() {
        Guest guest = guest();

        assertThat(guest.get("/login/oidc").headers().allValues("Set-Cookie"))
                .singleElement()
                .asString()
                .contains("serai_sign_in=", "Max-Age=600", "Path=/login/", "HTTPOnly", "SameSite=Lax");
        assertThat(guest.get("/").status()).isEqualTo(303);
    }

    @Test
    void theHighestRoleCountsAndWhoHasNoneIsToldWhatToAskFor() {
        groups("staff", "second line");
        Guest operator = guest();
        assertThat(signedIn(operator).text()).contains("ada, operator");
        assertThat(operator.get("/people").status()).isEqualTo(403);

        groups("staff", "hub-admins", "ops");
        assertThat(signedIn(guest()).text()).contains("ada, admin");

        groups("canteen", "<script>alert(1)</script>");
        Guest stranger = guest();
        Seen refused = signedIn(stranger);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text())
                .contains(
                        "You are ada at Keycloak, and that opens nothing here.",
                        "viewer staff",
                        "second line",
                        "admin hub-admins",
                        "has under groups: <script>alert(1)</script>, canteen.");
        assertThat(refused.page().select("script:not([src])")).isEmpty();
        assertThat(stranger.cookies).isEmpty();
        groups();
        assertThat(signedIn(guest()).text()).contains("Your ID token has nothing under groups");
    }

    @Test
    void whoComesBackWithoutHavingBegunIsNotLoggedIn() {
        Guest begun = guest();
        String back = agreed(begun, "/");
        Guest victim = guest();
        victim.get("/login/oidc");
        for (Guest another : List.of(guest(), victim)) {
            Seen refused = another.get(back);

            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text()).contains("This sign-in was not begun in this browser");
            assertThat(another.cookies).doesNotContainKey(Login.SESSION);
        }
        assertThat(begun.get(back).status()).as("who began it still can").isEqualTo(200);
    }

    @Test
    void whoComesBackFromNowhereKeepsNobodyOut() {
        for (int i = 0; i <= LoginRate.A_MINUTE; i++) {
            assertThat(guest().get("/login/oidc/back?code=x&state=y").status()).isEqualTo(400);
        }
        assertThat(signedIn(guest()).status()).isEqualTo(200);
    }

    @Test
    void aSignInIsGoodOnceWhateverTheIssuerSays() {
        Guest guest = guest();
        String back = agreed(guest, "/");
        String ticket = guest.cookies.get(SignInPages.TICKET);
        issuer.codesLast = true;
        String opened = "SELECT count(*) FROM audit WHERE what = 'sign in as operator'";
        int before = Integer.parseInt(hub.hub().column(opened).get(0));
        assertThat(guest.get(back).status()).isEqualTo(200);

        assertThat(guest.get(back).text()).as("the page is loaded again").contains("was ended before");
        guest.cookies.clear();
        guest.cookies.put(SignInPages.TICKET, ticket);
        assertThat(guest.get(back).text()).contains("was ended before");
        assertThat(guest.cookies).isEmpty();
        assertThat(hub.hub().column(opened))
                .as("the issuer took the code each time")
                .containsExactly("" + (before + 1));
        assertThat(issuer.asked.stream().filter("/token basic"::equals)).hasSizeGreaterThan(1);
    }

    @Test
    void noLinkLeadsThroughTheSignInToAStranger() {
        for (String then :
                List.of("//evil.example", "https://evil.example", "/%5Cevil.example", "javascript:alert(1)")) {
            Guest guest = guest();
            Seen done = guest.get(agreed(guest, then));
            assertThat(done.page().select("a").attr("href")).as(then).isEqualTo("/");
        }
        Guest guest = guest();
        String back = agreed(guest, "/");
        guest.cookies.compute(SignInPages.TICKET, (name, ticket) -> ticket.replaceAll("\\..*", "") + ".//evil.example");
        assertThat(guest.get(back).page().select("a").attr("href")).isEqualTo("/");
    }

    @Test
    void anotherHubTakesBackWhoThisOneSentAndASessionEndsWhenItsTimeIsOver() {
        try (var wiring = hub.hub()
                .another(Map.of(
                        "serai.http.public-url",
                        hub.hub().url(""),
                        "serai.oidc.session",
                        "1h",
                        "serai.hub.name",
                        "beside"))
                .wiring()) {
            Guest here = guest();
            String back = agreed(here, "/runs");
            var there = new Guest("http://127.0.0.1:" + wiring.hub().port());
            there.cookies.putAll(here.cookies);

            assertThat(there.get(back).text()).contains("ada, operator");
            here.cookies.putAll(there.cookies);
            assertThat(here.get("/runs").status()).isEqualTo(200);
            assertThat(there.get("/").status()).isEqualTo(200);
            older("1 hour");
            assertThat(there.get("/").status())
                    .as("a setting that became shorter counts at once")
                    .isEqualTo(303);
            assertThat(here.get("/").status()).isEqualTo(200);
            older("8 hours");
            assertThat(here.get("/").status()).isEqualTo(303);
        }
    }

    private static void older(String time) {
        hub.hub()
                .column("UPDATE console_session SET created_at = created_at - interval '" + time
                        + "', used_at = now() WHERE token IS NULL RETURNING who");
    }

    @Test
    void whoLogsOutIsLedOnToLogOutThereAndATokensSessionIsNot() {
        Guest guest = guest();
        signedIn(guest);
        Seen left = guest.submit("/", "form.who");
        assertThat(left.text()).contains("Logged out here", "Now on to Keycloak");
        assertThat(left.page().select("a").attr("href"))
                .startsWith(issuer.url() + "/logout?")
                .contains("client_id=" + TestIssuer.CLIENT, "post_logout_redirect_uri=http%3A%2F%2F127.0.0.1");
        assertThat(guest.get("/").status()).isEqualTo(303);

        Guest token = guest().login(hub.token(Role.VIEWER));
        assertThat(token.submit("/", "form.who").location()).isEqualTo("/login");
    }

    @Test
    void whileTheIssuerLiesOrIsAwayThePageSaysSoAndTokensStillOpenTheConsole() {
        issuer.lie = claims -> claims.issuer("https://evil.example");
        Guest guest = guest();
        Seen lied = signedIn(guest);
        assertThat(lied.status()).isEqualTo(502);
        assertThat(lied.text()).contains("What Keycloak says is not believed", "issuer");
        assertThat(guest.cookies).isEmpty();

        issuer.lie = claims -> {};
        String back = agreed(guest, "/");
        issuer.gone = true;
        Seen away = guest.get(back);
        assertThat(away.status()).isEqualTo(503);
        assertThat(away.text()).contains("Keycloak can't be asked now", "or log in with a token");
        assertThat(guest.login(hub.token(Role.VIEWER)).get("/").status()).isEqualTo(200);
    }

    @Test
    void anIssuerThatKeepsSilentHoldsUpNobodyElse() {
        Guest viewer = guest().login(hub.token(Role.VIEWER));
        List<Guest> guests = Stream.generate(SignInPagesTest::guest).limit(12).toList();
        List<String> backs = guests.stream().map(each -> agreed(each, "/")).toList();
        issuer.hush();
        long hushed = System.nanoTime();
        try {
            var waiting = IntStream.range(0, guests.size())
                    .mapToObj(i ->
                            CompletableFuture.supplyAsync(() -> guests.get(i).get(backs.get(i))))
                    .toList();
            await().until(() -> issuer.heard() > 0);

            Seen page = viewer.get("/");
            long done = waiting.stream().filter(CompletableFuture::isDone).count();
            boolean soon = System.nanoTime() - hushed < Duration.ofSeconds(10).toNanos();
            assertThat(page.status()).isEqualTo(200);
            if (soon) { // each gives up after five seconds
                // on their threads a page would have its turn when nearly all of them had theirs
                assertThat(done).isLessThan(9);
            }
            issuer.speak();
            assertThat(waiting)
                    .allSatisfy(seen -> assertThat(seen.join().status()).isIn(200, 503));
        } finally {
            issuer.speak();
        }
    }

    @Test
    void aSecretIsNowhereToBeSeen() {
        Guest admin = guest().login(hub.token(Role.ADMIN));

        assertThat(admin.get("/settings").text())
                .contains("serai.oidc.client-secret", issuer.url())
                .doesNotContain(TestIssuer.SECRET);
    }
}
