package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.LogCapture;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.file.Yaml;
import dev.serai.simulator.Fault;
import dev.serai.store.ByHand;
import dev.serai.store.Doubts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each write has its effect once, whatever happens between sending and knowing. */
class WritesTest {
    private static final String CANARY = "/canary-in-the-path-55aa";

    @TempDir
    private static Path folder;

    private static TestHub hub;
    private static RawServer remote;

    @BeforeAll
    static void start() throws IOException {
        remote = new RawServer(out -> out.write(answer(remote.asked.get(remote.asked.size() - 1))));
        var files = new TestFolders(folder);
        // longer than the index of the simulated Pipedrive is behind, shorter than a test may take
        files.mapping(
                "pipedrive/connector.yaml",
                files.read("pipedrive/connector.yaml").replace("lag: 1m", "lag: 3s"));
        files.mapping("clocked/connector.yaml", """
                connector: clocked
                base_url: "{{clocked.base-url}}"
                auth: { type: hmac, secret: "{{clocked.secret}}", header: X-Signature, timestamp_header: X-Timestamp, signs: "{timestamp}.{body}" }
                writes:
                  post: { method: POST, path: /timed, class: once }
                """);
        files.mapping("sealed/connector.yaml", """
                connector: sealed
                base_url: "{{sealed.base-url}}"
                auth: { type: hmac, secret: "{{sealed.secret}}", prefix: "HMAC {{sealed.key-id}}:", header: X-Signature, signs: "{body}" }
                writes:
                  post: { method: POST, path: /sealed, class: once }
                """);
        files.mapping("strict/connector.yaml", """
                connector: strict
                base_url: "{{clocked.base-url}}"
                auth: { type: hmac, secret: "{{clocked.secret}}", header: X-Signature, timestamp_header: X-Timestamp, signs: "{timestamp}.{body}" }
                writes:
                  post: { method: POST, path: /strict, class: once }
                """);
        files.mapping("chat/connector.yaml", """
                connector: chat
                base_url: "{{chat.base-url}}"
                writes:
                  say: { method: POST, path: "", class: once }
                """);
        files.mapping("ledger/connector.yaml", """
                connector: ledger
                base_url: "{{ledger.base-url}}"
                writes:
                  enter:
                    method: POST
                    path: /ledger
                    class: keyed
                    idempotency_header: Idempotency-Key
                    errors: [ { status: [200], field: ok, equals: false, verdict: fail, done: perhaps, reason: error } ]
                """);
        files.mapping(
                "hubspot/connector.yaml",
                files.read("hubspot/connector.yaml")
                        .replace(
                                "      deal.deletion:",
                                "      company.propertyChange: company.changed\n      deal.deletion:"));
        files.mapping("papers/connector.yaml", """
                connector: papers
                base_url: "{{papers.base-url}}"
                reads:
                  list: { path: /papers }
                  page: { path: /papers, answers: text }
                writes:
                  file: { method: POST, path: /filed, class: once }
                  keep: { method: POST, path: /kept, class: once, body: raw }
                """);
        files.flow("papers", """
                - route:
                    id: file-paper
                    routeConfigurationId: write
                    from:
                      uri: event:company.changed
                      steps:
                        - to: { id: list-papers, uri: "connector:papers/list" }
                        - to: { id: file-it, uri: "connector:papers/file" }
                - route:
                    id: keep-paper
                    routeConfigurationId: write
                    from:
                      uri: event:company.changed
                      steps:
                        - to: { id: page-of-papers, uri: "connector:papers/page" }
                        - to: { id: keep-it, uri: "connector:papers/keep" }
                """);
        files.flow("others", """
                - route:
                    id: timed
                    routeConfigurationId: write
                    from: { uri: "event:contact.deleted", steps: [ { to: { id: post-signed, uri: "connector:clocked/post" } } ] }
                - route:
                    id: seal
                    routeConfigurationId: write
                    from: { uri: "event:customer.converted", steps: [ { to: { id: post-sealed, uri: "connector:sealed/post" } } ] }
                - route:
                    id: strict
                    routeConfigurationId: write
                    from: { uri: "event:deal.changed", steps: [ { to: { id: post-strict, uri: "connector:strict/post" } } ] }
                - route:
                    id: chat
                    routeConfigurationId: write
                    from: { uri: "event:contact.changed", steps: [ { to: { id: say, uri: "connector:chat/say" } } ] }
                - route:
                    id: enter
                    routeConfigurationId: write
                    from: { uri: "event:deal.created", steps: [ { to: { id: enter-it, uri: "connector:ledger/enter" } } ] }
                - route:
                    id: hook
                    routeConfigurationId: write
                    from: { uri: "event:deal.deleted", steps: [ { to: { id: tell-hook, uri: "connector:webhook-out/send" } } ] }
                """);
        files.flow("tell-and-enrol", """
                - route:
                    id: tell-and-enrol
                    routeConfigurationId: write
                    from:
                      uri: event:customer.converted
                      steps:
                        - setVariable: { id: keep, name: email, simple: "${body[customer][email]}" }
                        - setBody: { id: words, simple: '{"channel":"sales","text":"a customer"}' }
                        - to: { id: tell, uri: "connector:slack/post_message" }
                        - setBody: { id: member, simple: '{"email_address":"${variable.email}","status_if_new":"subscribed"}' }
                        - to: { id: enrol, uri: "connector:mailchimp/upsert_member?list=writes" }
                - route:
                    id: create-contact
                    routeConfigurationId: write
                    from:
                      uri: event:contact.updated
                      steps:
                        - setBody: { id: contact, simple: '{"properties":{"email":"${body[properties][email]}"}}' }
                        - to: { id: create, uri: "connector:hubspot/create_contact" }
                - route:
                    id: create-person
                    routeConfigurationId: write
                    from:
                      uri: event:contact.created
                      steps:
                        - setBody: { id: person, simple: '{"name":"Ada","emails":[{"value":"ada@example.com"}]}' }
                        - to: { id: create-person-there, uri: "connector:pipedrive/create_person" }
                        - to: { id: look-at-person, uri: "connector:pipedrive/person?id=${body[id]}" }
                """);
        hub = TestHub.with(files.settings(
                "serai.retry.quick-attempts",
                "2",
                "serai.retry.first",
                "300ms",
                "pipedrive.api-token",
                "simulated",
                "clocked.base-url",
                remote.url("127.0.0.1"),
                "clocked.secret",
                "a-secret-to-sign-with",
                "sealed.base-url",
                remote.url("127.0.0.1"),
                "sealed.secret",
                "another-secret-to-sign-with",
                "sealed.key-id",
                "Schl\u00fcssel-7",
                "serai.secrets.dir",
                Files.createDirectories(folder.resolve("secrets")).toString(),
                "ledger.base-url",
                remote.url("127.0.0.1"),
                "papers.base-url",
                remote.url("127.0.0.1"),
                "webhook-out.base-url",
                remote.url("127.0.0.1") + CANARY,
                "webhook-out.secret",
                "whsec_" + Base64.getEncoder().encodeToString("thirty-two bytes of such a secret".getBytes())));
    }

