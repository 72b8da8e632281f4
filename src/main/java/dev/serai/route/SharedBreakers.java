package dev.serai.route;

import dev.serai.run.Breaker;
import dev.serai.store.Breakers;
import dev.serai.store.Breakers.Change;
import dev.serai.store.Breakers.Endpoint;
import dev.serai.store.NewEvent;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what came of calls for all hubs, and tells people when that opens or closes a breaker. */
final class SharedBreakers {
    private static final Logger LOG = LoggerFactory.getLogger(SharedBreakers.class);

    private final Breakers breakers;
    private final KnownBreakers known;
    private final Alerts alerts;

    SharedBreakers(Breakers breakers, KnownBreakers known, Alerts alerts) {
        this.breakers = breakers;
        this.known = known;
        this.alerts = alerts;
    }

    /** @param now as exactly as PostgreSQL keeps it */
    Change change(Endpoint endpoint, Instant now, UnaryOperator<Breaker> step) throws SQLException {
        Change change = breakers.change(endpoint, now, step, c -> alert(endpoint, c));
        known.note(endpoint, change.after());
        if (change.opened()) {
            LOG.atWarn()
                    .addKeyValue("connection", endpoint.connection())
                    .addKeyValue("operation", endpoint.operation())
                    .addKeyValue("failures", change.after().failures())
                    .addKeyValue("until", change.after().until())
                    .addKeyValue("reason", change.after().reason())
                    .log("breaker.opened");
        }
        if (change.closed()) {
            breakers.wake(endpoint, now);
            LOG.info("breaker.closed connection={} operation={}", endpoint.connection(), endpoint.operation());
        }
        if (change.opened() || change.closed()) {
            alerts.announce();
        }
        return change;
    }

    private Optional<NewEvent> alert(Endpoint endpoint, Change change) {
        if (change.opened()) {
            return Optional.of(alerts.opened(endpoint, change.after()));
        }
        return change.closed() ? Optional.of(alerts.closed(endpoint, change.after())) : Optional.empty();
    }
}
