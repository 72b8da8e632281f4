package dev.serai.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.FreePort;
import dev.serai.TestFolders;
import dev.serai.config.Settings;
import dev.serai.simulator.Call;
import dev.serai.simulator.Fault;
import dev.serai.simulator.Simulator;
import dev.serai.store.Database;
import dev.serai.store.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class BatchKillTest {
    private static final int EVENTS = 60;

    @TempDir
    Path folder;

    /**
     * A hub sends a batch; the vendor does it and the hub is killed before it hears so. Started again, it sends the same
     * records once more, perhaps in other company: none is lost, none is there twice, and what had been journalled before
     * the kill is not sent again.
     */
    @Test
    @Timeout(600)
    void aHubKilledBetweenTheVendorsWorkAndTheJournalLosesAndDoublesNothing() throws Exception {
        var database = TestDatabase.fresh();
        try (var store = Database.open(Settings.read(Path.of("none"), Map.of(), database));
                var simulator = Simulator.start(0);
                var hub = new HubProcess(
                        new HubProgram(folder),
                        FreePort.any(),
                        folder.resolve("hub.log"),
                        settings(database, simulator))) {
            simulator.noLimits("hubspot");
            hub.start();
            eventually(hub::ready);
            // two quick batches are done and journalled; the answer to the third comes when nobody is there to hear it
            send(hub, 0, 40);
            eventually(() -> count(store, "state = 'done'") == 40);
            simulator.fault(
                    "hubspot",
                    "contacts.batchUpsert",
                    Fault.delay(Duration.ofSeconds(100)).times(1));
            send(hub, 40, EVENTS);
            eventually(() -> simulator.records("hubspot", "contacts").size() == EVENTS);

            hub.kill();
            // its leases end: else that takes a minute
            TestDatabase.column(
                    store.dataSource(), "UPDATE open_run SET lease_until = now() WHERE state = 'claimed' RETURNING id");
            hub.start();

            eventually(() -> count(store, "state = 'done'") == EVENTS);
            assertThat(simulator.records("hubspot", "contacts")).hasSize(EVENTS);
            assertThat(count(store, "claims > 1")).isEqualTo(EVENTS - 40);
            assertThat(simulator.ledger().calls("hubspot", "contacts.batchUpsert").stream()
                            .mapToInt(BatchKillTest::records)
                            .sum())
                    .isEqualTo(EVENTS + 20);
        }
    }

    private static int records(Call call) {
        return call.json().path("inputs").size();
    }

    private Map<String, String> settings(Map<String, String> database, Simulator simulator) {
        var files =
                new TestFolders(folder).mapping("hubspot/crm-upsert.yaml", """
                        mapping: hubspot/crm-upsert
                        from: any
                        fields:
                          id:               { from: properties.email, required: true }
                          idProperty:       { value: email }
                          properties.email: { from: properties.email }
                        """).flow("sync", """
                        - route:
                            id: sync
                            routeConfigurationId: write
                            from:
                              uri: event:contact.updated?batchSize=20&batchWait=1m
                              steps:
                                - to: { id: to-upsert, uri: "mapping:hubspot/crm-upsert" }
                                - to: { id: upsert, uri: "connector:hubspot/upsert_contacts" }
                        """);
        files.mapping("hubspot/connector.yaml", files.read("hubspot/connector.yaml") + "timeout: 2m\n");
        var settings = new HashMap<String, String>();
        settings.put("SERAI_ROUTES", files.routes().toString());
        settings.put("SERAI_MAPPINGS", files.mappings().toString());
        settings.put("SERAI_DATABASE_URL", database.get("serai.database.url"));
        settings.put("SERAI_DATABASE_USER", database.get("serai.database.user"));
        settings.put("SERAI_DATABASE_PASSWORD", database.get("serai.database.password"));
        settings.put("CRM_WEBHOOK_SECRET", Sender.SECRET);
        settings.put("HUBSPOT_BASE_URL", simulator.url("hubspot"));
        settings.put("HUBSPOT_ACCESS_TOKEN", simulator.secret("hubspot"));
        return settings;
    }

    private static void send(HubProcess hub, int from, int to) throws IOException, InterruptedException {
        var client = HttpClient.newHttpClient();
        for (int i = from; i < to; i++) {
            byte[] body = ("{\"id\":\"" + i + "\",\"updated_at\":\"2026-11-21T10:00:00Z\",\"properties\":{\"email\":\"u"
                            + i + "@example.com\"}}")
                    .getBytes(StandardCharsets.UTF_8);
            var request = HttpRequest.newBuilder(URI.create(hub.url() + "/webhooks/crm"))
                    .header("Content-Type", "application/json")
                    .header("X-Signature", signature(body))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            assertThat(client.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(202);
        }
    }

    private static String signature(byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Sender.SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int count(Database store, String condition) {
        return Integer.parseInt(TestDatabase.column(store.dataSource(), "SELECT count(*) FROM run WHERE " + condition)
                .get(0));
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofMinutes(3)).until(condition);
    }
}