    @AfterAll
    static void stop() throws IOException {
        hub.close();
        remote.close();
    }

    /** Of a remote whose clock is an hour ahead, whose ledger is broken, and that echoes what it does not know. */
    private static byte[] answer(String asked) {
        Instant theirs = Instant.now().plusSeconds(3600);
        String status = "404 Not Found";
        String body = "Cannot POST " + asked.split(" ")[1];
        boolean strict = asked.startsWith("POST /strict ");
        if (strict || asked.startsWith("POST /timed ")) {
            long signed = Long.parseLong(asked.replaceAll("(?is).*x-timestamp: (\\d+).*", "$1"));
            boolean inTime = Math.abs(signed - theirs.getEpochSecond()) < 60;
            status = inTime ? "200 OK" : strict ? "403 Forbidden" : "401 Unauthorized";
            body = "the time is " + (inTime ? "right" : "wrong");
        } else if (asked.startsWith("GET /papers ") || asked.startsWith("POST /kept ")) {
            status = "200 OK";
            body = "1;ada\n2;grace";
        } else if (asked.startsWith("POST /ledger ")) {
            status = "200 OK";
            body = "{\"ok\":false,\"error\":\"something broke in the middle\"}";
        }
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(theirs.atOffset(ZoneOffset.UTC));
        return ("HTTP/1.1 " + status + "\r\nDate: " + date + "\r\nContent-Type: text/plain\r\nContent-Length: "
                        + body.length() + "\r\nConnection: close\r\n\r\n" + body)
                .getBytes();
    }

