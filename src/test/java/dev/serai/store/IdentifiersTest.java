package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.serai.record.Identified;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IdentifiersTest {
    private TestStore store;

    @BeforeEach
    void open() {
        store = TestStore.fresh();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Identifiers identifiers() {
        var data = store.database.dataSource();
        return new Identifiers(data, new IdentifierKey(data), Identified::in);
    }

    static NewEvent about(String key, String address) {
        return new NewEvent(
                "crm",
                "contact.updated",
                key,
                Optional.empty(),
                "contact:" + key,
                "",
                Optional.empty(),
                "application/json",
                ("{\"email\":\"" + address + "\"}").getBytes(StandardCharsets.UTF_8),
                List.of("f"));
    }

    static void catchUp(Identifiers identifiers) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    while (identifiers.look(2)) {}
                    return identifiers.lag().position() >= identifiers.lag().newest();
                });
    }

    private static List<Long> of(Identifiers identifiers, String address) throws SQLException {
        return identifiers.events(Set.of("email:" + address), Set.of(), Long.MAX_VALUE, 10);
    }

    @Test
    void anEventIsFoundByWhatItCarriesTheNewestFirstAndPageByPage() throws SQLException {
        long first = store.store(about("1", "Ada@Example.com")).eventId();
        store.store(about("2", "bob@example.com"));
        long second = store.store(about("3", "ada@example.com")).eventId();
        Identifiers identifiers = identifiers();
        catchUp(identifiers);

        assertThat(of(identifiers, "ada@example.com")).containsExactly(second, first);
        assertThat(identifiers.events(Set.of("email:ada@example.com"), Set.of(), second, 10))
                .containsExactly(first);
        assertThat(identifiers.events(Set.of(), Set.of("contact:3"), Long.MAX_VALUE, 10))
                .containsExactly(second);
        assertThat(of(identifiers, "nobody@example.com")).isEmpty();
    }

    @Test
    void theIndexHoldsNoAddressAndAnotherDatabaseHashesOtherwise() throws SQLException {
        store.store(about("1", "ada@example.com"));
        catchUp(identifiers());

        assertThat(store.column("SELECT i::text FROM identifier i")).hasSize(1).noneMatch(row -> row.contains("ada"));
        try (var other = TestStore.fresh()) {
            long here = new IdentifierKey(store.database.dataSource()).digest("email:ada@example.com");
            long there = new IdentifierKey(other.database.dataSource()).digest("email:ada@example.com");
            assertThat(here).isNotEqualTo(there);
        }
    }

    @Test
    void anEventThatIsCommittedAfterALaterOneIsNotPassedOver() throws SQLException {
        Identifiers identifiers = identifiers();
        try (Connection slow = store.database.dataSource().getConnection()) {
            slow.setAutoCommit(false);
            slow.createStatement()
                    .execute(
                            "INSERT INTO event (source, type, key, record, payload) VALUES ('crm', 't', 'k', 'contact:0',"
                                    + " convert_to('{\"email\":\"late@example.com\"}', 'UTF8'))");
            store.store(about("1", "ada@example.com"));
            for (int i = 0; i < 20; i++) {
                identifiers.look(10);
            }
            assertThat(of(identifiers, "late@example.com")).isEmpty();
            slow.commit();
        }
        catchUp(identifiers);

        assertThat(of(identifiers, "late@example.com")).hasSize(1);
        assertThat(of(identifiers, "ada@example.com")).hasSize(1);
    }

    @Test
    void twoHubsTakeEachEventOnce() throws Exception {
        for (int i = 0; i < 30; i++) {
            store.store(about("k" + i, "ada@example.com"));
        }
        Identifiers one = identifiers();
        Identifiers other = identifiers();
        var thread = new Thread(() -> catchUp(other));
        thread.start();
        catchUp(one);
        thread.join();

        assertThat(store.column("SELECT count(*) FROM identifier")).containsExactly("30");
    }

    @Test
    void whatRunsFetchOnTheirWayIsFoundToo() throws SQLException {
        long event = store.store(TestStore.event("k", "contact:7", "f")).eventId();
        var data = store.database.dataSource();
        var journal = new Journal(store.database.engine(), store.hub("hub"), new IdentifierKey(data));
        ClaimedRun run = store.claim("f").get(0);
        TestStore.joined(journal.carries(run, Set.of("email:ada@example.com"), true));
        store.dead(run, true);
        store.resume(run);
        ClaimedRun again = store.claim("f").get(0);
        TestStore.joined(journal.carries(again, Set.of("email:ada@example.com", "email:bob@example.com"), true));

        assertThat(of(identifiers(), "ada@example.com")).containsExactly(event);
        assertThat(of(identifiers(), "bob@example.com")).containsExactly(event);
        assertThat(store.column("SELECT count(*) FROM identifier"))
                .as("each once, however often the run is tried")
                .containsExactly("2");
        TestStore.joined(journal.carries(again, Set.of("email:ada@example.com"), false));
        assertThat(store.column("SELECT count(*) FROM identifier WHERE NOT fetched"))
                .as("that the event tells it too is news")
                .containsExactly("1");
    }

    @Test
    void largePayloadsAreTakenAFewAtATimeAndWhatIsTakenIsSoonSafe() throws SQLException {
        store.execute(
                "INSERT INTO event (source, type, key, record, payload) SELECT 'crm', 't', 'k' || i, 'contact:' || i,"
                        + " convert_to(repeat('a', 4 << 20), 'UTF8') FROM generate_series(1, 20) i");
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var allocated = new long[2];
        var data = store.database.dataSource();
        var identifiers = new Identifiers(data, new IdentifierKey(data), (record, payload) -> {
            allocated[1] = allocated[1] == 0 ? threads.getCurrentThreadAllocatedBytes() : allocated[1];
            return Set.of();
        });
        identifiers.look(1_000);
        identifiers.look(1_000);

        // there is more; until what else goes on in the server has ended, nothing is taken
        Awaitility.await().pollInSameThread().pollDelay(Duration.ZERO).until(() -> {
            allocated[0] = threads.getCurrentThreadAllocatedBytes();
            return identifiers.look(1_000);
        });

        assertThat(allocated[1] - allocated[0])
                .as("bytes until the first payload is looked at")
                .isBetween(4L << 20, 64L << 20);
        assertThat(identifiers.lag().position()).as("32 MiB of 80").isEqualTo(8);
    }

    @Test
    void anIndexThatIsBehindSaysHowFarItIs() {
        assertThat(new Identifiers.Behind(new Identifiers.Lag(1_000, 10_000_000)).getMessage())
                .contains("event 1000 of 10000000");
    }

    @Test
    void anIndexLeavesWithItsSliceButForOpenRuns() throws SQLException {
        long open = store.store(about("open", "ada@example.com")).eventId();
        long done = store.store(about("done", "ada@example.com")).eventId();
        Identifiers identifiers = identifiers();
        catchUp(identifiers);
        store.execute("DELETE FROM open_run WHERE event_id = " + done);
        store.execute("SELECT drop_slice(0, now())");

        assertThat(of(identifiers, "ada@example.com")).containsExactly(open);
    }
}
