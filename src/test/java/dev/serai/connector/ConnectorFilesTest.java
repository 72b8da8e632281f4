package dev.serai.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.file.FileRefused;
import dev.serai.file.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every shipped connector file is read; every file in {@code fixtures/invalid/connector} is refused as its first lines say. */
class ConnectorFilesTest {
    private static final String EXPECT = "# expect: ";

    static Stream<Path> shipped() throws IOException {
        try (var folders = Files.list(Path.of("mappings"))) {
            return folders
                    .map(folder -> folder.resolve("connector.yaml"))
                    .filter(Files::exists)
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    static Stream<Path> invalid() throws IOException {
        try (var files = Files.list(Path.of("src/test/resources/fixtures/invalid/connector"))) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void aShippedFileIsReadWithoutAnySetting(Path file) {
        String folder = file.getParent().getFileName().toString();
        assertThatCode(() -> Connector.read(file.toString(), folder, Files.readString(file), name -> Optional.empty()))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void anInvalidFileIsRefusedWithTheProblemsItStates(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<String> expected = lines.stream()
                .filter(line -> line.startsWith(EXPECT))
                .map(line -> line.substring(EXPECT.length()))
                .toList();

        var refused = catchThrowableOfType(
                FileRefused.class,
                () -> Connector.read("f", "shop", String.join("\n", lines) + "\n", name -> Optional.empty()));

        assertThat(refused).as("the file is taken").isNotNull();
        assertThat(refused.problems().stream().map(Problem::toString).collect(Collectors.toList()))
                .isEqualTo(expected.stream()
                        .map(problem -> problem.matches("\\d+:.*") ? "f:" + problem : "f: " + problem)
                        .toList());
    }

    /** The schema is also the reference and what an editor shows. */
    @Test
    void everyFieldOfTheSchemaIsDescribed() throws IOException {
        var undescribed = new ArrayList<String>();
        JsonNode schema = new ObjectMapper().readTree(getClass().getResourceAsStream("/schema/connector.schema.json"));
        collect(schema, "", undescribed, schema);
        assertThat(undescribed).isEmpty();
    }

    private static void collect(JsonNode at, String path, List<String> undescribed, JsonNode schema) {
        for (var field : at.path("properties").properties()) {
            JsonNode target = field.getValue().has("$ref")
                    ? schema.at(field.getValue().get("$ref").asText().substring(1))
                    : field.getValue();
            if (!target.has("description") && !target.has("const")) {
                undescribed.add(path + "/" + field.getKey());
            }
        }
        for (var field : at.properties()) {
            collect(field.getValue(), path + "/" + field.getKey(), undescribed, schema);
        }
        for (int i = 0; at.isArray() && i < at.size(); i++) {
            collect(at.get(i), path + "/" + i, undescribed, schema);
        }
    }
}
