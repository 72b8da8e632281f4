package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.connector.Connector;
import dev.serai.connector.auth.Token;
import dev.serai.connector.auth.Token.ConsentEnd;
import dev.serai.library.Library;
import dev.serai.metric.Metrics;
import dev.serai.metric.Traces;
import dev.serai.run.Allowance.Thresholds;
import dev.serai.simulator.Fault;
import dev.serai.simulator.Simulator;
import dev.serai.store.Breakers;
import dev.serai.store.Buckets;
import dev.serai.store.Database;
import dev.serai.store.Inbox;
import dev.serai.store.ParkedConnections;
import dev.serai.store.ParkedRuns;
import dev.serai.store.Seal;
import dev.serai.store.Secrets;
import dev.serai.store.TestDatabase;
import dev.serai.store.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two hubs that prove their connections day after day, under a clock that is moved. */
class DailyProofTest {
    private static final String KEY = "11".repeat(32);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private volatile Instant now = Instant.parse("2026-11-21T10:00:00Z");
    private Simulator simulator;
    private Database database;
    private String apiKey;

    @BeforeEach
    void start() {
        simulator = open(Simulator.start(0, () -> now));
        database = open(TestDatabase.open());
        apiKey = simulator.secret("mailchimp");
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private <T extends AutoCloseable> T open(T part) {
        opened.add(part);
        return part;
    }

    private DailyProof hub(String name) {
        Connector mail =
                Connector.read("f", "mail", """
                connector: mail
                base_url: %s
                auth: { type: basic, user: serai, password: "{{mail.api-key}}", expires: 2026-12-20 }
                reads:
                  member: { path: "/lists/{list}/members/{id}" }
                  ping: { path: /ping }
                """.formatted(simulator.url("mailchimp")), setting -> Optional.of(apiKey));
        return hub(name, mail);
    }

    private DailyProof hub(String name, Connector connector) {
        var library = new Library(Map.of(), Map.of(connector.name(), connector), Map.of());
        var data = database.dataSource();
        var subscribers = new Subscribers();
        var inbox = open(new Inbox(database.intake(), () -> now, 100));
        var intake = new Intake(inbox, subscribers, Duration.ofMinutes(1), Traces.off(), new Metrics());
        var seal = Seal.of(KEY);
        var tokens = new Tokens(data, seal);
        var stores = new Gate.Stores(
                new Breakers(data),
                new ParkedConnections(data),
                new ParkedRuns(data, () -> now),
                tokens,
                new Secrets(data, seal),
                new Buckets(data, Thresholds.USUAL));
        var gate = open(new Gate(
                stores,
                () -> library,
                new Gate.Tells(new Alerts(intake, ""), open(new Metrics())),
                subscribers,
                () -> now));
        var keeper = new TokenKeeper(tokens, gate, () -> now, name);
        var context = HttpCalls.bareContext();
        opened.add(context::stop);
        var http = open(new HttpCalls(context, HttpCallsTest.settings(Map.of())));
        var hub = new Hub(
                new Hub.Stores(inbox, null, null, null),
                () -> library,
                intake,
                subscribers,
                gate,
                keeper,
                null,
                null,
                Traces.off(),
                () -> now);
        return open(new DailyProof(hub, new ConnectionCheck(gate, keeper, http, () -> now)));
    }

    private List<String> column(String sql) {
        return TestDatabase.column(database.dataSource(), sql);
    }

    @Test
    void eachConnectionIsProvedOnceADayByOneOfAllHubs() {
        DailyProof first = hub("first");
        DailyProof second = hub("second");
        first.look();
        assertThat(simulator.ledger().calls("mailchimp"))
                .as("not all at once, at the start")
                .isEmpty();
        now = now.plus(Duration.ofDays(1));
        for (int i = 0; i < 3; i++) {
            first.look();
            second.look();
        }
        assertThat(simulator.ledger().calls("mailchimp")).singleElement().satisfies(call -> assertThat(call.status())
                .isEqualTo(200));
        assertThat(column("SELECT result FROM connection_proof WHERE proved_at IS NOT NULL"))
                .containsExactly("");

        simulator.rotate("mailchimp", "another-key");
        now = now.plus(Duration.ofHours(26));
        first.look();
        second.look();
        assertThat(simulator.ledger().calls("mailchimp")).hasSize(2);
        assertThat(column("SELECT connection || ' ' || state FROM parked_connection"))
                .as("found before it was needed")
                .containsExactly("mail parked");
        assertThat(column("SELECT result FROM connection_proof").get(0))
                .startsWith("mail answered 401")
                .doesNotContain(apiKey);
        assertThat(column("SELECT what FROM audit")).as("noted once").containsExactly("credential refused");
    }

    @Test
    void aProofThatFailsIsInTheHistoryOnceForEachChangeOfItsResult() {
        DailyProof first = hub("first");
        first.look();
        for (Fault fault : List.of(Fault.status(404), Fault.status(404), Fault.status(410))) {
            simulator.clearFaults("mailchimp");
            simulator.fault("mailchimp", fault);
            now = now.plus(Duration.ofHours(26));
            first.look();
        }
        simulator.clearFaults("mailchimp");
        now = now.plus(Duration.ofHours(26));
        first.look();

        assertThat(column("SELECT result FROM connection_proof")).containsExactly("");
        assertThat(column("SELECT who || ': ' || what || ': ' || why FROM audit WHERE connection = 'mail' ORDER BY at"))
                .satisfiesExactly(
                        notFound -> assertThat(notFound).startsWith("hub first: proof failed: mail answered 404"),
                        gone -> assertThat(gone).startsWith("hub first: proof failed: mail answered 410"));
    }

    @Test
    void aShippedConnectorIsProvedByTheFirstReadOfItsFileThatNeedsNoArgument() throws IOException {
        var settings = Map.of("slack.base-url", simulator.url("slack"), "slack.bot-token", simulator.secret("slack"));
        String file = Files.readString(Path.of("mappings/slack/connector.yaml"));
        DailyProof hub =
                hub("one", Connector.read("f", "slack", file, setting -> Optional.ofNullable(settings.get(setting))));
        hub.look();
        now = now.plus(Duration.ofDays(1));
        hub.look();

        assertThat(simulator.ledger().calls("slack"))
                .singleElement()
                .satisfies(call -> assertThat(call.asked().path()).isEqualTo("/auth.test"));
        assertThat(column("SELECT tried || ' ' || (proved_at IS NOT NULL) || result FROM connection_proof"))
                .containsExactly("true true");
    }

    @Test
    void aConnectionWithoutSuchAReadIsNotToldAsOneThatWorks() {
        DailyProof hub = hub(
                "one",
                Connector.read("f", "mail", """
                connector: mail
                base_url: %s
                reads: { member: { path: "/lists/{list}/members/{id}" } }
                """.formatted(simulator.url("mailchimp")), setting -> Optional.empty()));
        hub.look();
        now = now.plus(Duration.ofDays(1));
        hub.look();

        assertThat(simulator.ledger().calls("mailchimp")).isEmpty();
        assertThat(column("SELECT tried || ' ' || (proved_at IS NOT NULL) || ' ' || result FROM connection_proof"))
                .containsExactly("false false its file has no read that needs no argument");
    }

    @Test
    void aConsentThatEndsIsToldBeforeItsEnd() throws SQLException {
        Connector shop =
                Connector.read("f", "shop", """
                connector: shop
                base_url: %1$s
                auth: { type: oauth2, grant: authorization_code, token_url: "%1$s/token", authorize_url: "%1$s/a", client_id: serai }
                reads: { member: { path: "/lists/{list}/members/{id}" } }
                """.formatted(simulator.url("mailchimp")), setting -> Optional.empty());
        DailyProof hub = hub("first", shop);
        Instant end = Instant.parse("2026-12-20T00:00:00Z");
        String told =
                "SELECT convert_from(payload, 'UTF8')::json ->> 'reason' FROM event WHERE type = 'serai.alert' AND"
                        + " convert_from(payload, 'UTF8')::json ->> 'kind' = 'credential.expiring' ORDER BY id";
        consent(shop, new ConsentEnd(end, false));
        now = Instant.parse("2026-12-18T12:00:00Z");
        hub.look();
        assertThat(ends(shop)).as("each renewal may put it off").containsExactly("token true", "consent true");

        consent(shop, new ConsentEnd(end, true));
        hub.look();

        assertThat(ends(shop)).containsExactly("token true", "consent false");
        await().atMost(Duration.ofSeconds(60)).until(() -> !column(told).isEmpty());
        assertThat(column(told)).containsExactly("the consent of shop ends at 2026-12-20T00:00:00Z");
    }

    private void consent(Connector shop, ConsentEnd end) throws SQLException {
        var token = new Token(
                "at",
                Optional.of("rt"),
                now,
                Optional.of(Instant.parse("2026-12-19T00:00:00Z")),
                Optional.of(end),
                Map.of());
        new Tokens(database.dataSource(), Seal.of(KEY))
                .consented("shop", TokenText.of(shop, token).write(), now, token.expiresAt(), "ada");
    }

    private List<String> ends(Connector shop) throws SQLException {
        var library = new Library(Map.of(), Map.of("shop", shop), Map.of());
        return CredentialEnds.of(library, new Tokens(database.dataSource(), Seal.of(KEY))).stream()
                .map(end -> end.what() + " " + end.renewed())
                .toList();
    }

    @Test
    void aCredentialThatEndsIsToldOnceForEachSpanBeforeItsEnd() {
        DailyProof first = hub("first");
        DailyProof second = hub("second");
        apiKey = "whatever";
        String told = "SELECT convert_from(payload, 'UTF8')::json ->> 'since' FROM event WHERE type = 'serai.alert' AND"
                + " convert_from(payload, 'UTF8')::json ->> 'kind' = 'credential.expiring' ORDER BY id";
        for (String day : List.of("2026-11-22", "2026-11-23", "2026-12-15", "2026-12-20")) {
            now = Instant.parse(day + "T12:00:00Z");
            first.look();
            second.look();
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> column(told).size() >= 3);
        assertThat(column(told))
                .as("30 days, a week, and a day before the end of the 20th")
                .containsExactly("2026-11-21T00:00:00Z", "2026-12-14T00:00:00Z", "2026-12-20T00:00:00Z");
    }

    @Test
    void aKeyWithALineBreakOrATokenWithoutItsAddressIsToldAsThat() throws SQLException {
        DailyProof pasted = hub("first");
        Connector shop =
                Connector.read("f", "shop", """
                connector: shop
                base_url: "{token.api_domain}/v1"
                auth: { type: oauth2, grant: authorization_code, token_url: "%1$s/token", authorize_url: "%1$s/a", client_id: serai }
                reads: { me: { path: /ping } }
                """.formatted(simulator.url("mailchimp")), setting -> Optional.empty());
        DailyProof without = hub("second", shop);
        apiKey = "pasted-with\na-line-break";
        pasted.look();
        without.look();
        now = now.plus(Duration.ofDays(1));
        consent(shop, new ConsentEnd(now.plus(Duration.ofDays(90)), true));
        pasted.look();
        without.look();

        assertThat(simulator.ledger().calls("mailchimp")).isEmpty();
        assertThat(
                        column(
                                "SELECT tried || ' ' || (proved_at IS NULL) || ' ' || result FROM connection_proof ORDER BY connection"))
                .containsExactly(
                        "true true mail: setting mail.api-key holds a line break or another control character; correct"
                                + " it, then resume",
                        "true true shop: the vendor gave no \"api_domain\" with its token and"
                                + " \"{token.api_domain}/v1\" needs it; connect it, or correct the file");
        assertThat(column("SELECT connection FROM audit WHERE what = 'proof failed' ORDER BY connection"))
                .containsExactly("mail", "shop");
    }

    @Test
    void aKeyThatNoRequestMayCarryIsFoundWithoutAReadToo() {
        String file = """
                connector: mail
                base_url: %s
                auth: { type: header, name: X-Key, value: "{{mail.api-key}}" }
                reads: { member: { path: "/lists/{list}/members/{id}" } }
                """.formatted(simulator.url("mailchimp"));
        DailyProof hub = hub("one", Connector.read("f", "mail", file, setting -> Optional.of("a\nb")));
        hub.look();
        now = now.plus(Duration.ofDays(1));
        hub.look();

        assertThat(column("SELECT tried || ' ' || result FROM connection_proof"))
                .singleElement()
                .asString()
                .startsWith("true mail: setting mail.api-key holds a line break");
    }

    @Test
    void aSettingOfAnotherOperationKeepsNoTokenFromItsProof() {
        String file = """
                connector: mail
                base_url: %s
                auth: { type: basic, user: serai, password: "{{mail.api-key}}", expires: 2026-12-20 }
                reads:
                  list: { path: "/lists/{{mail.list}}" }
                  ping: { path: /ping }
                writes:
                  send: { method: POST, path: "/campaigns/{{mail.campaign}}/send", class: once }
                """.formatted(simulator.url("mailchimp"));
        DailyProof hub = hub("one", Connector.read("f", "mail", file, setting -> Optional.of(apiKey)
                .filter(key -> setting.equals("mail.api-key"))));
        hub.look();
        now = now.plus(Duration.ofDays(1));
        hub.look();

        assertThat(simulator.ledger().calls("mailchimp"))
                .singleElement()
                .satisfies(call -> assertThat(call.asked().path()).endsWith("/ping"));
        assertThat(column("SELECT tried || ' ' || (proved_at IS NOT NULL) || result FROM connection_proof"))
                .containsExactly("true true");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> column("SELECT convert_from(payload, 'UTF8')::json ->> 'kind' FROM event")
                        .contains("credential.expiring"));
    }
}
