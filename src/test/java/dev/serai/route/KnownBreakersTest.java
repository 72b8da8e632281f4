package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.run.Breaker;
import dev.serai.store.Breakers.Endpoint;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a hub remembers of the breakers between its looks at what all hubs know. */
class KnownBreakersTest {
    private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
    private static final Endpoint ENDPOINT = new Endpoint("hubspot", "upsert");

    private final KnownBreakers known = new KnownBreakers();
    private final Breaker failedOnce = Breaker.closed(NOW).failed(0, Breaker.Limits.DEFAULT, NOW, "503");

    private void look(KnownBreakers.Shared shared) throws SQLException {
        known.look(shared, () -> NOW);
    }

    @Test
    void aFailureThatIsCountedWhileALookIsUnderWayIsNotForgotten() throws SQLException {
        look(() -> {
            known.note(ENDPOINT, failedOnce);
            return Map.of();
        });

        assertThat(known.of(ENDPOINT)).contains(failedOnce);
    }

    @Test
    void aSuccessThatIsToldWhileALookIsUnderWayStays() throws SQLException {
        look(() -> {
            known.note(ENDPOINT, Breaker.closed(NOW));
            return Map.of(ENDPOINT, failedOnce);
        });

        assertThat(known.of(ENDPOINT)).isEmpty();
    }

    @Test
    void whatAnotherHubHasLearnedIsKnownAfterTheNextLook() throws SQLException {
        look(() -> Map.of(ENDPOINT, failedOnce));
        assertThat(known.of(ENDPOINT)).contains(failedOnce);

        look(Map::of);
        assertThat(known.of(ENDPOINT)).isEmpty();
    }
}
