package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.LogCapture;
import dev.serai.record.Identified;
import dev.serai.run.Correction;
import dev.serai.run.Pace;
import dev.serai.store.Erasures.Erasure;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ErasuresTest {
    private static final List<String> ADA = List.of("ada@example.com");
    private static final ByHand DPO = new ByHand("dpo", "ada@example.com asked for it");

    private TestStore store;

    @BeforeEach
    void open() {
        store = TestStore.fresh();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Erasures hub() {
        return hub(store.database.dataSource());
    }

    private Erasures hub(DataSource data) {
        return new Erasures(data, identifiers(data), key(), () -> store.now, Identified::asked);
    }

    private IdentifierKey key() {
        return new IdentifierKey(store.database.dataSource());
    }

    private Identifiers identifiers(DataSource data) {
        return new Identifiers(data, key(), Identified::in);
    }

    /** Whoever asks waits a few seconds for the index; here it is there. */
    private Erasures caughtUp(Erasures hub) {
        IdentifiersTest.catchUp(identifiers(store.database.dataSource()));
        return hub;
    }

    private ErasureTurns turns(Identifiers identifiers) {
        return new ErasureTurns(store.database.dataSource(), hub(), identifiers, () -> store.now);
    }

    @Test
    void aRunThatIsBeingWorkedOnIsLeftUntilItHasEnded() throws SQLException {
        store.store(IdentifiersTest.about("1", "ada@example.com"));
        store.store(IdentifiersTest.about("2", "ada@example.com"));
        ClaimedRun run = store.claim(1, List.of(TestStore.share("f", 4, 0))).get(0);
        Erasures hub = caughtUp(hub());
        long id = hub.begin(ADA, DPO);

        Erasure held = hub.goOn(id);

        assertThat(held.held()).isEqualTo(1);
        assertThat(held.certificate()).isEmpty();
        assertThat(store.column("SELECT count(*) FROM event WHERE length(payload) = 0"))
                .containsExactly("1");
        store.dead(run, true);
        Erasure done = hub.goOn(id);
        assertThat(done.certificate().orElseThrow()).doesNotContain("ada@").contains("\"events\":2");
        assertThat(store.column("SELECT reason FROM done_run")).containsExactly("forgotten", "forgotten");
        assertThat(store.column("SELECT count(*) FROM open_run")).containsExactly("0");
    }

    @Test
    void anotherHubGoesOnWhereOneDied() throws SQLException {
        for (int i = 0; i < 150; i++) {
            store.store(IdentifiersTest.about("k" + i, "ada@example.com"));
        }
        long id = hub().begin(ADA, DPO);

        Identifiers identifiers = identifiers(store.database.dataSource());
        ErasureTurns turns = turns(identifiers);
        turns.goOn();
        assertThat(hub().find(id).orElseThrow().certificate())
                .as("what has arrived is not in the index yet")
                .isEmpty();
        IdentifiersTest.catchUp(identifiers);
        turns.goOn();

        assertThat(hub().find(id).orElseThrow().counts().path("events").asInt()).isEqualTo(150);
        assertThat(store.column("SELECT subject FROM erasure")).containsOnlyNulls();
        turns.goOn();
        assertThat(store.column("SELECT count(*) FROM audit WHERE what LIKE 'forget%'"))
                .containsExactly("1");
    }

    @Test
    void twoHubsForgetEachEventOnce() throws SQLException {
        for (int i = 0; i < 350; i++) {
            store.store(IdentifiersTest.about("k" + i, "ada@example.com"));
        }
        long id = hub().begin(ADA, DPO);
        var both = List.of(caughtUp(hub()), hub());

        CompletableFuture.allOf(both.stream()
                        .map(hub -> CompletableFuture.runAsync(() -> {
                            try {
                                hub.goOn(id);
                            } catch (SQLException e) {
                                throw new IllegalStateException(e);
                            }
                        }))
                        .toArray(CompletableFuture[]::new))
                .join();
        hub().goOn(id);

        Erasure done = hub().find(id).orElseThrow();
        assertThat(done.certificate()).isPresent();
        assertThat(done.counts().path("events").asInt()).isEqualTo(350);
        assertThat(store.column("SELECT count(*) FROM audit WHERE what LIKE 'forget%'"))
                .containsExactly("1");
    }

    @Test
    void sheGoesOutOfWhatRunsThatAreDoneSentAndHeard() throws SQLException {
        var journal = new Journal(store.database.engine(), store.hub("hub"), key());
        store.store(IdentifiersTest.about("hers", "ada@example.com"));
        store.store(TestStore.event("met her", "contact:2", "f"));
        store.store(TestStore.event("met her elsewhere", "contact:3", "f"));
        List<ClaimedRun> runs = store.claim("f");
        for (ClaimedRun met : runs.subList(1, 3)) {
            journal.carries(met, List.of("email:ada@example.com"), true);
        }
        var hub = store.hub("hub");
        TestStore.joined(hub.done(runs.get(0), took("{\"calls\":[{\"name\":\"Lovelace\"}]}")));
        TestStore.joined(hub.done(runs.get(1), took("{\"calls\":[]}\n{\"calls\":[{\"to\":\"Ada@example.com\"}]}")));
        TestStore.joined(hub.done(runs.get(2), took("{\"calls\":[{\"to\":\"grace@example.com\"}]}")));

        Erasure done = caughtUp(hub()).goOn(hub().begin(ADA, DPO));

        assertThat(store.column("SELECT convert_from(evidence, 'UTF8') FROM done_run WHERE evidence IS NOT NULL"))
                .containsExactly("{\"calls\":[{\"to\":\"grace@example.com\"}]}");
        assertThat(done.certificate().orElseThrow()).contains("\"evidence\":2");
    }

    private static Runs.Account took(String json) {
        return new Runs.Account(json.getBytes(StandardCharsets.UTF_8), List.of());
    }

    @Test
    void whatWaitsBehindAForgottenRunGoesOn() throws SQLException {
        store.store(TestStore.event("first", "contact:1", "f"));
        store.store(new NewEvent(
                "crm",
                "contact.updated",
                "second",
                java.util.Optional.empty(),
                "contact:1",
                "",
                java.util.Optional.empty(),
                "application/json",
                "{\"email\":\"ada@example.com\"}".getBytes(),
                List.of("f")));
        store.store(TestStore.event("third", "contact:1", "f"));
        Erasures hub = caughtUp(hub());
        hub.goOn(hub.begin(ADA, DPO));

        store.done(store.claim("f").get(0));

        assertThat(store.claim("f")).hasSize(1);
    }

    @Test
    void aCertificateThatWasChangedIsNotGenuine() throws SQLException {
        Erasures hub = caughtUp(hub());
        String certificate = hub.goOn(hub.begin(ADA, DPO)).certificate().orElseThrow();
        var key = new IdentifierKey(store.database.dataSource());

        assertThat(Certificate.isGenuine(Certificate.read(certificate), key)).isTrue();
        assertThat(Certificate.isGenuine(Certificate.read(certificate.replace("dpo", "me")), key))
                .isFalse();
    }

    /** As a run does that looks somebody up. */
    private ClaimedRun fetched(String key) throws SQLException {
        store.store(IdentifiersTest.about(key, "bob@example.com"));
        ClaimedRun run = store.claim(1, List.of(TestStore.share("f", 4, 0))).get(0);
        var journal = new Journal(store.database.engine(), store.hub("hub"), key());
        TestStore.joined(journal.carries(run, Set.of("email:ada@example.com"), true));
        var step = new Journal.Step(run.id(), "add", "crm", "add", "idempotent", "k" + key);
        byte[] answer = "{\"id\":12345678,\"list\":[{\"email\":\"Ada@example.com\"}]}".getBytes(StandardCharsets.UTF_8);
        var attempt = new Journal.Attempt(
                store.now, 1, "GET https://crm/ada%40example.com", 0, 200, "success", "", Duration.ZERO);
        TestStore.joined(journal.record(step, Journal.State.SUCCEEDED, answer, attempt));
        return run;
    }

    @Test
    void anEventWhoseRunOnlyCameUponThePersonKeepsItsContentAndItsWork() throws SQLException {
        store.done(fetched("done"));
        store.dead(fetched("dead"), true);
        store.store(IdentifiersTest.about("hers", "ada@example.com"));
        Erasures hub = caughtUp(hub());
        var forecast = hub.forecast(ADA);
        assertThat(List.of(forecast.events(), forecast.fetching())).containsExactly(1L, 2L);
        assertThat(forecast.records())
                .containsExactly("contact:dead of crm", "contact:done of crm", "contact:hers of crm");

        Erasure done = hub.goOn(hub.begin(ADA, DPO));

        assertThat(done.certificate().orElseThrow()).contains("\"events\":1", "\"fetching_events\":2");
        assertThat(store.column("SELECT convert_from(payload, 'UTF8') FROM event ORDER BY id"))
                .containsExactly("{\"email\":\"bob@example.com\"}", "{\"email\":\"bob@example.com\"}", "");
        assertThat(store.column("SELECT state FROM open_run")).containsExactly("dead");
        assertThat(store.column("SELECT convert_from(answer, 'UTF8') FROM step ORDER BY run_id"))
                .containsExactly(null, "{\"id\":12345678,\"list\":[{\"email\":\"(forgotten)\"}]}");
        assertThat(store.column("SELECT endpoint FROM attempt")).containsOnly("GET https://crm/(forgotten)");
        assertThat(hub.forecast(ADA).fetching()).isZero();
        assertThat(hub.forecast(List.of("bob@example.com")).events()).isEqualTo(2);
    }

    @Test
    void aPayloadThatSomebodyCorrectedTellsOfThePersonToo() throws SQLException {
        store.store(IdentifiersTest.about("1", "bob@example.com"));
        store.execute("UPDATE open_run SET payload = convert_to('{\"email\":\"ada@example.com\"}', 'UTF8')");
        Erasures hub = caughtUp(hub());

        hub.goOn(hub.begin(ADA, DPO));

        assertThat(store.column("SELECT count(*) FROM open_run")).containsExactly("0");
    }

    @Test
    void onlySentencesAreSweptAndNeverKeysStatesOrNumbers() throws SQLException {
        store.execute("INSERT INTO quota VALUES ('hubspot', '', '{\"limit\": 30250000, \"used\": 25000012}')");
        store.execute("INSERT INTO cursor (connection, stream, value) VALUES ('hubspot', 's', '30250000')");
        store.execute(
                "INSERT INTO breaker (connection, operation, since, reason) VALUES ('hubspot', 'contact:250000',"
                        + " now(), 'contact:250000 of hubspot, not contact:2500001, took 30250000.5 of 250000 ms; call 30250000')");
        store.execute("INSERT INTO audit (who, what, why, patch) VALUES ('hubspot', 'w', '',"
                + " '[{\"value\":30250000,\"also\":\"+4930250000\"}]')");
        store.execute("INSERT INTO drift (source, type, kind, path, detail, example, event_id, since, found_at)"
                + " SELECT 'crm', 't', 'value', 'p', v, 'a***', 1, now(), now()"
                + " FROM unnest(ARRAY['ada@example.com', 'Ada@example.com']) v");
        store.execute(
                "INSERT INTO remote_id (connection, object, key, id) SELECT 'crm', o, encode(sha256('250000'), 'hex'), '9'"
                        + " FROM unnest(ARRAY['contact', 'order']) o");
        Erasures hub = caughtUp(hub());

        Erasure done = hub.goOn(
                hub.begin(List.of("ada@example.com", "contact:250000", "company:hubspot", "+49 30 250000"), DPO));

        assertThat(done.certificate()).isPresent();
        assertThat(store.column("SELECT state->>'limit' || ' ' || (state->>'used') FROM quota"))
                .containsExactly("30250000 25000012");
        assertThat(store.column("SELECT connection || value FROM cursor")).containsExactly("hubspot30250000");
        assertThat(store.column("SELECT connection || ' ' || operation || ': ' || reason FROM breaker"))
                .containsExactly(
                        "hubspot contact:250000: (forgotten) of hubspot, not contact:2500001, took 30250000.5 of"
                                + " 250000 ms; call (forgotten)");
        assertThat(store.column("SELECT who || patch FROM audit WHERE what = 'w'"))
                .containsExactly("hubspot[{\"value\":30250000,\"also\":\"(forgotten)\"}]");
        assertThat(store.column("SELECT detail FROM drift ORDER BY id")).containsExactly("forgotten 1", "forgotten 2");
        assertThat(store.column("SELECT object FROM remote_id")).containsExactly("order");
    }

    @Test
    void oneThatFailsHoldsUpNoOtherIsTriedAgainAfterAWhileAndTellsNoPerson() throws SQLException {
        store.store(IdentifiersTest.about("bob", "bob@example.com"));
        store.store(IdentifiersTest.about("ada", "ada@example.com"));
        store.execute(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'no bob@example.com' USING DETAIL = convert_from(OLD.payload, 'UTF8'); END $$");
        store.execute("CREATE TRIGGER refuse BEFORE UPDATE ON event FOR EACH ROW WHEN (OLD.record = 'contact:bob')"
                + " EXECUTE FUNCTION refuse()");
        long bob = hub().begin(List.of("bob@example.com"), DPO);
        long ada = hub().begin(ADA, DPO);
        Identifiers identifiers = identifiers(store.database.dataSource());
        IdentifiersTest.catchUp(identifiers);
        ErasureTurns turns = turns(identifiers);

        try (var logs = new LogCapture()) {
            turns.goOn();
            turns.goOn();
            assertThat(logs.lines())
                    .filteredOn(line -> line.contains("erasure.failed"))
                    .hasSize(1);
            store.now = store.now.plusSeconds(61);
            turns.goOn();
            store.now = store.now.plusSeconds(61);
            turns.goOn();
            assertThat(logs.lines())
                    .filteredOn(line -> line.contains("erasure.failed"))
                    .hasSize(2)
                    .allMatch(line -> line.contains("f_" + bob) && line.contains("P0001"))
                    .noneMatch(line -> line.contains("bob@"));
        }
        assertThat(hub().find(ada).orElseThrow().certificate()).isPresent();
        store.execute("DROP TRIGGER refuse ON event");
        store.now = store.now.plusSeconds(120);
        turns.goOn();
        assertThat(hub().find(bob).orElseThrow().certificate()).isPresent();
    }

    @Test
    void aChunkTakesOneConnectionOfThePool() throws SQLException {
        store.store(IdentifiersTest.about("1", "ada@example.com"));
        var open = new AtomicInteger();
        var most = new AtomicInteger();
        var data = store.database.dataSource();
        var counted = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (self, method, args) -> {
                    var connection = data.getConnection();
                    most.accumulateAndGet(open.incrementAndGet(), Math::max);
                    return Proxy.newProxyInstance(
                            getClass().getClassLoader(), new Class<?>[] {Connection.class}, (it, what, with) -> {
                                if (what.getName().equals("close")) {
                                    open.decrementAndGet();
                                }
                                return what.invoke(connection, with);
                            });
                });
        Erasures hub = hub(counted);

        assertThat(hub.goOn(hub.begin(ADA, DPO)).certificate()).isPresent();

        assertThat(most).hasValue(1);
    }

    @Test
    void whomAnEventWasCorrectedToIsForgottenThoughNoHubTookItUpAgain() throws SQLException {
        store.store(IdentifiersTest.about("1", "bob@example.com"));
        ClaimedRun run = store.claim("f").get(0);
        store.dead(run, true);
        RunFilter it = RunFilter.ALL.ids(List.of(run.id()));
        Correction correction =
                Correction.patch("[{\"op\":\"replace\",\"path\":\"/email\",\"value\":\"ada@example.com\"},"
                        + "{\"op\":\"add\",\"path\":\"/name\",\"value\":\"Lovelace\"}]");
        store.resuming().resume(new Resume.Order(it, Optional.of(correction), Pace.AT_ONCE, 1), DPO, soFar -> {});
        new Discard(store.database.dataSource(), () -> store.now).cancel(it, 1, DPO, soFar -> {});
        assertThat(store.column("SELECT patch FROM audit WHERE patch IS NOT NULL")
                        .toString())
                .contains("Lovelace");
        assertThat(caughtUp(hub()).forecast(ADA).events()).isEqualTo(1);

        hub().goOn(hub().begin(ADA, DPO));

        assertThat(store.column("SELECT count(*) FROM audit WHERE patch IS NOT NULL"))
                .containsExactly("0");
        assertThat(store.column("SELECT length(payload) FROM event")).containsExactly("0");
    }
}
