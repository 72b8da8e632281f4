package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.LogCapture;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.store.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps made of several calls: search, then create or update; accepted now and done later; reads that are kept. */
class UpsertAndJobsTest {
    @TempDir
    private static Path folder;

    private static Path secrets;
    private static People people;
    private static TestHub hub;
    private static int events;

    @BeforeAll
    static void start() throws IOException {
        people = new People();
        var files = new TestFolders(folder)
                .mapping("people/connector.yaml", """
                connector: people
                base_url: "{{people.base-url}}"
                auth: { type: bearer, token: "{{people.token}}" }
                reads:
                  who: { path: /who }
                  pipelines: { path: /pipelines, cache: 5m }
                  find: { path: /persons/search, query: { email: "{email}" }, returns: items }
                  job: { path: "/jobs/{job}" }
                  person: { path: "/persons/{id}", returns: person }
                  nobody: { path: "/persons/{id}", returns: nobody }
                  fields: { path: /fields, cache: 5m }
                  gone: { path: /gone, cache: 5m, errors: [ { status: [404], verdict: ignore } ] }
                writes:
                  create: { method: POST, path: /persons, class: once, returns: person }
                  update: { method: PATCH, path: "/persons/{id}", class: idempotent }
                  upsert:
                    upsert: { key: "{email}", object: person, search: find, found: id, same: email, create: create, update: update, lag: 1500ms }
                  create_elsewhere: { method: POST, path: /persons-told-by-address, class: once }
                  upsert_elsewhere:
                    upsert: { key: "{email}", object: elsewhere, search: find, same: email, create: create_elsewhere, created_id: "{last(header.Location)}", update: update }
                  import_elsewhere:
                    method: POST
                    path: /imports-told-by-address
                    class: once
                    accepted: { job: "{last(header.Location)}", read: job, state: status, done: [completed], first: 200ms, longest: 300ms }
                  replace: { method: PUT, path: "/persons/{id}", class: idempotent, wrap: person, without: [ id ] }
                  upsert_whole:
                    upsert: { key: "{email}", object: person, search: find, same: email, create: create, update: replace, over: person, lag: 1500ms }
                  upsert_nobody:
                    upsert: { key: "{email}", object: person, search: find, same: email, create: create, update: replace, over: nobody, lag: 1500ms }
                  import:
                    method: POST
                    path: /imports
                    class: once
                    accepted: { job: job_id, read: job, state: status, done: [completed], failed: [broken], reason: error, first: 200ms, longest: 300ms }
                  import_late:
                    method: POST
                    path: /imports
                    class: once
                    accepted: { job: job_id, read: job, state: status, done: [completed], first: 1s, longest: 1s }
                """)
                .mapping("crm/connector.yaml", """
                connector: crm
                webhooks:
                  signature: { scheme: hmac, secret: "{{crm.webhook-secret}}", header: X-Signature }
                  event: { id: "{n}", type: "{kind}", record: "n:{n}" }
                """)
                .mapping("people-eu/connector.yaml", """
                connector: people-eu
                extends: people
                reads: { fields: { path: /fields-eu, cache: 5m } }
                """)
                .mapping("keyed/connector.yaml", """
                connector: keyed
                extends: people
                writes:
                  create: { method: POST, path: /persons, class: keyed, idempotency_header: Idempotency-Key, returns: person }
                """)
                .flow("upserts", """
                - route:
                    id: without-run
                    routeConfigurationId: poll
                    from:
                      uri: timer:without-run?period=500
                      steps:
                        - setBody: { id: another, simple: '{"email":"p${exchangeProperty.CamelTimerCounter}@example.com"}' }
                        - to: { id: save-without-run, uri: "connector:keyed/upsert" }
                - route:
                    id: who
                    routeConfigurationId: write
                    from: { uri: "event:who.wanted", steps: [ { to: { id: ask-who, uri: "connector:people/who" } } ] }
                - route:
                    id: pipelines
                    routeConfigurationId: write
                    from: { uri: "event:pipelines.wanted", steps: [ { to: { id: pipelines-kept, uri: "connector:people/pipelines" } } ] }
                - route:
                    id: upserts
                    routeConfigurationId: write
                    from: { uri: "event:person.changed", steps: [ { to: { id: save, uri: "connector:people/upsert" } } ] }
                - route:
                    id: wholes
                    routeConfigurationId: write
                    from: { uri: "event:person.whole", steps: [ { to: { id: save-whole, uri: "connector:people/upsert_whole" } } ] }
                - route:
                    id: wholes-of-another
                    routeConfigurationId: write
                    from: { uri: "event:person.entire", steps: [ { to: { id: save-entire, uri: "connector:people/upsert_whole" } } ] }
                - route:
                    id: nobodies
                    routeConfigurationId: write
                    from: { uri: "event:person.nobody", steps: [ { to: { id: save-nobody, uri: "connector:people/upsert_nobody" } } ] }
                - route:
                    id: again
                    routeConfigurationId: write
                    from: { uri: "event:person.changed", steps: [ { to: { id: save-too, uri: "connector:people/upsert" } } ] }
                - route:
                    id: imports
                    routeConfigurationId: write
                    from: { uri: "event:list.changed", steps: [ { to: { id: bring-in, uri: "connector:people/import" } } ] }
                - route:
                    id: late
                    routeConfigurationId: write
                    from: { uri: "event:list.late", steps: [ { to: { id: bring-late, uri: "connector:people/import_late" } } ] }
                - route:
                    id: elsewhere
                    routeConfigurationId: write
                    from:
                      uri: event:elsewhere.wanted
                      steps:
                        - to: { id: bring-elsewhere, uri: "connector:people/import_elsewhere" }
                        - setBody: { id: person-elsewhere, simple: '{"email":"there@example.com"}' }
                        - to: { id: save-elsewhere, uri: "connector:people/upsert_elsewhere" }
                - route:
                    id: fields
                    routeConfigurationId: write
                    from:
                      uri: event:field.wanted
                      steps:
                        - to: { id: fields-kept, uri: "connector:people/fields" }
                        - to: { id: fields-eu, uri: "connector:people-eu/fields" }
                        - to: { id: gone, uri: "connector:people/gone" }
                - route:
                    id: fresh
                    routeConfigurationId: write
                    from: { uri: "event:fresh.wanted", steps: [ { to: { id: fields-fresh, uri: "connector:people/fields?cache=0" } } ] }
                """);
        secrets = Files.createDirectories(folder.resolve("secrets"));
        Files.writeString(secrets.resolve("people.token"), "trial");
        hub = TestHub.with(files.settings(
                "people.base-url", people.url(),
                "people-eu.base-url", people.url(),
                "people-eu.token", "eu",
                "keyed.base-url", people.url(),
                "keyed.token", "keyed",
                "serai.secrets.dir", secrets.toString(),
                "serai.retry.quick-attempts", "2",
                "serai.retry.first", "300ms",
                "serai.hub.name", "one"));
    }