    private static List<String> asked(String path) {
        return remote.asked.stream()
                .filter(head -> head.startsWith("POST " + path + " "))
                .toList();
    }

    @BeforeEach
    void forget() {
        hub.simulator().reset();
        hub.simulator().noLimits("slack");
    }

    @Test
    void aMessageWhoseAnswerIsLostIsInDoubtAndNotSentTwice() {
        hub.simulator().fault("slack", Fault.reset().afterTheWork().times(1));

        long run = convert("w1");

        eventually(() -> state(run).equals("in_doubt"));
        assertThat(hub.simulator().ledger().calls("slack")).hasSize(1);
        assertThat(hub.simulator().ledger().calls("mailchimp")).isEmpty();
        assertThat(hub.runs("in_doubt").get(0).reason()).startsWith("slack/post_message: sent, but no answer came");
    }

    @Test
    void aMessageInDoubtIsSentAgainWhenAPersonHasLookedAndSaysThatItWasNotDone() throws SQLException {
        hub.simulator().fault("slack", Fault.drop().times(1));
        long run = convert("w-looked");
        eventually(() -> state(run).equals("in_doubt"));

        Doubts.Doubt doubt = hub.doubts().find(run).orElseThrow();
        assertThat(hub.doubts().notDone(doubt, new ByHand("ada", "Slack does not show it")))
                .isTrue();

        eventually(() -> state(run).equals("done"));
        assertThat(hub.simulator().ledger().calls("slack")).hasSize(2);
    }

    @Test
    void aMessageInDoubtThatWasDoneIsNotSentAgainAndTheRunGoesOnBehindIt() throws SQLException {
        hub.simulator().fault("slack", Fault.reset().afterTheWork().times(1));
        long run = convert("w-done");
        eventually(() -> state(run).equals("in_doubt"));

        Doubts.Doubt doubt = hub.doubts().find(run).orElseThrow();
        assertThat(doubt.step()).isEqualTo("tell");
        assertThat(doubt.idempotencyKey()).isEqualTo("r_" + run + ":tell");
        assertThat(hub.doubts().done(doubt, "{\"ok\":true}".getBytes(), new ByHand("ada", "Slack shows it")))
                .isTrue();

        eventually(() -> state(run).equals("done"));
        assertThat(hub.simulator().ledger().calls("slack")).hasSize(1);
        assertThat(hub.simulator().records("mailchimp", "members")).hasSize(1);
        assertThat(hub.column("SELECT what || ', ' || who || ': ' || why FROM audit WHERE run_id = " + run))
                .containsExactly("settle tell: done, ada: Slack shows it");
    }

    @Test
    void aRunInDoubtThatIsMerelyResumedSendsNothingAgain() {
        hub.simulator().fault("slack", Fault.reset().afterTheWork().times(1));
        long run = convert("w-resumed");
        eventually(() -> state(run).equals("in_doubt"));

        assertThat(hub.resume(run)).isTrue();

        eventually(() -> hub.column("SELECT claims FROM run WHERE id = " + run).equals(List.of("2"))
                && state(run).equals("in_doubt"));
        assertThat(hub.simulator().ledger().calls("slack")).hasSize(1);
    }

    @Test
    void aCreateWhoseAnswerIsLostIsLookedUpBeforeItIsSentAgain() {
        hub.simulator()
                .fault(
                        "hubspot",
                        "contacts.create",
                        Fault.reset().afterTheWork().times(1));

        TestHub.Reply reply = hub.crm(
                "{\"id\":\"9\",\"updated_at\":\"2026-11-21T10:00:00Z\",\"properties\":{\"email\":\"new@example.com\"}}");

        assertThat(reply.status()).isEqualTo(202);
        eventually(() -> hub.column("SELECT state FROM run WHERE flow = 'create-contact'")
                .equals(List.of("done")));
        assertThat(hub.simulator().ledger().calls("hubspot", "contacts.create")).hasSize(1);
        assertThat(hub.simulator().records("hubspot", "contacts")).hasSize(1);
    }

