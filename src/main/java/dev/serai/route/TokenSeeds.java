package dev.serai.route;

import dev.serai.connector.Connector;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether a stored token counts for the settings that this hub has now. A changed secret reaches hubs one after the other:
 * one whose settings are merely late goes on with what another got by the new ones, and does not ask with its own.
 */
final class TokenSeeds {
    /** Files of secrets reach all hubs within minutes; whose settings are older for longer means them. */
    private static final Duration LATE = Duration.ofMinutes(10);

    private final InstantSource clock;
    /** Of all settings that this hub ever had. */
    private final Set<String> own = ConcurrentHashMap.newKeySet();

    TokenSeeds(InstantSource clock) {
        this.clock = clock;
    }

    /** One that was asked for with other secrets is not what a person wants now; a consent outlives its client's secret. */
    boolean counts(Connector connector, TokenText known) {
        if (connector.tokens().orElseThrow().source().needsConsent()) {
            return true;
        }
        String now = TokenText.seed(connector);
        own.add(now);
        if (known.seed().equals(now)) {
            return true;
        }
        // who had the newer ones and has the older ones again was given them back
        return known.before().contains(now)
                && clock.instant().isBefore(known.since().plus(LATE))
                && !own.contains(known.seed());
    }
}