    @AfterAll
    static void stop() {
        hub.close();
        people.close();
    }

    @BeforeEach
    void forget() {
        people.reset();
        hub.column("DELETE FROM remote_id RETURNING key");
    }

    private static void tell(TestHub to, String type, String body) {
        String head = "{\"n\":" + events++ + ",\"kind\":\"" + type + "\",";
        assertThat(to.crm(head + body.replace('\'', '"').substring(1)).status()).isEqualTo(202);
    }

    private static void allEnd() {
        eventually(() -> hub.runs("waiting", "claimed").isEmpty());
    }

    @Test
    void twoHubsThatWriteTheSamePersonsAtOnceMakeEachOfThemOnce() {
        people.searchLag = Duration.ofMillis(400);
        TestHub second = hub.another(Map.of("serai.hub.name", "two"));
        try (var other = second.wiring()) {
            for (int i = 0; i < 40; i++) {
                tell(
                        i % 3 == 0 ? second : hub,
                        "person.changed",
                        "{'email':'" + (i % 2 == 0 ? "P" : "p") + i % 5 + "@example.com','name':'" + i + "'}");
            }
            eventually(() -> hub.runs("waiting", "claimed").isEmpty());
            assertThat(other.hub()).isNotNull();
        }

        assertThat(hub.runs("dead", "in_doubt")).isEmpty();
        assertThat(people.emails()).hasSize(5).doesNotHaveDuplicates();
        assertThat(hub.column("SELECT count(*) FROM remote_id WHERE id IS NOT NULL AND holder IS NULL"))
                .containsExactly("5");
        assertThat(hub.column("SELECT key FROM remote_id")).allMatch(key -> key.matches("[0-9a-f]{64}"));
    }

    @Test
    void aCreateWhoseAnswerIsLostIsSearchedForAndNotSentAgain() {
        people.searchLag = Duration.ofMillis(700);
        people.loseAnswers = 1;

        tell(hub, "person.changed", "{'email':'lost@example.com'}");
        allEnd();

        assertThat(people.emails()).containsExactly("lost@example.com");
        assertThat(hub.runs("dead", "in_doubt")).isEmpty();
        assertThat(people.created).isEqualTo(1);
    }

