package dev.serai.route;

import dev.serai.store.ClaimedRun;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews the leases of what a hub holds until it stops and holds nothing more, or is interrupted. */
final class LeaseKeeper implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    private final Duration every;
    private final Supplier<List<ClaimedRun>> held;
    private final BooleanSupplier stops;
    private final Renewal renewal;

    /** Asks the store. */
    interface Renewal {
        void of(List<ClaimedRun> held) throws SQLException;
    }

    LeaseKeeper(Duration every, Supplier<List<ClaimedRun>> held, BooleanSupplier stops, Renewal renewal) {
        this.every = every;
        this.held = held;
        this.stops = stops;
        this.renewal = renewal;
    }

    @Override
    public void run() {
        while (!stops.getAsBoolean() || !held.get().isEmpty()) {
            try {
                Thread.sleep(every.toMillis());
                List<ClaimedRun> now = held.get();
                if (!now.isEmpty()) {
                    renewal.of(now);
                }
            } catch (InterruptedException e) {
                return;
            } catch (SQLException e) {
                LOG.warn("leases.not_renewed: {}; trying again", e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("leases.not_renewed: a fault of Serai; trying again", e);
            }
        }
    }
}
