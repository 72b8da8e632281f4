package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.LogCapture;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.api.ApiParts;
import dev.serai.facts.ErasureFacts;
import dev.serai.facts.People;
import dev.serai.run.Correction;
import dev.serai.store.ByHand;
import dev.serai.store.Erasures.Erasure;
import dev.serai.store.RunFilter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person goes through every table, and out of all of them. */
class ForgetTest {
    private static final String CANARY = "canary.bird@example.com";
    private static final String PHONE = "+4930901829";
    private static final String BATCH = """
            - route:
                id: import-contacts
                routeConfigurationId: write
                from:
                  uri: event:contact.updated
                  parameters: { source: crm, batchSize: 10, batchWait: 100ms }
                  steps:
                    - to: { id: crm-to-contact, uri: "mapping:crm/contact-to-contact" }
                    - to: { id: contact-to-upsert, uri: "mapping:hubspot/contact-to-upsert" }
                    - to: { id: upsert-contacts, uri: "connector:hubspot/upsert_contacts" }
            """;

    @TempDir
    private static Path folder;

    private static TestHub hub;

    @BeforeAll
    static void start() throws Exception {
        var files = new TestFolders(folder)
                .flow("import-contacts", BATCH)
                .flow("lead-created", Files.readString(Path.of("routes/lead-created.camel.yaml")))
                .flow("enrol-contact", """
                - route:
                    id: enrol-contact
                    routeConfigurationId: write
                    from:
                      uri: event:contact.updated
                      steps:
                        - setBody: { id: member, simple: '{"email_address":"${body[properties][email]}","status_if_new":"${body[properties][status]}"}' }
                        - to: { id: enrol-it, uri: "connector:mailchimp/upsert_member?list=console" }
                """);
        hub = TestHub.with(files.settings("serai.retry.attempts", "0", "serai.history.evidence", "all"));
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static People people() {
        return ApiParts.people(hub.wiring().database().dataSource(), InstantSource.system());
    }

    private static Erasure forget(String... who) throws SQLException {
        var erasures = people().erasures();
        long id = erasures.begin(List.of(who), new ByHand("dpo", "asked for by " + who[0]));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> erasures.goOn(id).certificate().isPresent());
        return erasures.find(id).orElseThrow();
    }

    /** Every text of every table as a dump would have it, that holds the words: {@code table.column}. */
    private static List<String> holding(String words) {
        var found = new ArrayList<String>();
        for (String column : hub.column("""
                SELECT c.relname || ' ' || a.attname || ' ' || t.typname FROM pg_class c
                  JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
                 WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0
                   AND NOT a.attisdropped AND t.typname IN ('text', '_text', 'jsonb', 'json', 'varchar', 'bytea')""")) {
            String[] parts = column.split(" ");
            String text = parts[2].equals("bytea") ? "encode(" + parts[1] + ", 'escape')" : parts[1] + "::text";
            String count = hub.column("SELECT count(*) FROM " + parts[0] + " WHERE position('" + words + "' IN lower("
                            + text + ")) > 0")
                    .get(0);
            if (!count.equals("0")) {
                found.add(parts[0].replaceAll("_\\d+$", "") + "." + parts[1]);
            }
        }
        return found;
    }

    private static String contact(String id, String address, String status) {
        return "{\"id\":\"" + id + "\",\"updated_at\":\"2026-11-21T10:00:01Z\",\"properties\":{\"email\":\"" + address
                + "\",\"status\":\"" + status + "\",\"phone\":\"" + PHONE + "\"}}";
    }