    @Test
    void aCreateThatTheSearchDoesNotShowYetIsNotSentAgainAndItsRecordIsTheAnswer() {
        hub.simulator().lag("pipedrive", "searchPersons", Duration.ofSeconds(2));
        hub.simulator()
                .fault("pipedrive", "addPerson", Fault.reset().afterTheWork().times(1));

        hub.hubspotTells("contact.creation", "501");

        eventually(() -> ofPerson("501").equals(List.of("done")));
        assertThat(hub.simulator().ledger().calls("pipedrive", "addPerson")).hasSize(1);
        assertThat(hub.simulator().records("pipedrive", "persons")).hasSize(1);
        assertThat(hub.simulator().ledger().calls("pipedrive", "searchPersons")).isNotEmpty();
        assertThat(hub.simulator().ledger().calls("pipedrive", "getPerson")).hasSize(1);
    }

    @Test
    void aCreateThatItsLookUpDoesNotListIsSentAgain() {
        hub.simulator().fault("pipedrive", "addPerson", Fault.drop().times(1));

        hub.hubspotTells("contact.creation", "502");

        eventually(() -> ofPerson("502").equals(List.of("done")));
        assertThat(hub.simulator().ledger().calls("pipedrive", "addPerson")).hasSize(2);
        assertThat(hub.simulator().records("pipedrive", "persons")).hasSize(1);
    }

    @Test
    void aLookUpThatListsSeveralLeavesItToAPersonWhichOfThemWasMade() {
        hub.simulator().lag("pipedrive", "searchPersons", Duration.ofMinutes(1));
        for (int id = 7; id < 9; id++) {
            hub.simulator()
                    .seed(
                            "pipedrive",
                            "persons",
                            Yaml.read("test", "{ id: " + id + ", emails: [ { value: ada@example.com } ] }")
                                    .json());
        }
        hub.simulator()
                .fault("pipedrive", "addPerson", Fault.reset().afterTheWork().times(1));

        hub.hubspotTells("contact.creation", "503");

        eventually(() -> ofPerson("503").equals(List.of("in_doubt")));
        assertThat(hub.column("SELECT reason FROM run WHERE flow = 'create-person' AND state = 'in_doubt'"))
                .singleElement()
                .asString()
                .startsWith("pipedrive/create_person: sent, but its outcome was never stored, and \"person_of_body\""
                        + " finds 2 records");
        assertThat(hub.simulator().ledger().calls("pipedrive", "addPerson")).hasSize(1);
    }

    private static List<String> ofPerson(String id) {
        return hub.column("SELECT r.state FROM run r JOIN event e ON e.id = r.event_id"
                + " WHERE r.flow = 'create-person' AND e.record LIKE '%" + id + "'");
    }

    @Test
    void aMessageThatCertainlyWasNotSentIsSentAgain() {
        hub.simulator()
                .fault(
                        "slack",
                        Fault.status(429).retryAfter(Duration.ofSeconds(1)).times(1));

        long run = convert("w2");

        eventually(() -> state(run).equals("done"));
        assertThat(hub.simulator().ledger().calls("slack")).hasSize(2);
    }

    /** A proxy's page is a refusal as well. */
    @Test
    void aPageThatSaysTooManyLeavesNoDoubt() {
        hub.simulator()
                .fault(
                        "slack",
                        Fault.status(429)
                                .body("text/html", "<!DOCTYPE html><html><title>Too many requests</title></html>")
                                .retryAfter(Duration.ofSeconds(1))
                                .times(1));

        long run = convert("w-page");

        eventually(() -> state(run).equals("done"));
        assertThat(hub.simulator().ledger().calls("slack")).hasSize(2);
        assertThat(hub.column("SELECT retries FROM run WHERE id = " + run)).containsExactly("0");
    }

    @Test
    void anUpsertWhoseAnswerIsLostIsSimplySentAgain() {
        hub.simulator().fault("mailchimp", Fault.reset().afterTheWork().times(2));

        long run = convert("w3");

        eventually(() -> state(run).equals("done"));
        assertThat(hub.simulator().records("mailchimp", "members")).hasSize(1);
        assertThat(hub.simulator().ledger().calls("slack")).hasSize(1);
    }

