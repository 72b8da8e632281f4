package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Slips;
import dev.serai.config.Settings;
import dev.serai.file.Problem;
import dev.serai.library.Library;
import dev.serai.library.LibraryFolder;
import dev.serai.metric.Metrics;
import dev.serai.metric.Traces;
import dev.serai.store.Inbox;
import dev.serai.store.Journal;
import dev.serai.store.Runs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Slips as people make them, put into the flows we ship: what a start would refuse must be refused on their line. */
class RouteMutationTest {
    private static final List<Slips.Slip> SLIPS = List.of(
            Slips.slip(
                    "misspelt step",
                    "(?<=- )(to|choice|setVariable|setBody|bean)(?=:)",
                    (m, r) -> Slips.swapped(m.group(), r)),
            Slips.slip(
                    "misspelt key",
                    "(?m)(?<=[{,] |^ {4,20})(uri|steps|when|otherwise|parameters|routeConfigurationId|simple)(?=:)",
                    (m, r) -> Slips.swapped(m.group(), r)),
            Slips.slip(
                    "misspelt error handling",
                    "(?<=routeConfigurationId: )(write|poll)",
                    (m, r) -> Slips.swapped(m.group(), r)),
            Slips.slip("misspelt mapping", "(?<=mapping:)[a-z]+/[a-z-]+", (m, r) -> m.group() + "x"),
            Slips.slip("misspelt operation", "(?<=connector:)[a-z]+/[a-z_]+", (m, r) -> Slips.swapped(m.group(), r)),
            Slips.slip(
                    "misspelt component",
                    "(?<=uri: \"?)(event|mapping|connector|quartz)(?=:)",
                    (m, r) -> "x" + m.group()),
            Slips.slip("misspelt option", "(?<=parameters: \\{ )(source)(?=:)", (m, r) -> Slips.swapped(m.group(), r)),
            Slips.slip("step without id", "(?<=to: \\{ )id: [a-z-]+, ", (m, r) -> ""),
            Slips.slip("missing brace", " \\}(?= *\\n)", (m, r) -> ""),
            Slips.slip("wrong indentation", "(?m)^ {8}(?=- to:)", (m, r) -> "     "),
            Slips.slip(
                    "id of another step",
                    "(?<=\\{ id: )(to-member|to-ticket)",
                    (m, r) -> "to-letter-of-nobody, id: x"));

    @TempDir
    private Path folder;

    @Test
    void nineteenOfTwentySlipsAreRefusedOnTheirLine() throws IOException {
        Files.copy(Path.of("routes/errors.camel.yaml"), folder.resolve("errors.camel.yaml"));
        List<Path> files;
        try (var found = Files.list(Path.of("routes"))) {
            files = found.filter(file -> !file.endsWith("errors.camel.yaml"))
                    .sorted()
                    .toList();
        }
        Library library = LibraryFolder.read(Path.of("mappings"), name -> Optional.empty());
        try (var hub = new Checked(library)) {
            assertThat(Slips.missed(files, SLIPS, 66, String::length, hub::problems))
                    .hasSizeLessThanOrEqualTo(3);
        }
    }

    /** A hub that is never started. */
    private final class Checked implements AutoCloseable {
        private final PGSimpleDataSource nowhere = new PGSimpleDataSource();
        private final InstantSource clock = InstantSource.system();
        private final Inbox inbox = new Inbox(nowhere, clock, 1);
        private final Runs runs = new Runs(nowhere, clock, "check");
        private final CamelHub hub;

        Checked(Library library) {
            var subscribers = new Subscribers();
            var intake = new Intake(inbox, subscribers, Duration.ofMinutes(1), Traces.off(), new Metrics());
            var stores = new Hub.Stores(inbox, new Journal(nowhere, runs, null), null, null, null);
            var services = new Hub(
                    stores,
                    () -> library,
                    intake,
                    subscribers,
                    null,
                    null,
                    new PassedValues(clock),
                    new Metrics(),
                    Traces.off(),
                    clock);
            var settings = Settings.read(Path.of("none"), Map.of(), Map.of("serai.routes", folder.toString()));
            hub = new CamelHub(
                    settings, nowhere, services, new Settlement(runs, null, null, new Metrics(), clock), null);
        }

        List<Problem> problems(Path file, String text) {
            try {
                Files.writeString(folder.resolve("spoiled.camel.yaml"), text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return hub.check();
        }

        @Override
        public void close() {
            runs.close();
            inbox.close();
        }
    }
}
