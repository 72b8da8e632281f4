package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.library.Library;
import dev.serai.library.LibraryFolder;
import dev.serai.simulator.Simulator;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VendorSettingsTest {
    private static final Path SYSTEMS = Path.of("mappings");

    @Test
    void whatIsPrintedIsAllThatEachConnectorAsksFor() {
        try (var simulator = Simulator.start(SYSTEMS, 0, InstantSource.system())) {
            var printed = new HashMap<String, String>();
            Library unset = library(Map.of());
            simulator.vendors().forEach(vendor -> printed.putAll(VendorSettings.of(vendor, unset, simulator)));

            Library set = library(printed);

            assertThat(simulator.vendors()).contains("zendesk", "woocommerce").allSatisfy(vendor -> assertThat(
                            set.connector(vendor).orElseThrow().missingSettings())
                    .as(vendor)
                    .isEmpty());
        }
    }

    private static Library library(Map<String, String> settings) {
        var files = new LibraryFolder(SYSTEMS, name -> Optional.ofNullable(settings.get(name)));
        files.reload();
        return files.current();
    }
}