    private static void plant() throws SQLException {
        hub.hubspotHas("815", Map.of("email", CANARY, "firstname", "Canary", "phone", PHONE));
        hub.hubspotTells("contact.creation", "815");
        hub.crm(contact("c1", "Canary.Bird@example.com", "nonsense"));
        hub.crm(contact("c2", "other@example.com", "nonsense").replace(PHONE, "+4930000000"));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> hub.runs("dead").size() == 2
                        && hub.runs("waiting", "claimed").isEmpty());
        long dead = hub.runs("dead").stream()
                .filter(run -> run.event().record().equals("contact:c1"))
                .findFirst()
                .orElseThrow()
                .id();
        hub.resume(
                RunFilter.ALL.ids(List.of(dead)),
                Optional.of(
                        Correction.whole(contact("c1", CANARY, "still nonsense").getBytes(StandardCharsets.UTF_8))));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> hub.runs("waiting", "claimed").isEmpty());
        String event = hub.column("SELECT max(id) FROM event WHERE record = 'contact:c1'")
                .get(0);
        execute("INSERT INTO seen_key (key, owner) VALUES ('lead " + CANARY + "', 'r_1')");
        execute("INSERT INTO remote_id (connection, object, key, id) VALUES ('pipedrive', 'person', encode(sha256('"
                + CANARY + "'), 'hex'), '99')");
        execute("INSERT INTO drift (source, type, kind, path, detail, example, event_id, since, found_at) VALUES"
                + " ('crm', 'contact.updated', 'value', 'email', '" + CANARY + "', '" + CANARY + "', " + event
                + ", now(), now())");
        execute("INSERT INTO breaker (connection, operation, since, reason) VALUES ('crm', 'x', now(), 'no " + CANARY
                + " here')");
        execute("INSERT INTO audit (who, what, why) VALUES ('ada', 'token', 'for <" + CANARY + ">')");
    }

    private static void execute(String sql) throws SQLException {
        try (var connection = hub.wiring().database().dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void aPersonGoesOutOfEveryTableAndRepeatsAreStillRecognised() throws SQLException {
        try (var logs = new LogCapture()) {
            logs.everything();
            plant();
            assertThat(logs.lines()).anyMatch(line -> line.contains("run.dead") && line.contains("receipt="));
            assertThat(logs.lines())
                    .noneMatch(line -> line.toLowerCase(Locale.ROOT).contains("canary"));
        }
        assertThat(holding(CANARY))
                .contains(
                        "event.payload",
                        "open_run.payload",
                        "open_run.evidence",
                        "done_run.evidence",
                        "step.answer",
                        "audit.patch",
                        "audit.why",
                        "customers.email",
                        "seen_key.key",
                        "drift.example",
                        "breaker.reason");
        assertThat(people().export(CANARY, Long.MAX_VALUE, 10, new ByHand("dpo", ""))
                        .toString())
                .contains(CANARY, "pipedrive person 99");
        var forecast = people().erasures().forecast(List.of(CANARY));
        assertThat(forecast.records()).containsExactly("contact:815 of hubspot", "contact:c1 of crm");
        assertThat(forecast.fetching())
                .as("the event of 815 holds no more than that id")
                .isEqualTo(1);
        assertThat(forecast.open()).isPositive();
        assertThat(holding(CANARY)).as("a forecast changes nothing").contains("event.payload");

        Erasure done = forget(CANARY, PHONE);

        assertThat(holding(CANARY)).isEmpty();
        assertThat(holding(PHONE)).isEmpty();
        assertThat(holding("other@example.com")).as("somebody else").contains("event.payload");
        assertThat(hub.column("SELECT count(*) FROM remote_id WHERE id = '99'")).containsExactly("0");
        assertThat(done.certificate().orElseThrow())
                .contains("\"events\":1", "\"fetching_events\":1", "signature")
                .doesNotContain("canary");
        assertThat(people().find(CANARY, Long.MAX_VALUE, 10).events()).isEmpty();
        var repeat = hub.crm(contact("c1", "Canary.Bird@example.com", "nonsense"));
        assertThat(repeat.body().path("status").asText()).isEqualTo("duplicate");
        assertThat(holding(CANARY)).isEmpty();
    }

    @Test
    void whoIsForgottenMustBeTold() {
        for (String bare : List.of("7", "123456", "4930901829", "hello@", "grace hopper")) {
            assertThatThrownBy(() -> ErasureFacts.subject(List.of(CANARY, bare)))
                    .as(bare)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("contact:" + bare);
        }
        assertThat(ErasureFacts.subject(List.of(" " + CANARY, "+49 30 901829", "0049 30 901829", "contact:123456")))
                .containsExactly(CANARY, "+49 30 901829", "0049 30 901829", "contact:123456");
    }

    @Test
    void whomAPersonBroughtInByACorrectionGoesFromTheDoneRunAndFromAllElse() throws SQLException {
        String merle = "merle.thrush@example.com";
        hub.crm(contact("c3", "typo@example.com", "nonsense").replace(PHONE, "+4930111111"));
        String run = await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> hub.runs("dead").stream()
                                .filter(each -> each.event().record().equals("contact:c3"))
                                .map(each -> each.name())
                                .findFirst()
                                .orElse(""),
                        name -> !name.isEmpty());
        hub.resume(
                RunFilter.ALL.record("contact:c3").states(List.of("dead")),
                Optional.of(Correction.patch("[{\"op\":\"replace\",\"path\":\"/properties/email\",\"value\":\"" + merle
                        + "\"},{\"op\":\"add\",\"path\":\"/properties/lastname\",\"value\":\"Thrushcanary\"},"
                        + "{\"op\":\"replace\",\"path\":\"/properties/status\",\"value\":\"subscribed\"}]")));
        await().atMost(Duration.ofSeconds(60)).until(() -> hub.runs("done").stream()
                .anyMatch(each -> each.name().equals(run)));
        assertThat(holding(merle)).contains("audit.patch", "done_run.evidence", "step.answer");
        assertThat(holding("thrushcanary")).containsExactly("audit.patch");
        assertThat(people().find(merle, Long.MAX_VALUE, 10).events()).hasSize(1);

        Erasure done = forget(merle);

        assertThat(holding(merle)).isEmpty();
        assertThat(holding("thrushcanary")).isEmpty();
        assertThat(done.certificate().orElseThrow()).contains("\"events\":1");
        assertThat(hub.column("SELECT length(payload) FROM event WHERE record LIKE 'forgotten:" + done.name() + "'"))
                .containsExactly("0");
    }
}
