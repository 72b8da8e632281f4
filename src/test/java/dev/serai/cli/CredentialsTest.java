package dev.serai.cli;

import static dev.serai.cli.Called.serai;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.LogCapture;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.simulator.Fault;
import dev.serai.store.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People connect accounts and keep secrets, beside a running hub; and no secret turns up anywhere else. */
class CredentialsTest {
    private static final String KEY = "0f".repeat(32);
    private static final String CLIENT_SECRET = "canary-client-secret-7f3a";
    private static final String FILE_SECRET = "canary-in-a-file-91bc";
    private static final String STORED_SECRET = "canary-in-the-store-20de";

    @TempDir
    private Path folder;

    private TestHub hub;
    private final LogCapture log = new LogCapture();
    private final List<String> said = new ArrayList<>();
    private int rung;

    @BeforeEach
    void start() throws IOException {
        Path secrets = Files.createDirectories(folder.resolve("secrets"));
        Files.writeString(secrets.resolve("portal.client-secret"), CLIENT_SECRET + "\n");
        Files.writeString(secrets.resolve("SHOP_FILE_KEY"), FILE_SECRET + "\n");
        Files.writeString(secrets.resolve("till.webhook-secret"), "the-first-of-the-till");
        var files = new TestFolders(folder)
                .mapping("portal/connector.yaml", """
                        connector: portal
                        base_url: "{{hubspot.base-url}}"
                        auth:
                          type: oauth2
                          grant: authorization_code
                          authorize_url: "{{hubspot.base-url}}/oauth/authorize"
                          token_url: "{{hubspot.base-url}}/oauth/v3/token"
                          client_id: client
                          client_secret: "{{portal.client-secret}}"
                        reads: { contact: { path: "/crm/v3/objects/contacts/{id}" } }
                        """)
                .mapping("shop/connector.yaml", """
                        connector: shop
                        base_url: "{{mailchimp.base-url}}"
                        auth: { type: basic, user: "{{shop.file-key}}", password: "{{shop.api-key}}", expires: 2026-01-01 }
                        reads: { ping: { path: /ping } }
                        """)
                .mapping("news/connector.yaml", """
                        connector: news
                        base_url: "{{mailchimp.base-url}}"
                        reads: { member: { path: "/lists/{list}/members/{id}" } }
                        """)
                .mapping("till/connector.yaml", door("till"))
                .mapping("bell/connector.yaml", door("bell"))
                .flow("look", """
                        - route:
                            id: look
                            routeConfigurationId: write
                            from:
                              uri: event:contact.updated?source=crm
                              steps:
                                - to: { id: see, uri: "connector:portal/contact?id=${body[id]}" }
                        """);
        hub = TestHub.with(files.settings(
                "serai.secrets.key", KEY, "serai.secrets.dir", secrets.toString(), "serai.hub.name", "first"));
        hub.simulator().rotate("hubspot", CLIENT_SECRET);
        hub.hubspotHas("7", Map.of("email", "ada@example.com"));
    }

    private static String door(String name) {
        return """
                connector: NAME
                webhooks:
                  signature: { scheme: token, header: X-Key, secret: "{{NAME.webhook-secret}}", previous_secret: "{{NAME.previous-webhook-secret}}" }
                  event: { id: "{id}", type: rang }
                """.replace("NAME", name);
    }

    @AfterEach
    void stop() {
        hub.close();
        log.close();
    }

