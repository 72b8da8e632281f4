package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CursorsTest {
    private static final Duration LEASE = Duration.ofHours(1);

    /** Ahead of the database's by more than a lease. */
    private final InstantSource clock = () -> Instant.now().plus(LEASE.multipliedBy(2));

    @Test
    void oneHubPollsAStreamAtATimeThoughTheOthersClockIsAheadAndTheOneThatWasOvertakenStoresNothing() throws Exception {
        try (var database = TestDatabase.open()) {
            var first = new Cursors(database.dataSource(), InstantSource.system(), "hub-a");
            var second = new Cursors(database.dataSource(), clock, "hub-b");

            assertThat(first.claim("hubspot", "contacts", LEASE)).contains("");
            assertThat(second.claim("hubspot", "contacts", LEASE)).isEmpty();
            first.advance("hubspot", "contacts", "page-1", LEASE, List.of(event("1")));
            TestDatabase.column(database.dataSource(), "UPDATE cursor SET lease_until = clock_timestamp() RETURNING 1");
            assertThat(second.claim("hubspot", "contacts", LEASE)).contains("page-1");

            assertThatThrownBy(() -> first.advance("hubspot", "contacts", "page-2", LEASE, List.of(event("2"))))
                    .isInstanceOf(Cursors.ClaimLost.class)
                    .hasMessageContaining("hubspot/contacts");
            first.release("hubspot", "contacts", List.of());
            assertThat(TestDatabase.column(database.dataSource(), "SELECT value FROM cursor"))
                    .containsExactly("page-1");
            assertThat(TestDatabase.column(database.dataSource(), "SELECT key FROM event"))
                    .containsExactly("1");
            second.release("hubspot", "contacts", List.of());
            assertThat(first.claim("hubspot", "contacts", LEASE)).contains("page-1");
        }
    }

    @Test
    void aStreamThatIsReadUnderAnotherNameGoesOnWhereItStoodAndOnlyOneOfThemDoes() throws Exception {
        try (var database = TestDatabase.open()) {
            var first = new Cursors(database.dataSource(), clock, "hub-a");
            var second = new Cursors(database.dataSource(), clock, "hub-b");
            first.claim("rest", "records", LEASE);
            first.advance("rest", "records", "page-1", LEASE, List.of());

            assertThat(second.inherit("rest", "records", "records:collection=a"))
                    .as("it is polled under the old name")
                    .isFalse();
            first.release("rest", "records", List.of());
            assertThat(second.inherit("rest", "records", "records:collection=a"))
                    .isTrue();
            assertThat(second.claim("rest", "records:collection=a", LEASE)).contains("page-1");
            assertThat(second.inherit("rest", "records", "records:collection=b"))
                    .isTrue();
            assertThat(second.claim("rest", "records:collection=b", LEASE)).contains("");

            first.claim("rest", "records", LEASE);
            first.advance("rest", "records", "page-9", LEASE, List.of());
            first.release("rest", "records", List.of());
            assertThat(second.inherit("rest", "records", "records:collection=a"))
                    .isTrue();
            second.release("rest", "records:collection=a", List.of());
            assertThat(second.claim("rest", "records:collection=a", LEASE))
                    .as("a place of its own counts")
                    .contains("page-1");
        }
    }

    @Test
    void aPollThatIsUnderWayIsNotTakenFromItselfByTheNextOneOfItsHubButAHubGoesOnAfterItsRestart() throws Exception {
        try (var database = TestDatabase.open()) {
            var hub = new Cursors(database.dataSource(), clock, "hub-a");

            assertThat(hub.claim("hubspot", "contacts", LEASE)).contains("");
            assertThat(hub.claim("hubspot", "contacts", LEASE)).isEmpty();
            assertThat(hub.claim("hubspot", "deals", LEASE)).contains("");
            hub.advance("hubspot", "contacts", "page-1", LEASE, List.of());
            TestDatabase.column(database.dataSource(), "UPDATE cursor SET lease_until = clock_timestamp() RETURNING 1");
            assertThat(hub.claim("hubspot", "contacts", LEASE))
                    .as("it takes long")
                    .isEmpty();
            var restarted = new Cursors(database.dataSource(), clock, "hub-a");
            assertThat(restarted.claim("hubspot", "deals", LEASE)).contains("");
            hub.release("hubspot", "contacts", List.of());
            assertThat(hub.claim("hubspot", "contacts", LEASE)).contains("page-1");
        }
    }

    private static NewEvent event(String key) {
        return new NewEvent(
                "hubspot", "t", key, Optional.empty(), "r", "", Optional.empty(), "json", new byte[0], List.of());
    }
}
