package dev.serai.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ChaosTest {
    private static final Path ERRORS = Path.of("routes", "errors.camel.yaml");

    @TempDir
    Path folder;

    @Test
    @Timeout(900)
    void whatWasAcknowledgedHappensOnceAndInOrderThoughHubsAreKilled() throws Exception {
        try (var chaos = new Chaos(new Chaos.Plan(20261121, 12, 6, 0, 0), folder, ERRORS)) {
            Report report = chaos.run();

            System.out.println(report);
            assertThat(report.findings().all()).isEmpty();
        }
    }
}
