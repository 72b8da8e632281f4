package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.record.Identified;
import dev.serai.store.Erasures.Erasure;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
        var data = store.database.dataSource();
        var key = new IdentifierKey(data);
        return new Erasures(data, new Identifiers(data, key, Identified::in), key, () -> store.now, Identified::asked);
    }

    @Test
    void aRunThatIsBeingWorkedOnIsLeftUntilItHasEnded() throws SQLException {
        store.store(IdentifiersTest.about("1", "ada@example.com"));
        store.store(IdentifiersTest.about("2", "ada@example.com"));
        ClaimedRun run = store.claim(1, List.of(TestStore.share("f", 4, 0))).get(0);
        Erasures hub = hub();
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

        hub().goOn();

        assertThat(hub().find(id).orElseThrow().counts().path("events").asInt()).isEqualTo(150);
        assertThat(store.column("SELECT subject FROM erasure")).containsOnlyNulls();
        hub().goOn();
        assertThat(store.column("SELECT count(*) FROM audit WHERE what LIKE 'forget%'"))
                .containsExactly("1");
    }

    @Test
    void twoHubsForgetEachEventOnce() throws SQLException {
        for (int i = 0; i < 350; i++) {
            store.store(IdentifiersTest.about("k" + i, "ada@example.com"));
        }
        long id = hub().begin(ADA, DPO);
        var both = List.of(hub(), hub());

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
        hub().goOn();

        Erasure done = hub().find(id).orElseThrow();
        assertThat(done.certificate()).isPresent();
        assertThat(done.counts().path("events").asInt()).isEqualTo(350);
        assertThat(store.column("SELECT count(*) FROM audit WHERE what LIKE 'forget%'"))
                .containsExactly("1");
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
        Erasures hub = hub();
        hub.goOn(hub.begin(ADA, DPO));

        store.done(store.claim("f").get(0));

        assertThat(store.claim("f")).hasSize(1);
    }

    @Test
    void aCertificateThatWasChangedIsNotGenuine() throws SQLException {
        Erasures hub = hub();
        String certificate = hub.goOn(hub.begin(ADA, DPO)).certificate().orElseThrow();
        var key = new IdentifierKey(store.database.dataSource());

        assertThat(Certificate.isGenuine(certificate, key)).isTrue();
        assertThat(Certificate.isGenuine(certificate.replace("dpo", "me"), key)).isFalse();
    }
}