    @Test
    void aCreateThatNeverArrivedIsSentAgainOnceTheSearchHadTimeToShowIt() {
        people.refuseToAnswer = 1;

        tell(hub, "person.changed", "{'email':'never@example.com'}");
        allEnd();

        assertThat(people.emails()).containsExactly("never@example.com");
        assertThat(people.posts).isEqualTo(2);
        assertThat(people.apart()).as("between the two creates").isGreaterThan(Duration.ofMillis(1000));
    }

    @Test
    void aKnownPersonIsNotSearchedForAndOneThatWasDeletedIsMadeAnew() {
        tell(hub, "person.changed", "{'email':'known@example.com'}");
        allEnd();
        long searches = people.searches;
        tell(hub, "person.changed", "{'email':'Known@example.com','name':'x'}");
        allEnd();
        assertThat(people.searches).isEqualTo(searches);

        people.deleteAll();
        tell(hub, "person.changed", "{'email':'known@example.com','name':'y'}");
        allEnd();

        assertThat(people.emails()).containsExactly("known@example.com");
        assertThat(people.searches).isGreaterThan(searches);
        assertThat(hub.runs("dead")).isEmpty();
    }

    @Test
    void aRecordThatIsNotKnownYetJustAfterItWasMadeIsNotMadeTwice() {
        people.searchLag = Duration.ofMillis(700);
        tell(hub, "person.whole", "{'email':'fresh@example.com'}");
        eventually(() -> people.created == 1);
        allEnd();
        people.unknown = 1;

        tell(hub, "person.whole", "{'email':'fresh@example.com','name':'x'}");
        allEnd();

        assertThat(people.emails()).containsExactly("fresh@example.com");
        assertThat(people.unknown).as("an update was told that there is none").isZero();
        assertThat(hub.runs("dead", "in_doubt")).isEmpty();
    }

    @Test
    void anUpdateOfTheWholeKeepsWhatTheRecordHad() {
        people.add("whole@example.com");

        tell(hub, "person.whole", "{'email':'whole@example.com','group':{'name':'some'},'tags':['c']}");
        allEnd();

        assertThat(people.update)
                .startsWith("{\"person\":{\"group\":{\"id\":7,\"name\":\"some\"},\"tags\":[\"c\"],\"n\":")
                .endsWith("\"email\":\"whole@example.com\"}}");
        assertThat(hub.runs("dead", "in_doubt")).isEmpty();
        people.deleteAll();
        people.add("other@example.com");
        people.add("whole@example.com");
        hub.column("UPDATE remote_id SET id = '3' RETURNING key");
        tell(hub, "person.whole", "{'email':'whole@example.com'}");
        allEnd();
        assertThat(people.calls("/persons/3"))
                .as("the read alone finds that it is gone")
                .isEqualTo(1);
        assertThat(people.calls("/persons/2")).as("read and replaced").isEqualTo(2);
        assertThat(people.created).isZero();
    }

    @Test
    void twoFlowsThatMergeOverTheSameRecordKeepBothChanges() {
        people.add("both@example.com");
        tell(hub, "person.whole", "{'email':'both@example.com'}");
        allEnd();
        people.readers = new CountDownLatch(2);

        tell(hub, "person.whole", "{'email':'both@example.com','phone':'1'}");
        tell(hub, "person.entire", "{'email':'both@example.com','fax':'2'}");
        allEnd();

        assertThat(people.whole(1)).contains("\"phone\":\"1\"", "\"fax\":\"2\"");
        assertThat(hub.runs("dead", "in_doubt")).isEmpty();
    }

    @Test
    void aRecordThatCantBeReadIsNotReplaced() {
        people.add("nobody@example.com");

        tell(hub, "person.nobody", "{'email':'nobody@example.com'}");
        allEnd();

        assertThat(people.update).isEmpty();
        assertThat(hub.runs("dead"))
                .singleElement()
                .extracting(History.Run::reason)
                .isEqualTo("people/upsert_nobody: \"nobody\" gives no object to merge the record over; correct its"
                        + " \"returns\"");
        hub.column("DELETE FROM open_run RETURNING id");
    }

