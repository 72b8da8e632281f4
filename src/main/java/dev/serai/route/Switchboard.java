package dev.serai.route;

import dev.serai.run.Canary;
import dev.serai.run.Canary.Ended;
import dev.serai.store.FlowSwitches;
import dev.serai.store.FlowSwitches.Switch;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what people have switched to this hub, twice a second, so that no event has to ask for it; and takes the share
 * from a canary that is clearly worse than the flow it replaces. While the database is away, all stays as it was.
 */
public final class Switchboard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Switchboard.class);
    private static final long EVERY_MS = 500;
    /** Canaries are judged at every so many looks. */
    private static final int JUDGED_EVERY = 4;

    private final FlowSwitches switches;
    private final Hub hub;
    private final Alerts alerts;
    private final Canary.Rule rule;
    private Map<String, Switch> seen = Map.of();
    private int looks;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "serai-switches");
        thread.setDaemon(true);
        return thread;
    });

    public Switchboard(FlowSwitches switches, Hub hub, Alerts alerts, Canary.Rule rule) {
        this.switches = switches;
        this.hub = hub;
        this.alerts = alerts;
        this.rule = rule;
    }

    /** Looks before the first event is let in: what is off stays off over a restart. */
    public Switchboard start() {
        try {
            take();
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "Can't start: the switches of the flows can't be read: " + e.getMessage(), e);
        }
        timer.scheduleWithFixedDelay(this::look, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
        return this;
    }

    private void look() {
        try {
            take();
            if (looks++ % JUDGED_EVERY == 0) {
                judge();
            }
        } catch (SQLException e) {
            LOG.warn("switches.not_read: {}; all stays as it was", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("switches.not_read: a fault of Serai; trying again", e);
        }
    }

    private void take() throws SQLException {
        Map<String, Switch> now = switches.all();
        if (now.equals(seen)) {
            return;
        }
        now.forEach((flow, one) -> {
            if (!one.equals(seen.get(flow))) {
                LOG.atInfo()
                        .addKeyValue("flow", flow)
                        .addKeyValue("state", one.state().word())
                        .addKeyValue("share", one.share())
                        .addKeyValue("who", one.who())
                        .log("flow.switched");
            }
        });
        seen = now;
        hub.subscribers().switched(now);
        // what was paused may go on
        hub.intake().announce();
    }

    private void judge() throws SQLException {
        for (var canary : hub.subscribers().canaries().entrySet()) {
            Switch its = canary.getKey();
            Ended mine = switches.ended(its.flow(), its.shareSince());
            Ended other = switches.ended(canary.getValue(), its.shareSince());
            if (Canary.isWorse(mine, other, rule)) {
                String why = mine.words() + " runs of " + its.flow() + " failed, " + other.words() + " of "
                        + canary.getValue() + " in the same time";
                var alert = alerts.rolledBack(its.flow(), canary.getValue(), its.shareSince(), why);
                if (switches.rollBack(its, hub.clock().instant(), why, alert)) {
                    LOG.atWarn()
                            .addKeyValue("flow", its.flow())
                            .addKeyValue("reason", why)
                            .log("canary.rolled_back");
                    take();
                }
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