    private Called run(String... args) {
        Called called = serai(hub.settings(), args);
        said.add(called.out() + called.err());
        return called;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            var answer = HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
            said.add(answer.body());
            return answer;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> get(String path, String... cookie) {
        var request = HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : hub.url(path)));
        if (cookie.length > 0) {
            request.header("Cookie", cookie[0]);
        }
        return send(request);
    }

    private HttpResponse<String> post(String path, String form) {
        return send(HttpRequest.newBuilder(URI.create(hub.url(path)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    private void tell(int id) {
        assertThat(hub.crm("{\"id\":" + id + ",\"updated_at\":\"2026-11-0" + id + "T00:00:00Z\"}")
                        .status())
                .isEqualTo(202);
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }

    /** The part of the printed link after the host. */
    private String link() {
        Called connect = run("connections", "connect", "portal");
        assertThat(connect.code()).as(connect.err()).isZero();
        String line = connect.out()
                .lines()
                .filter(l -> l.contains("?once="))
                .findFirst()
                .orElseThrow();
        return line.substring(line.indexOf("/connections/"));
    }

    @Test
    void aPersonConnectsAnAccountAndWhatWaitedGoesOn() {
        tell(7);
        eventually(() -> hub.column("SELECT waits_for FROM run").contains("portal/*"));
        assertThat(hub.column("SELECT convert_from(payload, 'UTF8') FROM event WHERE type = 'serai.alert'"))
                .singleElement()
                .satisfies(alert -> assertThat(alert).contains("serai connections connect portal"));

        String link = link();
        assertThat(get(link).body()).contains("<button>Go on</button>").doesNotContain("password");
        var left = post("/connections/portal/connect", link.substring(link.indexOf("once=")));
        assertThat(left.statusCode()).isEqualTo(303);
        String cookie = left.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).containsIgnoringCase("HttpOnly").contains("SameSite=Lax", "Path=/oauth/callback");
        String back = get(left.headers().firstValue("Location").orElseThrow())
                .headers()
                .firstValue("Location")
                .orElseThrow();

        assertThat(get(back).statusCode()).as("another browser").isEqualTo(400);
        var connected = get(back, cookie.split(";")[0]);
        assertThat(connected.statusCode()).as(connected.body()).isEqualTo(200);
        assertThat(connected.headers().firstValue("Content-Security-Policy").orElse(""))
                .startsWith("default-src 'none'");

        eventually(() -> hub.runs("done").size() == 1);
        assertThat(hub.column("SELECT retries FROM run WHERE flow = 'look'")).containsExactly("0");
        assertThat(get(back, cookie.split(";")[0]).statusCode()).as("used up").isEqualTo(400);
        assertThat(post("/connections/portal/connect", link.substring(link.indexOf("once=")))
                        .statusCode())
                .isEqualTo(403);
        assertThat(run("connections", "history", "portal").out())
                .contains("connect link made", "connect begun", "connected")
                .contains("look", "GET /crm/v3/objects/contacts/7");
    }

    @Test
    void theKeyOfThoseWhoSendConnectsNothing() {
        var page = get("/connections/portal/connect");
        assertThat(page.statusCode()).isEqualTo(303);
        assertThat(page.headers().firstValue("Location")).contains("/connections");
        for (String form : List.of("key=" + TestHub.API_KEY, "once=" + TestHub.API_KEY, "once=", "x=y")) {
            assertThat(post("/connections/portal/connect", form).statusCode())
                    .as(form)
                    .isEqualTo(403);
        }
        assertThat(hub.post(
                                "/api/v1/connections/portal/reconnect",
                                new byte[0],
                                Map.of("Authorization", "Bearer " + TestHub.API_KEY))
                        .status())
                .isEqualTo(401);
        assertThat(hub.column("SELECT 1 FROM consent")).isEmpty();
        assertThat(hub.column("SELECT 1 FROM consent_link")).isEmpty();
    }

    /** Where the vendor sends a person back to who agreed, and what their browser has. */
    private record Back(String page, String cookie) {}

    private Back atTheVendor() {
        String link = link();
        var left = post("/connections/portal/connect", link.substring(link.indexOf("once=")));
        String cookie = left.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
        String back = get(left.headers().firstValue("Location").orElseThrow())
                .headers()
                .firstValue("Location")
                .orElseThrow();
        return new Back(back, cookie);
    }

    @Test
    void aConsentThatFailsHasItsEndInTheHistory() {
        Back back = atTheVendor();
        hub.simulator().fault("hubspot", Fault.reset());

        var page = get(back.page, back.cookie);

        assertThat(page.statusCode()).isEqualTo(400);
        assertThat(page.body()).contains("begin again");
        assertThat(hub.column("SELECT what FROM audit WHERE connection = 'portal' ORDER BY at"))
                .containsExactly("connect link made", "connect begun", "connect failed");
    }

    @Test
    void aVendorsNoIsShownEscaped() {
        String link = link();
        var left = post("/connections/portal/connect", link.substring(link.indexOf("once=")));
        String cookie = left.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
        String page = left.headers().firstValue("Location").orElseThrow();
        String state = page.replaceAll(".*[?&]state=([^&]+).*", "$1");

        var no = get("/oauth/callback?error=access_denied&error_description=%3Cscript%3E&state=" + state, cookie);

        assertThat(no.statusCode()).isEqualTo(400);
        assertThat(no.body())
                .contains("portal said no: access_denied, &lt;script&gt;")
                .doesNotContain("<script>");
        assertThat(get("/oauth/callback?error=x%3Cb%3E&state=" + state).body())
                .as("words of a stranger are not shown")
                .doesNotContain("x&lt;b", "x<b>");
        assertThat(get("/connections/mailchimp/connect?once=x").statusCode()).isEqualTo(404);
        assertThat(run("connections", "connect", "mailchimp").err())
                .contains("mailchimp is not connected by consent: its file does not say grant: authorization_code");
    }

    @Test
    void aSecretIsKeptFromTheInputUsedAtOnceAndEncryptedAnew() {
        assertThat(run("connections", "check", "shop").out()).contains("not set up", "set shop.api-key");
        assertThat(Called.seraiWith("x", with("connections", "set", "shop", "api-kye"))
                        .err())
                .contains("asks for no {{shop.api-kye}}", "api-key");

        Called set = Called.seraiWith(
                hub.simulator().secret("mailchimp") + "\n", with("connections", "set", "shop", "api-key"));
        assertThat(set.out()).isEqualTo("shop.api-key is kept, version 1; running hubs use it within a second.\n");

        Called check = run("connections", "check", "shop");
        assertThat(check.out()).contains("shop", "works", "it answered ping");
        assertThat(check.code()).isZero();
        assertThat(run("connections", "list").out())
                .as("a check beside the hub is known to it")
                .containsPattern("shop +fine +not within 35 days +\\d+ (s|min) ago");
        Called untried = run("connections", "check", "news");
        assertThat(untried.out()).contains("not tried", "never", "its file has no read that needs no argument");
        assertThat(untried.code()).as("it was not proved").isEqualTo(1);
        Called expiring = run("connections", "list", "--expiring", "30d");
        assertThat(expiring.code()).isEqualTo(1);
        assertThat(expiring.out()).contains("shop", "credential", "you renew it");

        String newKey = "1e".repeat(32);
        var both = new java.util.HashMap<>(hub.settings());
        both.put("serai.secrets.key", newKey + "," + KEY);
        String before = hub.column("SELECT kid FROM secret").get(0);
        Back back = atTheVendor();
        assertThat(get(back.page, back.cookie).statusCode()).isEqualTo(200);
        assertThat(serai(both, "connections", "rotate-key").out()).startsWith("Encrypted anew: 1 secrets, 1 tokens.");
        assertThat(run("connections", "history", "portal").out()).contains("token encrypted anew");
        assertThat(hub.column("SELECT kid FROM secret").get(0)).isNotEqualTo(before);
        both.put("serai.secrets.key", newKey);
        assertThat(serai(both, "connections", "check", "shop").code()).isZero();
        both.put("serai.secrets.key", "");
        assertThat(serai(both, "connections", "rotate-key").err()).contains("no key is set", "openssl rand -hex 32");
    }

    private int rings(String door, String secret) {
        String body = "{\"id\":\"" + ++rung + "\"}";
        return hub.post("/webhooks/" + door, body.getBytes(StandardCharsets.UTF_8), Map.of("X-Key", secret))
                .status();
    }

    @Test
    void aWebhookSecretThatIsReplacedCountsWithinASecond() throws IOException {
        assertThat(rings("till", "the-first-of-the-till")).isEqualTo(202);
        assertThat(rings("till", "the-second-of-the-till")).isEqualTo(401);
        Files.writeString(folder.resolve("secrets/till.webhook-secret"), "the-second-of-the-till");
        eventually(() -> rings("till", "the-second-of-the-till") == 202);
        assertThat(rings("till", "the-first-of-the-till")).isEqualTo(401);
        Files.writeString(folder.resolve("secrets/till.previous-webhook-secret"), "the-first-of-the-till");
        eventually(() -> rings("till", "the-first-of-the-till") == 202);
        assertThat(rings("till", "the-second-of-the-till")).isEqualTo(202);

        assertThat(rings("bell", "the-first-of-the-bell")).isEqualTo(503);
        for (String secret : List.of("the-first-of-the-bell", "the-second-of-the-bell")) {
            Called set = Called.seraiWith(secret, with("connections", "set", "bell", "webhook-secret"));
            assertThat(set.code()).as(set.err()).isZero();
            eventually(() -> rings("bell", secret) == 202);
        }
        assertThat(rings("bell", "the-first-of-the-bell")).isEqualTo(401);
        assertThat(Called.seraiWith("x", with("connections", "set", "bell", "webhook-secrt"))
                        .err())
                .contains("asks for no {{bell.webhook-secrt}}", "webhook-secret");
    }

    private String[] with(String... args) {
        var all = new ArrayList<>(List.of(args));
        hub.settings().forEach((name, value) -> all.addAll(List.of("--set", name + "=" + value)));
        return all.toArray(String[]::new);
    }

    @Test
    void noSecretTurnsUpInLogsTablesPagesAnswersOrAlerts() {
        log.everything();
        Called.seraiWith(STORED_SECRET, with("connections", "set", "shop", "api-key"));
        assertThat(run("connections", "check", "shop").out()).contains("does not work", "shop answered 401");
        assertThat(hub.column("SELECT connection FROM parked_connection")).isEmpty();
        String link = link();
        String once = link.substring(link.indexOf("once=") + 5);
        var left = post("/connections/portal/connect", "once=" + once);
        String cookie = left.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
        String back = get(left.headers().firstValue("Location").orElseThrow())
                .headers()
                .firstValue("Location")
                .orElseThrow();
        String code = back.replaceAll(".*[?&]code=([^&]+).*", "$1");
        get(back, cookie);
        tell(7);
        eventually(() -> hub.runs("done").size() == 1);
        hub.simulator().revoke("hubspot", true);
        tell(8);
        eventually(() -> hub.column("SELECT waits_for FROM run").contains("portal/*"));
        run("connections", "list");
        run("connections", "history", "portal");
        run("prove", "e_1");
        said.addAll(hub.metrics());

        var canaries =
                new ArrayList<>(List.of(CLIENT_SECRET, FILE_SECRET, STORED_SECRET, KEY, cookie.split("=")[1], code));
        canaries.addAll(List.of("simulated-access-", "simulated-refresh-"));
        String everything =
                String.join("\n", log.lines()) + String.join("\n", said).replace(once, "") + dump();
        assertThat(everything).contains("portal gave no token", "connected");
        assertThat(dump()).doesNotContain(once);
        for (String canary : canaries) {
            assertThat(everything)
                    .as(canary)
                    .doesNotContain(canary)
                    .doesNotContain(HexFormat.of().formatHex(canary.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Every row of every table, as text. */
    private String dump() {
        var rows = new ArrayList<String>();
        for (String table : hub.column("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")) {
            rows.addAll(TestDatabase.column(
                    hub.wiring().database().dataSource(), "SELECT t::text FROM \"" + table + "\" t"));
        }
        assertThat(rows).hasSizeGreaterThan(10);
        return String.join("\n", rows);
    }
}
