package dev.serai.route;

import dev.serai.run.Breaker;
import dev.serai.run.Outcome;
import dev.serai.run.Owner;
import dev.serai.run.Verdict;
import dev.serai.store.Breakers.Endpoint;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The breakers that count failures or keep calls back, as this hub knows them: asked before each call, without a statement. */
final class KnownBreakers {
    private final Map<Endpoint, Breaker> troubled = new ConcurrentHashMap<>();
    /** What this hub has learned by itself since the last look began: what that look finds may be older. */
    private final Set<Endpoint> noted = new HashSet<>();

    /** What all hubs know. */
    interface Shared {
        Map<Endpoint, Breaker> troubled() throws SQLException;
    }

    /** The breaker of an endpoint that has failed of late. */
    Optional<Breaker> of(Endpoint endpoint) {
        return Optional.ofNullable(troubled.get(endpoint));
    }

    /** Takes what all hubs know. @return the endpoints whose next probe may go */
    List<Endpoint> look(Shared shared, InstantSource clock) throws SQLException {
        synchronized (noted) {
            noted.clear();
        }
        Map<Endpoint, Breaker> now = shared.troubled();
        synchronized (noted) {
            now.forEach((endpoint, breaker) -> {
                if (!noted.contains(endpoint)) {
                    troubled.put(endpoint, breaker);
                }
            });
            troubled.keySet().removeIf(endpoint -> !now.containsKey(endpoint) && !noted.contains(endpoint));
        }
        Instant moment = clock.instant();
        return now.entrySet().stream()
                .filter(e -> e.getValue().probeIsDue(moment))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** @throws StepFailed.Parked while nothing may be sent there */
    void refuseIfOpen(Endpoint endpoint, Instant now) {
        of(endpoint)
                .filter(breaker -> breaker.state() != Breaker.State.CLOSED && !breaker.probeIsDue(now))
                .ifPresent(breaker -> {
                    throw refused(endpoint, breaker);
                });
    }

    static StepFailed.Parked refused(Endpoint endpoint, Breaker breaker) {
        String until = breaker.state() == Breaker.State.OPEN
                ? "until " + breaker.until().truncatedTo(ChronoUnit.SECONDS)
                : "while one call tries whether it is back";
        return new StepFailed.Parked(
                new Outcome(
                        Verdict.RETRY,
                        Owner.TRANSIENT,
                        "not sent: " + endpoint.name() + " is left alone " + until + ", after " + breaker.failures()
                                + " failures in a row; the last: " + breaker.reason(),
                        Duration.ZERO),
                endpoint.name());
    }

    /** What this hub has just written down. */
    void note(Endpoint endpoint, Breaker breaker) {
        synchronized (noted) {
            noted.add(endpoint);
            if (breaker.calm()) {
                troubled.remove(endpoint);
            } else {
                troubled.put(endpoint, breaker);
            }
        }
    }
}
