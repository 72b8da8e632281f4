package dev.serai.route;

import dev.serai.run.Outcome;
import dev.serai.store.SeenKeys;
import java.sql.SQLException;
import org.apache.camel.Exchange;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.service.ServiceSupport;

/**
 * The repository of Camel's idempotent consumer, for routes that ask for one: bean {@code seenBefore}. Camel's own on JDBC
 * leaves the key of a run that dies in the block behind, and the resumed run would skip its work as a duplicate.
 */
final class SeenBefore extends ServiceSupport implements IdempotentRepository {
    private final SeenKeys keys;

    SeenBefore(SeenKeys keys) {
        this.keys = keys;
    }

    @Override
    public boolean add(Exchange exchange, String key) {
        String owner = RunScope.of(exchange).map(scope -> scope.run().name()).orElse(exchange.getExchangeId());
        return ask(() -> keys.add(key, owner));
    }

    @Override
    public boolean add(String key) {
        return ask(() -> keys.add(key, ""));
    }

    @Override
    public boolean contains(String key) {
        return ask(() -> keys.contains(key));
    }

    @Override
    public boolean remove(String key) {
        return ask(() -> keys.remove(key));
    }

    @Override
    public boolean confirm(String key) {
        return true;
    }

    @Override
    public void clear() {
        ask(() -> {
            keys.clear();
            return true;
        });
    }

    private interface Question {
        boolean ask() throws SQLException;
    }

    private static boolean ask(Question question) {
        try {
            return question.ask();
        } catch (SQLException e) {
            throw new StepFailed(Outcome.retry("the keys seen before could not be read: " + e.getMessage()), e);
        }
    }
}
