package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {
    /** Else a hub whose clock is ahead would believe that an index shows by now what was sent a moment ago. */
    @ParameterizedTest
    @ValueSource(longs = {-600, 0, 600})
    void whenAStepWasSentIsToldByTheClockOfWhoAsksAndNotByTheDatabases(long ahead) throws SQLException {
        InstantSource clock = () -> Instant.now().plusSeconds(ahead);
        try (var store = TestStore.empty()) {
            var journal = new Journal(store.database.engine(), store.hub("hub"), null);
            var step = new Journal.Step(7, "create", "crm", "create_person", "lookup", "k");
            Instant before = clock.instant();
            TestStore.joined(journal.intend(step));
            store.execute("UPDATE step SET sent_at = sent_at - interval '1 hour'");

            Journal.Sent sent =
                    journal.stepsOf(List.of(7L), clock).get(7L).get("create").sent();

            assertThat(sent.last()).isBetween(before.minusSeconds(300), clock.instant());
            assertThat(sent.first())
                    .isBetween(before.minusSeconds(3900), clock.instant().minusSeconds(3600));
        }
    }
}
