package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connector.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SkewTest {
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final String AN_HOUR_AGO = "Fri, 20 Nov 2026 09:00:00 GMT";

    private final Skew skew = new Skew();

    @Test
    void anAnswerThatWasKeptOnItsWayTellsNoTime() {
        skew.hear("shop", new Answer(200, Map.of("Date", AN_HOUR_AGO, "Age", "3600"), new byte[0]), NOW);
        assertThat(skew.of("shop")).isEqualTo(Duration.ZERO);

        skew.hear("shop", new Answer(200, Map.of("Date", AN_HOUR_AGO, "Age", "0"), new byte[0]), NOW);
        assertThat(skew.of("shop")).isBetween(Duration.ofMinutes(-61), Duration.ofMinutes(-59));
    }
}
