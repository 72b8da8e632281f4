package dev.serai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Who may import whom. {@code java.sql.SQLException} is a word everyone next to the store may say; connections and
 * statements are the store's alone. {@code cli} may use {@code route} for lint, which is the very code that runs at start.
 */
class LayoutTest {
    private static final Path MAIN = Path.of("src/main/java");
    private static final Set<String> PURE =
            Set.of("file", "record", "drift", "alert", "mapping", "connector", "run", "library", "oidc");
    private static final int LONGEST_FILE = 350;

    /** What commands about a hub may know: its API, and plain values of flags and files. */
    private static final String[] OF_HUB_COMMANDS = {
        "dev.serai.api.",
        "dev.serai.config.",
        "dev.serai.file.",
        "dev.serai.run.",
        "dev.serai.alert.",
        // what the API told, as files
        "dev.serai.cli.capsule.CapsuleFolder"
    };

    /** Of the command line, those that are about a database or about files, by their nature; and the way to the API. The demo
     * is a hub of its own. */
    private static final Set<String> BY_THE_DATABASE =
            Set.of("InProcess.java", "LocalStore.java", "CredentialCommands.java", "DiffCommand.java");

    /** A line {@code import what;} of a file in a room; the room of {@code Serai} and {@code Wiring} is "". */
    private record Import(Path file, String room, String what) {
        boolean of(String... prefixes) {
            return Stream.of(prefixes).anyMatch(what::startsWith);
        }
    }

    @Test
    void pureRoomsKnowNeitherCamelNorSqlNorTheServer() throws IOException {
        assertThat(imports(i -> PURE.contains(i.room)
                        && i.of("org.apache.camel.", "java.sql.", "javax.sql.", "io.vertx.", "dev.serai.store.")))
                .isEmpty();
    }

    @Test
    void onlyTheStoreSpeaksSql() throws IOException {
        assertThat(imports(
                        i -> !i.room.equals("store") && i.of("java.sql.") && !i.what.equals("java.sql.SQLException")))
                .isEmpty();
        assertThat(imports(i -> !Set.of("", "store", "route", "api").contains(i.room) && i.of("javax.sql.")))
                .isEmpty();
    }

    @Test
    void onlyTheRouteRoomAndTheStartKnowCamelAndItsServer() throws IOException {
        Set<String> allowed = Set.of("", "route");
        assertThat(imports(i -> !allowed.contains(i.room) && i.of("org.apache.camel.")))
                .isEmpty();
        assertThat(imports(i -> !allowed.contains(i.room) && !i.room.equals("simulator") && i.of("io.vertx.")))
                .isEmpty();
    }

    @Test
    void nobodyButTheStartAndTheLintCallsRoutesAndOnlyCommandsCallTheSimulator() throws IOException {
        assertThat(imports(i -> !Set.of("", "cli", "route").contains(i.room) && i.of("dev.serai.route.")))
                .isEmpty();
        assertThat(imports(i -> !Set.of("cli", "simulator").contains(i.room) && i.of("dev.serai.simulator.")))
                .isEmpty();
        assertThat(imports(i -> i.of("dev.serai.Wiring") && !Set.of("", "cli").contains(i.room)))
                .isEmpty();
    }

    @Test
    void theConsoleShowsWhatTheApiSaysAndKnowsOfTheStoreOnlyWhoIsLoggedIn() throws IOException {
        assertThat(imports(i -> i.room.equals("console")
                        && i.of("dev.serai.")
                        && !i.of(
                                "dev.serai.api.",
                                "dev.serai.oidc.",
                                "dev.serai.store.ApiTokens",
                                "dev.serai.store.ConsoleSessions")))
                .isEmpty();
    }

    @Test
    void commandsAboutAHubKnowItsApiAndNothingElseOfIt() throws IOException {
        assertThat(imports(i -> i.room.equals("cli")
                        && i.of("dev.serai.store.", "dev.serai.facts.")
                        // a hub of their own
                        && !i.file.getParent().endsWith("demo")
                        && !i.file.getParent().endsWith("capsule")
                        && !BY_THE_DATABASE.contains(i.file.getFileName().toString())))
                .isEmpty();
        var hubCommands = new ArrayList<Path>();
        for (Path file : sources()) {
            if (Files.readString(file).matches("(?s).* extends (Hub|List|Show)Command .*")) {
                hubCommands.add(file);
            }
        }
        assertThat(hubCommands).hasSizeGreaterThan(20);
        assertThat(imports(i -> hubCommands.contains(i.file) && i.of("dev.serai.") && !i.of(OF_HUB_COMMANDS)))
                .isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsForAndNoFileIsLong() throws IOException {
        for (Path file : sources()) {
            if (!room(file).isEmpty()) {
                assertThat(file.resolveSibling("package-info.java")).exists();
            }
            assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThanOrEqualTo(LONGEST_FILE);
        }
    }

    @Test
    void nothingEndsTheProcessButTheCommandLine() throws IOException {
        for (Path file : sources()) {
            if (!Set.of("", "cli").contains(room(file))) {
                assertThat(Files.readString(file)).as(file.toString()).doesNotContain("System.exit", ".halt(");
            }
        }
        assertThat(getClass().getResource("/META-INF/services/org/apache/camel/cli-connector-factory"))
                .as("camel-cli-connector writes to the home folder and ends the process with a scratch context")
                .isNull();
    }

    private static List<Import> imports(Predicate<Import> wanted) throws IOException {
        var found = new ArrayList<Import>();
        for (Path file : sources()) {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith("import ")) {
                    String what = line.replaceFirst("import (static )?", "").replace(";", "");
                    found.add(new Import(file, room(file), what));
                }
            }
        }
        assertThat(found).hasSizeGreaterThan(100);
        return found.stream().filter(wanted).toList();
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(MAIN)) {
            return files.filter(f -> f.toString().endsWith(".java")).toList();
        }
    }

    /** {@code connector} for {@code dev/serai/connector/webhook/X.java}. */
    private static String room(Path file) {
        Path below = MAIN.resolve("dev/serai").relativize(file);
        return below.getNameCount() == 1 ? "" : below.getName(0).toString();
    }
}
