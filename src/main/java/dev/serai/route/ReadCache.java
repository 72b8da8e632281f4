package dev.serai.route;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.serai.connector.Connector;
import dev.serai.metric.Metrics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Answers of reads that rarely change, kept in memory for as long as the connector file says. Those that ask the same at
 * the same moment share one call; failures and answers without content are not kept.
 */
final class ReadCache {
    private static final int MOST_BYTES = 32 << 20;
    private static final int ENTRY = 500;

    private final Metrics metrics;

    private final AsyncCache<Question, Kept> cache = Caffeine.newBuilder()
            .maximumWeight(MOST_BYTES)
            .weigher((Question question, Kept kept) -> ENTRY + kept.answer.length)
            .expireAfter(Expiry.creating((Question question, Kept kept) -> kept.ttl))
            .buildAsync();

    /** @param connector as it was loaded: a changed file asks anew @param values of all its places */
    record Question(Connector connector, String operation, Map<String, String> values) {}

    private record Kept(byte[] answer, Duration ttl) {}

    ReadCache(Metrics metrics) {
        this.metrics = metrics;
    }

    /** @param ask gives the answer as JSON; empty when it has no content */
    byte[] get(Question question, Duration ttl, Supplier<byte[]> ask) {
        var mine = new CompletableFuture<Kept>();
        CompletableFuture<Kept> there = cache.asMap().putIfAbsent(question, mine);
        metrics.readCache(question.connector.name(), question.operation, there != null);
        if (there != null) {
            return join(there);
        }
        try {
            byte[] answer = ask.get();
            mine.complete(new Kept(answer, ttl));
            if (answer.length == 0) {
                cache.asMap().remove(question, mine);
            }
            return answer;
        } catch (RuntimeException e) {
            mine.completeExceptionally(e);
            throw e;
        }
    }

    private static byte[] join(CompletableFuture<Kept> there) {
        try {
            return there.join().answer;
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