    @Test
    void aRunRetriedLaterDoesNotRepeatTheWriteThatSucceeded() {
        hub.simulator().fault("mailchimp", Fault.status(503).times(4));

        long run = convert("w4");

        eventually(() -> state(run).equals("done"));
        assertThat(hub.column("SELECT claims FROM run WHERE id = " + run)).containsExactly("2");
        assertThat(hub.simulator().ledger().calls("mailchimp")).hasSize(5);
        assertThat(hub.simulator().ledger().calls("slack")).hasSize(1);
    }

    @Test
    void theRunOfAHubThatDiedIsTakenOverWithoutRepeatingItsMessage() throws SQLException {
        hub.simulator().fault("mailchimp", Fault.delay(Duration.ofSeconds(50)).times(1));
        long run = convert("w5");
        eventually(() -> !hub.simulator().ledger().calls("mailchimp").isEmpty());

        try (var connection = hub.wiring().database().dataSource().getConnection()) {
            connection
                    .createStatement()
                    .execute("UPDATE open_run SET claimed_by = 'dead-hub', lease_until = now() WHERE id = " + run);
        }

        eventually(() -> state(run).equals("done"));
        hub.simulator().answerNow();
        assertThat(hub.column("SELECT claims FROM run WHERE id = " + run)).containsExactly("2");
        assertThat(hub.simulator().ledger().calls("slack")).hasSize(1);
        assertThat(hub.simulator().records("mailchimp", "members")).hasSize(1);
    }

    @Test
    void aBodyThatSaysFatalErrorLeavesAPostInDoubt() {
        var broken = Fault.status(200).body("application/json", "{\"ok\":false,\"error\":\"fatal_error\"}");
        hub.simulator().fault("slack", broken.afterTheWork().times(1));

        long run = convert("w-fatal");

        eventually(() -> state(run).equals("in_doubt"));
        assertThat(hub.simulator().ledger().calls("slack")).hasSize(1);
        assertThat(hub.column("SELECT reason FROM run WHERE id = " + run))
                .containsExactly(
                        "slack/post_message: sent, and its answer leaves open whether it was done (slack answered"
                                + " 200: fatal_error)");
    }

    @Test
    void aKeyedWriteWhoseFailureLeavesItOpenKeepsItsKeyWhenItIsResumed() {
        hub.hubspotTells("deal.creation", "7001");
        eventually(() -> of("enter").equals(List.of("dead")));
        String run = hub.column("SELECT id FROM run WHERE flow = 'enter'").get(0);

        assertThat(hub.resume(Long.parseLong(run))).isTrue();
        eventually(() -> asked("/ledger").size() == 2 && of("enter").equals(List.of("dead")));

        assertThat(asked("/ledger")).allSatisfy(head -> assertThat(head.toLowerCase())
                .contains("idempotency-key: r_" + run + ":enter-it\r\n"));
    }

    @Test
    void aSignatureRefusedForItsTimeIsMadeAnewOnceAndParksNothing() {
        hub.hubspotTells("contact.deletion", "7002");
        eventually(() -> of("timed").equals(List.of("done")));

        assertThat(asked("/timed")).hasSize(2);
        assertThat(hub.column("SELECT verdict FROM attempt WHERE step = 'post-signed' ORDER BY at, number"))
                .containsExactly("unauthorized", "success");
        assertThat(hub.column("SELECT connection FROM parked_connection")).isEmpty();

        hub.hubspotTells("contact.deletion", "7003");
        eventually(() -> of("timed").equals(List.of("done", "done")));
        assertThat(asked("/timed")).as("its clock is known now").hasSize(3);
    }

    @Test
    void aSignatureThatCanNotBeMadeLeavesNoDoubt() {
        long run = convert("w-sealed");
        String sealed = " WHERE flow = 'seal' AND event_id = (SELECT event_id FROM run WHERE id = " + run + ")";
        eventually(() -> hub.column("SELECT state FROM run" + sealed).equals(List.of("dead")));

        assertThat(hub.column("SELECT reason FROM run" + sealed))
                .singleElement()
                .asString()
                .contains("header X-Signature would hold a character no header may carry; correct sealed.key-id");
        assertThat(asked("/sealed")).isEmpty();
        assertThat(hub.column("SELECT state FROM step WHERE step = 'post-sealed' AND run_id IN (SELECT id FROM run"
                        + sealed + ")"))
                .doesNotContain("intended");
        // the other flow of the same event ends before the next test counts calls
        eventually(() -> state(run).equals("done"));
    }

