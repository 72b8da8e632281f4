package dev.serai.route;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.serai.connector.Connector;
import dev.serai.metric.Metrics;
import dev.serai.run.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Answers of reads that rarely change, kept in memory for as long as the connector file says. Those that ask the same at
 * the same moment share one call; failures and answers without content are not kept.
 */
final class ReadCache {
    private static final int MOST_BYTES = 32 << 20;
    private static final int ENTRY = 500;

    /** Beyond what two calls may take: what asks has to wait for its turn as well. */
    private static final Duration SLACK = Duration.ofSeconds(30);

    private final Metrics metrics;
    private final Duration slack;

    private final AsyncCache<Question, Kept> cache = Caffeine.newBuilder()
            .maximumWeight(MOST_BYTES)
            .weigher((Question question, Kept kept) -> ENTRY + kept.answer.length)
            .expireAfter(Expiry.creating((Question question, Kept kept) -> kept.ttl))
            .buildAsync();

    /**
     * What is asked.
     *
     * @param connector as it was loaded: a changed file asks anew
     * @param account the mark of the one that is asked: the answer of another is none
     * @param values of all its places
     */
    record Question(Connector connector, String operation, String account, Map<String, String> values) {}

    private record Kept(byte[] answer, Duration ttl) {}

    ReadCache(Metrics metrics) {
        this(metrics, SLACK);
    }

    /** @param slack how much longer than two calls somebody waits who asks the same as another */
    ReadCache(Metrics metrics, Duration slack) {
        this.metrics = metrics;
        this.slack = slack;
    }

    /** @param ask gives the answer as JSON; empty when it has no content */
    byte[] get(Question question, Duration ttl, Supplier<byte[]> ask) {
        var mine = new CompletableFuture<Kept>();
        CompletableFuture<Kept> there = cache.asMap().putIfAbsent(question, mine);
        metrics.readCache(question.connector.name(), question.operation, there != null);
        if (there != null) {
            return shared(there, question.connector);
        }
        try {
            byte[] answer = ask.get();
            mine.complete(new Kept(answer, ttl));
            if (answer.length == 0) {
                cache.asMap().remove(question, mine);
            }
            return answer;
        } catch (Throwable e) {
            // an Error too: who waits for this one would wait for ever
            mine.completeExceptionally(e);
            throw e;
        }
    }

    private byte[] shared(CompletableFuture<Kept> there, Connector connector) {
        Duration patience = connector.timeout().multipliedBy(2).plus(slack);
        try {
            return there.get(patience.toMillis(), TimeUnit.MILLISECONDS).answer;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new CompletionException(e.getCause());
        } catch (TimeoutException e) {
            throw notAnswered(
                    connector, "another run asked the same and has no answer after " + patience.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notAnswered(connector, "the hub stops");
        }
    }

    private static StepFailed notAnswered(Connector connector, String why) {
        return new StepFailed(Outcome.retry("not sent to " + connector.name() + ": " + why), connector.name());
    }
}
