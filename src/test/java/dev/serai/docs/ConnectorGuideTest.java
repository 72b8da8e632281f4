package dev.serai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.connector.Connector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The files of the guide are real ones, and show every word that a read, a write and a stream may use. */
class ConnectorGuideTest {
    private static final Pattern FILE = Pattern.compile("```yaml\n(connector: ([a-z-]+)\n.*?)```", Pattern.DOTALL);
    private static final List<String> PARTS = List.of(
            "read",
            "write",
            "stream",
            "batch",
            "batch_list",
            "accepted",
            "upsert",
            "pagination",
            "cursor",
            "event",
            "error");

    @Test
    void everyFileOfTheGuideIsTaken() throws IOException {
        List<MatchResult> files = FILE.matcher(guide()).results().toList();

        assertThat(files).hasSizeGreaterThan(7);
        for (MatchResult file : files) {
            Connector connector = Connector.read(
                    file.group(2),
                    file.group(2),
                    file.group(1),
                    name -> Optional.empty(),
                    other -> Optional.of(extended(other, files)));
            assertThat(connector.operations()).isNotEmpty();
        }
    }

    /** A shipped file, or one of the guide's. */
    private static String extended(String name, List<MatchResult> files) {
        Path shipped = Path.of("mappings", name, "connector.yaml");
        try {
            return Files.exists(shipped)
                    ? Files.readString(shipped)
                    : files.stream()
                            .filter(file -> file.group(2).equals(name))
                            .findFirst()
                            .orElseThrow()
                            .group(1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void theGuideShowsEveryKeyOfThem() throws IOException {
        JsonNode schema = new ObjectMapper()
                .readTree(ConnectorGuideTest.class.getResourceAsStream("/schema/connector.schema.json"));
        var lacking = new TreeSet<String>();
        for (String part : PARTS) {
            schema.at("/$defs/" + part + "/properties").fieldNames().forEachRemaining(lacking::add);
        }
        assertThat(lacking).hasSizeGreaterThan(50);
        String guide = guide();
        lacking.removeIf(key -> guide.contains(key + ":"));

        assertThat(lacking).as("told on other pages").containsOnly("breaker", "quota");
    }

    private static String guide() throws IOException {
        return Files.readString(Path.of("docs/connectors.md"));
    }
}
