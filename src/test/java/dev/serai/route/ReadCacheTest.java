package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.connector.Connector;
import dev.serai.metric.Metrics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Those who ask the same at the same moment share one answer, and none of them waits for ever. */
@Timeout(300)
class ReadCacheTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Connector SHOP = Connector.read("f", "shop", """
            connector: shop
            base_url: https://shop.example
            timeout: 10ms
            reads: { lists: { path: /lists, cache: 1h } }
            """, name -> Optional.empty());

    private final Metrics metrics = new Metrics();
    private final ReadCache.Question question = new ReadCache.Question(SHOP, "lists", "", Map.of());

    @AfterEach
    void stop() {
        metrics.close();
    }

    @Test
    void whatEndsInAnErrorIsAskedAnewAndNobodyWaitsForIt() {
        var cache = new ReadCache(metrics);
        assertThatThrownBy(() -> cache.get(question, HOUR, () -> {
                    throw new OutOfMemoryError("of a test");
                }))
                .isInstanceOf(OutOfMemoryError.class);

        byte[] answer = {7};
        assertThat(cache.get(question, HOUR, () -> answer)).isEqualTo(answer);
        assertThat(cache.get(question, HOUR, () -> new byte[0])).as("kept").isEqualTo(answer);
    }

    @Test
    void whoWaitsForTheAnswerOfAnotherComesAgainWhenThereIsNone() throws Exception {
        var cache = new ReadCache(metrics, Duration.ofMillis(50));
        var asked = new CountDownLatch(1);
        var hung = new CountDownLatch(1);
        var threads = Executors.newSingleThreadExecutor();
        try {
            Future<byte[]> first = threads.submit(() -> cache.get(question, HOUR, () -> {
                asked.countDown();
                try {
                    hung.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return new byte[] {1};
            }));
            asked.await();

            assertThatThrownBy(() -> cache.get(question, HOUR, () -> new byte[] {2}))
                    .isInstanceOfSatisfying(StepFailed.class, failed -> assertThat(
                                    failed.outcome().worthRetrying())
                            .isTrue())
                    .hasMessageContaining("another run asked the same");

            hung.countDown();
            assertThat(first.get(1, TimeUnit.MINUTES)).containsExactly(1);
        } finally {
            threads.shutdownNow();
        }
    }
}