    @Test
    void anAnswerThatIsNoJsonDoesNotBecomeAnEmptyRecord() {
        hub.hubspotTells("company.propertyChange", "7005");
        eventually(() ->
                of("file-paper").equals(List.of("dead")) && of("keep-paper").equals(List.of("done")));

        assertThat(asked("/filed")).isEmpty();
        assertThat(hub.column("SELECT reason FROM open_run WHERE flow = 'file-paper'"))
                .containsExactly("papers answered 200: text/plain, and no JSON; write answers: text or answers: file at"
                        + " the read \"list\"");
        assertThat(asked("/kept"))
                .singleElement()
                .asString()
                .containsIgnoringCase("content-length: 13\r\n")
                .containsIgnoringCase("content-type: text/plain; charset=utf-8\r\n");
    }

    @Test
    void aSignatureRefusedForItsTimeByA403IsMadeAnewToo() {
        hub.hubspotTells("deal.propertyChange", "7015");
        eventually(() -> of("strict").equals(List.of("done")));

        assertThat(asked("/strict")).hasSize(2);
        assertThat(hub.column("SELECT verdict FROM attempt WHERE step = 'post-strict' ORDER BY at, number"))
                .containsExactly("fail", "success");

        hub.hubspotTells("deal.propertyChange", "7016");
        eventually(() -> of("strict").equals(List.of("done", "done")));
        assertThat(asked("/strict")).as("its clock is known now").hasSize(3);
    }

    @Test
    void anAddressThatIsRefusedIsNotQuoted() throws IOException {
        Files.writeString(
                folder.resolve("secrets/chat.base-url"), "https://chat.example" + CANARY + "?key=K&token=" + CANARY);
        eventually(() -> hub.wiring()
                .library()
                .connector("chat")
                .orElseThrow()
                .missingToCall()
                .isEmpty());
        try (var log = new LogCapture()) {
            hub.hubspotTells("contact.propertyChange", "7007");
            eventually(() -> of("chat").equals(List.of("dead")));

            assertThat(log.lines()).noneSatisfy(line -> assertThat(line).contains(CANARY));
        }
        assertThat(hub.column("SELECT reason FROM run WHERE flow = 'chat'"))
                .containsExactly("chat: \"base_url\" is \"https://chat.example/***\" by what is set as chat.base-url;"
                        + " an address like https://api.example.com/v1 is needed, without user, query and fragment");
        assertThat(hub.column("SELECT a::text FROM alert a"))
                .noneSatisfy(row -> assertThat(row).contains(CANARY));
    }

    @Test
    void anAddressThatIsASecretStandsInNoTableAndNoLine() {
        try (var log = new LogCapture()) {
            hub.hubspotTells("deal.deletion", "7004");
            eventually(() -> of("hook").equals(List.of("dead")));

            assertThat(log.lines()).noneSatisfy(line -> assertThat(line).contains(CANARY));
        }
        assertThat(asked(CANARY)).hasSize(1);
        assertThat(hub.column("SELECT endpoint || ': ' || reason FROM attempt WHERE step = 'tell-hook'"))
                .containsExactly("POST /: webhook-out answered 404: Cannot POST ***");
        for (String table : hub.column("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")) {
            assertThat(hub.column("SELECT t::text FROM \"" + table + "\" t"))
                    .as(table)
                    .noneSatisfy(row ->
                            assertThat(row).containsAnyOf(CANARY, HexFormat.of().formatHex(CANARY.getBytes())));
        }
    }

    private static List<String> of(String flow) {
        return hub.column("SELECT state FROM run WHERE flow = '" + flow + "'");
    }

    private static long convert(String id) {
        TestHub.Reply reply = hub.post(
                "/v1/events/customer.converted", DoorsTest.converted(id), Map.of("X-API-Key", TestHub.API_KEY));
        assertThat(reply.status()).isEqualTo(202);
        String event = reply.body().path("receipt").asText().substring(2);
        return Long.parseLong(hub.column("SELECT id FROM run WHERE flow = 'tell-and-enrol' AND event_id = " + event)
                .get(0));
    }

    private static String state(long run) {
        List<String> states = hub.column("SELECT state FROM run WHERE id = " + run);
        return states.get(0);
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }
}
