package dev.serai.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChartTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:42Z");

    private static List<Chart.Bar> bars(String minutes) throws Exception {
        return Chart.bars(new ObjectMapper().readTree(minutes), List.of("done"), List.of("dead"), NOW);
    }

    @Test
    void theChartHasABarForEachMinuteOfTheHour() throws Exception {
        List<Chart.Bar> bars = bars("[{\"minute\":\"2026-11-21T10:00:00Z\",\"counts\":{\"done\":1}},"
                + "{\"minute\":\"2026-11-21T09:58:00Z\",\"counts\":{\"done\":750,\"dead\":250,\"retry\":9000}}]");

        assertThat(bars).hasSize(60);
        assertThat(bars.get(59)).isEqualTo(new Chart.Bar("2026-11-21T10:00:00Z", 1, 0, 4, 0));
        assertThat(bars.get(58)).isEqualTo(new Chart.Bar("2026-11-21T09:59:00Z", 0, 0, 0, 0));
        assertThat(bars.get(57)).isEqualTo(new Chart.Bar("2026-11-21T09:58:00Z", 750, 250, 72, 24));
        assertThat(Chart.good(bars)).isEqualTo(751);
    }

    @Test
    void thePictureSaysInWordsWhatItShows() throws Exception {
        String svg = Chart.svg(
                        bars("[{\"minute\":\"2026-11-21T10:00:00Z\",\"counts\":{\"done\":3,\"dead\":2}}]"),
                        "chart",
                        "Runs done")
                .toString();

        assertThat(svg).contains("aria-label=\"Runs done: 3 in the last hour, and 2 that failed\"");
        assertThat(svg).contains("<title>2026-11-21T10:00:00Z: 2 failed</title>");
    }
}