    /** Gives the connection another token, and waits until the hub calls with it. */
    private static void isNow(String token) throws IOException {
        // whole, at once: the hub may look at any moment
        Files.move(
                Files.writeString(secrets.resolve(".new"), token),
                secrets.resolve("people.token"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        eventually(() -> {
            tell(hub, "who.wanted", "{'a':1}");
            allEnd();
            return people.authorization.equals("Bearer " + token);
        });
    }

    @Test
    void anIdOfAnotherAccountIsSearchedForAgain() throws IOException {
        isNow("of-one-company");
        tell(hub, "person.changed", "{'email':'known@example.com'}");
        allEnd();
        people.deleteAll();
        people.add("stranger@example.com");
        isNow("of-another-company");
        int updates = people.calls("/persons/1");

        tell(hub, "person.changed", "{'email':'known@example.com','name':'x'}");
        allEnd();

        assertThat(people.calls("/persons/1")).as("updates of the stranger").isEqualTo(updates);
        assertThat(people.emails()).containsExactly("stranger@example.com", "known@example.com");

        isNow("renewed-of-another-company");
        long searches = people.searches;
        tell(hub, "person.changed", "{'email':'known@example.com','name':'y'}");
        allEnd();
        long afterwards = people.searches;
        tell(hub, "person.changed", "{'email':'known@example.com','name':'z'}");
        allEnd();

        assertThat(afterwards).as("a renewed key costs a search").isGreaterThan(searches);
        assertThat(people.searches).as("and no more").isEqualTo(afterwards);
        assertThat(people.emails()).containsExactly("stranger@example.com", "known@example.com");
        assertThat(hub.runs("dead", "in_doubt")).isEmpty();
    }

    @Test
    void anIdThatNobodyNotedTheAccountOfIsSearchedForOnce() {
        tell(hub, "person.changed", "{'email':'old@example.com'}");
        allEnd();
        hub.column("UPDATE remote_id SET account = NULL RETURNING key");
        long searches = people.searches;

        tell(hub, "person.changed", "{'email':'old@example.com','name':'x'}");
        allEnd();

        assertThat(people.searches).isGreaterThan(searches);
        assertThat(people.emails()).containsExactly("old@example.com");
        assertThat(hub.column("SELECT account FROM remote_id"))
                .singleElement()
                .asString()
                .matches("[0-9a-f]{32}:[0-9a-f]{8}");
    }

    @Test
    void twoRecordsOfARouteWithoutARunNeverShareAKey() {
        try (var log = new LogCapture()) {
            eventually(() -> log.lines().stream()
                            .filter(line ->
                                    line.contains("keyed/upsert: its create is a write of class keyed and needs an"
                                            + " idempotency key; call it in a flow that begins with event:"))
                            .count()
                    >= 2);
        }

        assertThat(people.posts).isZero();
    }

    @Test
    void aSearchThatAnswersHalfCreatesNobody() {
        people.add("half@example.com");
        people.halves = 1;

        tell(hub, "person.changed", "{'email':'half@example.com'}");
        allEnd();

        assertThat(people.emails()).containsExactly("half@example.com");
        assertThat(people.created).isZero();
        assertThat(hub.column("SELECT DISTINCT reason FROM attempt WHERE reason LIKE '%without%'"))
                .containsExactly(
                        "people answered 200: an answer without \"items\"; correct \"returns\" of \"find\"; if that"
                                + " is left out where nothing is found, add the error rule { field: items, exists: false, status:"
                                + " [200], verdict: ignore }");
        assertThat(hub.runs("dead", "in_doubt")).isEmpty();
    }

    @Test
    void aPersonThatIsThereTwiceIsLeftToAPersonWithBothIds() {
        people.add("twice@example.com");
        people.add("twice@example.com");
        people.add("twice@example.com.au");

        tell(hub, "person.changed", "{'email':'twice@example.com'}");
        allEnd();

        assertThat(hub.runs("dead")).hasSize(2);
        assertThat(hub.runs("dead").get(0).reason())
                .isEqualTo(
                        "people/upsert: 2 records have this key there (ids 1, 2); merge them in people, then resume");
        hub.column("DELETE FROM open_run RETURNING id");
    }

    @Test
    void eachCallOfAnUpsertIsAnAttemptOfItsStep() {
        tell(hub, "person.changed", "{'email':'steps@example.com'}");
        allEnd();

        String run = hub.column("SELECT run_id FROM attempt WHERE endpoint = 'POST /persons' ORDER BY at DESC")
                .get(0);
        assertThat(hub.column("SELECT endpoint FROM attempt WHERE run_id = " + run + " ORDER BY at"))
                .containsExactly("GET /persons/search", "POST /persons");
        assertThat(hub.column("SELECT state || ' ' || write_class FROM step WHERE run_id = " + run))
                .containsExactly("succeeded upsert");
        assertThat(hub.column("SELECT convert_from(answer, 'UTF8') FROM step WHERE run_id = " + run)
                        .get(0))
                .contains("\"id\":\"", "\"created\":true");
    }

    @Test
    void whatIsAcceptedIsAskedForUntilItIsDoneAndNeverSentAgainWhicheverHubGoesOn() {
        tell(hub, "list.changed", "{'list':1}");
        eventually(() -> people.asked >= 1);
        assertThat(hub.runs("waiting", "claimed")).isNotEmpty();

        try (var other = hub.another(Map.of("serai.hub.name", "two")).wiring()) {
            assertThat(other.hub()).isNotNull();
            people.jobs.put("j1", "{\"status\":\"completed\",\"count\":7}");
            allEnd();
        }

        assertThat(people.imports).isEqualTo(1);
        assertThat(hub.runs("dead", "in_doubt")).isEmpty();
        assertThat(hub.column("SELECT retries FROM done_run WHERE flow = 'imports' ORDER BY id DESC LIMIT 1"))
                .containsExactly("0");
        assertThat(hub.column(
                                "SELECT convert_from(answer, 'UTF8') FROM step WHERE step = 'bring-in' ORDER BY run_id DESC")
                        .get(0))
                .contains("\"count\":7");
    }

    @Test
    void aJobThatIsNotThereYetIsAskedForAgain() {
        people.unseenFor = 1;
        people.jobs.put("j1", "{\"status\":\"completed\"}");

        tell(hub, "list.late", "{'list':3}");
        allEnd();

        assertThat(hub.runs("dead", "in_doubt")).isEmpty();
        assertThat(people.asked).isEqualTo(2);
        assertThat(people.imports).isEqualTo(1);
    }

    @Test
    void aJobToldByItsAddressIsAskedFor() {
        people.jobs.put("j/1", "{\"status\":\"completed\"}");

        tell(hub, "elsewhere.wanted", "{'list':1}");
        allEnd();

        assertThat(hub.runs("dead", "in_doubt")).isEmpty();
        assertThat(people.asked).isEqualTo(1);
        assertThat(hub.column("SELECT id FROM remote_id WHERE object = 'elsewhere'"))
                .containsExactly("1");
    }

    @Test
    void whatIsAcceptedAndFailsLaterIsADeadLetterWithTheReason() {
        people.jobs.put("j1", "{\"status\":\"broken\",\"error\":\"row 3 has no email\"}");

        tell(hub, "list.changed", "{'list':2}");
        allEnd();

        assertThat(hub.runs("dead")).hasSize(1);
        assertThat(hub.runs("dead").get(0).reason())
                .isEqualTo("people accepted it, and then: broken: row 3 has no email");
        hub.column("DELETE FROM open_run RETURNING id");
    }

    @Test
    void aReadThatIsKeptIsAskedOnceUnlessAFlowWantsItFreshOrThereWasNothing() {
        people.slowly = Duration.ofMillis(200);
        for (int i = 0; i < 6; i++) {
            tell(hub, "field.wanted", "{'i':" + i + "}");
        }
        allEnd();

        assertThat(people.calls("/fields")).isEqualTo(1);
        assertThat(people.calls("/fields-eu")).as("of the other account").isEqualTo(1);
        int gone = people.calls("/gone");
        tell(hub, "field.wanted", "{'i':7}");
        allEnd();
        assertThat(people.calls("/gone")).as("nothing is not kept").isEqualTo(gone + 1);
        tell(hub, "fresh.wanted", "{'i':1}");
        allEnd();
        assertThat(people.calls("/fields")).isEqualTo(2);
        assertThat(hub.runs("dead")).isEmpty();
    }

    @Test
    void whatIsKeptIsOfTheAccountItWasAskedOf() throws IOException {
        isNow("of-one-account");
        tell(hub, "pipelines.wanted", "{'i':1}");
        allEnd();
        assertThat(people.calls("/pipelines")).isEqualTo(1);

        isNow("of-another-account");
        for (int i = 2; i < 4; i++) {
            tell(hub, "pipelines.wanted", "{'i':" + i + "}");
            allEnd();
        }

        assertThat(people.calls("/pipelines")).isEqualTo(2);
        assertThat(hub.runs("dead")).isEmpty();
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(condition);
    }
}
