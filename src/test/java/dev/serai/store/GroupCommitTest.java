package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    private static final int MOST = 10;

    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch asking = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);

    /** The database takes its time to turn out to be away, and is back afterwards. */
    private List<String> away(List<String> items) throws SQLTransientConnectionException {
        if (asked.incrementAndGet() > 1) {
            return items;
        }
        asking.countDown();
        try {
            gone.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new SQLTransientConnectionException("no connection within 3 s");
    }

    @Test
    void whoWaitsBehindADatabaseThatIsAwayIsToldWithTheFirstAndDoesNotWaitForEachBatch() throws Exception {
        try (var commit = new GroupCommit<>("test", 1000, MOST, this::away)) {
            CompletableFuture<String> first = commit.submit("first");
            assertThat(asking.await(1, TimeUnit.MINUTES)).isTrue();
            List<CompletableFuture<String>> behind = IntStream.range(0, 10 * MOST)
                    .mapToObj(i -> commit.submit("event " + i))
                    .toList();
            CompletableFuture<String> outcome = commit.submitPatiently("outcome");

            gone.countDown();

            for (CompletableFuture<String> each : behind) {
                assertThatThrownBy(() -> each.get(1, TimeUnit.MINUTES))
                        .hasRootCauseInstanceOf(SQLTransientConnectionException.class);
            }
            assertThat(first).isCompletedExceptionally();
            assertThat(outcome.get(1, TimeUnit.MINUTES)).isEqualTo("outcome");
            assertThat(asked).hasValue(2);
        }
    }
}
