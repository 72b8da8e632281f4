package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TcpProxy;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.config.Settings;
import dev.serai.simulator.Fault;
import dev.serai.store.Database;
import dev.serai.store.TestDatabase;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wire to PostgreSQL is cut at the worst moments, and mended. */
class DatabaseAwayTest {
    @TempDir
    private static Path folder;

    private static TcpProxy wire;
    private static Database beside;
    private static TestHub hub;

    @BeforeAll
    static void start() {
        Map<String, String> database = new HashMap<>(TestDatabase.fresh());
        beside = Database.open(Settings.read(Path.of("none"), Map.of(), database));
        URI real = URI.create(database.get("serai.database.url").substring("jdbc:".length()));
        wire = new TcpProxy(real.getPort());
        database.put("serai.database.url", "jdbc:postgresql://127.0.0.1:" + wire.port() + real.getPath());
        database.put("serai.run.lease", "5s");
        var files = new TestFolders(folder).flow("both", """
                - route:
                    id: enrol
                    routeConfigurationId: write
                    from:
                      uri: event:contact.updated
                      steps:
                        - to: { id: enrol-member, uri: "mapping:mailchimp/contact-to-member" }
                        - to: { id: enrol-it, uri: "connector:mailchimp/upsert_member?list=away" }
                - route:
                    id: tell
                    routeConfigurationId: write
                    from:
                      uri: event:customer.converted
                      steps:
                        - setBody: { id: words, simple: '{"channel":"sales","text":"a customer"}' }
                        - to: { id: tell-it, uri: "connector:slack/post_message" }
                """);
        var settings = files.settings();
        settings.putAll(database);
        hub = TestHub.with(settings);
    }

    @AfterAll
    static void stop() {
        wire.mend();
        hub.close();
        wire.close();
        beside.close();
    }

    @BeforeEach
    void forget() {
        hub.simulator().reset();
    }

    @AfterEach
    void mend() {
        wire.mend();
    }

    @Test
    void whileTheStoreIsAwayTheDoorAnswers503AndAcceptsAgainByItself() {
        assertThat(tell(1).status()).isEqualTo(202);
        wire.cut();

        TestHub.Reply away = tell(2);

        assertThat(away.status()).isEqualTo(503);
        assertThat(away.headers().firstValue("Retry-After")).contains("5");
        assertThat(away.body().path("code").asText()).isEqualTo("store_away");
        wire.mend();
        eventually(() -> tell(2).status() == 202);
        eventually(() -> hub.runs("waiting", "claimed").isEmpty());
        assertThat(hub.column("SELECT count(*) FROM event WHERE record = 'contact:2'"))
                .containsExactly("1");
    }

    @Test
    void aRunThatEndsWhileTheStoreIsAwayIsDoneWhenItIsBackAndTheVendorIsNotCalledAgain() {
        hub.simulator().fault("mailchimp", Fault.delay(Duration.ofSeconds(50)));
        assertThat(tell(3).status()).isEqualTo(202);
        eventually(() -> !hub.simulator().ledger().calls("mailchimp").isEmpty());
        awayForLongerThanALease();

        eventually(() ->
                hub.column("SELECT state FROM run ORDER BY id DESC LIMIT 1").equals(java.util.List.of("done")));
        assertThat(hub.simulator().ledger().calls("mailchimp")).hasSize(1);
    }

    @Test
    void aMessageThatWasSentWhileTheStoreWasAwayIsNotSentAgain() {
        hub.simulator().fault("slack", Fault.delay(Duration.ofSeconds(50)));
        assertThat(hub.post("/v1/events/customer.converted", DoorsTest.converted("away-1"), key())
                        .status())
                .isEqualTo(202);
        eventually(() -> !hub.simulator().ledger().calls("slack").isEmpty());
        awayForLongerThanALease();

        eventually(() -> hub.runs("waiting", "claimed").isEmpty());
        assertThat(hub.simulator().ledger().calls("slack")).hasSize(1);
    }

    @Test
    void anAnswerThatIsLostWhileTheStoreIsAwayLeavesTheMessageInDoubt() {
        hub.simulator()
                .fault(
                        "slack",
                        Fault.reset()
                                .afterTheWork()
                                .delayed(Duration.ofSeconds(50))
                                .times(1));
        assertThat(hub.post("/v1/events/customer.converted", DoorsTest.converted("away-2"), key())
                        .status())
                .isEqualTo(202);
        eventually(() -> !hub.simulator().ledger().calls("slack").isEmpty());
        awayForLongerThanALease();

        eventually(() -> hub.runs("in_doubt").size() == 1);
        assertThat(hub.simulator().ledger().calls("slack")).hasSize(1);
        assertThat(hub.runs("in_doubt").get(0).step()).isEqualTo("tell-it");
    }

    /** The vendor's answer comes at once, and nobody can write it down before the claim is anybody's. */
    private static void awayForLongerThanALease() {
        wire.cut();
        hub.simulator().answerNow();
        eventually(() -> TestDatabase.column(
                        beside.dataSource(), "SELECT 1 FROM open_run WHERE state = 'claimed' AND lease_until > now()")
                .isEmpty());
        wire.mend();
    }

    private static Map<String, String> key() {
        return Map.of("X-API-Key", TestHub.API_KEY);
    }

    private static TestHub.Reply tell(int id) {
        return hub.crm(
                "{\"id\":" + id + ",\"updated_at\":\"2026-11-01T00:00:00Z\",\"email\":\"away" + id + "@example.com\"}");
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(condition);
    }
}
