package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.store.DriftShapes.Next;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In which order the drift radar reads events. */
class DriftShapesTest {
    private final TestStore store = TestStore.fresh();
    private final DriftShapes shapes = new DriftShapes(store.database.dataSource());
    private final List<Long> read = new ArrayList<>();
    private long position;

    @AfterEach
    void close() {
        store.close();
    }

    private void store(int many) {
        store.store(IntStream.range(0, many)
                .mapToObj(i -> TestStore.event("k" + store.now + read.size() + i, "contact:" + i))
                .toList());
    }

    private void look() throws SQLException {
        Next next = shapes.next(position, 10, 1_000);
        next.events().forEach(event -> read.add(event.id()));
        position = next.position();
    }

    private void readsUpTo(long last) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    look();
                    return position >= last;
                });
    }

    @Test
    void anEventThatIsCommittedAfterALaterOneIsNotPassedOver() throws SQLException {
        try (Connection slow = store.database.dataSource().getConnection()) {
            slow.setAutoCommit(false);
            slow.createStatement()
                    .execute(
                            "INSERT INTO event (source, type, key, record, payload) VALUES ('crm', 't', 'k', 'r:1', '{}')");
            store(3);
            for (int i = 0; i < 20; i++) {
                look();
            }
            assertThat(read).isEmpty();
            slow.commit();
        }
        readsUpTo(4);

        assertThat(read).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void allAreReadOnceInPagesAndANumberThatWasGivenUpHoldsUpNothing() throws SQLException {
        store(25);
        try (Connection gone = store.database.dataSource().getConnection()) {
            gone.setAutoCommit(false);
            gone.createStatement()
                    .execute(
                            "INSERT INTO event (source, type, key, record, payload) VALUES ('crm', 't', 'k', 'r:1', '{}')");
            gone.rollback();
        }
        readsUpTo(26);
        store(2);
        readsUpTo(28);

        assertThat(read)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 28)
                        .filter(id -> id != 26)
                        .boxed()
                        .toList());
    }
}
