package dev.serai.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.file.FileRefused;
import dev.serai.file.Problem;
import dev.serai.library.LibraryFolder;
import dev.serai.record.Normalizers;
import dev.serai.record.RecordSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MappingLintTest {

    static List<Path> invalidFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/fixtures/invalid/mapping"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("invalidFiles")
    void anInvalidFileGetsExactlyTheMessageItStates(Path file) throws IOException {
        String yaml = Files.readString(file);
        String expected = yaml.lines().findFirst().orElseThrow().replace("# expect: ", "f:");

        var refused = catchThrowableOfType(FileRefused.class, () -> Mapping.read("f", yaml, name -> Optional.empty()));

        assertThat(refused).as("the file is accepted").isNotNull();
        assertThat(refused.problems()).extracting(Problem::toString).containsExactly(expected);
    }

    @Test
    void theSchemaKnowsExactlyTheNormalizersAndRecordsThereAre() throws IOException {
        JsonNode schema =
                new ObjectMapper().readTree(MappingLintTest.class.getResourceAsStream("/schema/mapping.schema.json"));
        var rules = new ArrayList<String>();
        schema.at("/$defs/field/properties/do/items/enum").forEach(name -> rules.add(name.asText()));
        var records = new ArrayList<String>();
        schema.at("/properties/to/examples").forEach(name -> records.add(name.asText()));

        assertThat(rules).containsExactlyInAnyOrderElementsOf(Normalizers.names());
        assertThat(records).containsExactlyElementsOf(RecordSchemas.names());
    }

    @Test
    void aFolderGivesTheProblemsOfAllItsFilesAndLeavesConnectorsAlone(@TempDir Path dir) throws IOException {
        Path folder = Files.createDirectories(dir.resolve("mappings/shop"));
        Files.writeString(folder.resolve("connector.yaml"), "connector: shop");
        Files.writeString(folder.resolve("a-to-b.yaml"), mapping("shop/b-to-a"));
        Files.writeString(folder.resolve("c-to-d.yaml"), "mapping: [");

        var refused = catchThrowableOfType(
                FileRefused.class, () -> LibraryFolder.read(dir.resolve("mappings"), name -> Optional.empty()));

        assertThat(refused.problems()).hasSize(2);
        assertThat(refused.problems().get(0))
                .hasToString("mappings/shop/a-to-b.yaml:1:1: the file holds mapping \"shop/b-to-a\"; its place says"
                        + " \"shop/a-to-b\": rename one");
        assertThat(refused.problems().get(1).toString()).startsWith("mappings/shop/c-to-d.yaml:");
    }

    @Test
    void whatAnIncludedFileIsGivenButNoFieldOfItUsesIsTold(@TempDir Path dir) throws IOException {
        Path folder = Files.createDirectories(dir.resolve("mappings/x"));
        Files.writeString(folder.resolve("part-to-part.yaml"), """
                mapping: x/part-to-part
                from: any
                parameters: { medium: { default: web, description: M. }, source: { default: s, description: S. } }
                fields: { medium: { from: m, default: "{medium}" }, source: { from: s, default: "{source}" } }
                tests: [ { name: t, given: { m: a }, expect: { medium: a } } ]
                """);
        Files.writeString(folder.resolve("all-to-all.yaml"), """
                mapping: x/all-to-all
                from: any
                include: [ { mapping: x/part-to-part, with: { medium: crm, source: y } } ]
                fields: { medium: { from: own } }
                tests: [ { name: t, given: { own: a }, expect: { medium: a } } ]
                """);

        var refused = catchThrowableOfType(
                FileRefused.class, () -> LibraryFolder.read(dir.resolve("mappings"), name -> Optional.empty()));

        assertThat(refused.problems())
                .extracting(Problem::toString)
                .containsExactly("mappings/x/all-to-all.yaml:3:47: no field that comes from x/part-to-part uses"
                        + " \"medium\"; take it out");
    }

    private static String mapping(String name) {
        return "mapping: " + name + "\nfrom: any\nfields: { a: { from: a } }\n"
                + "tests: [ { name: t, given: { a: 1 }, expect: { a: 1 } } ]\n";
    }
}
