package dev.serai.cli;

import static dev.serai.cli.Called.serai;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is right is let alone: no false alarm in good files of every kind. */
class ValidFilesTest {
    private static final Path VALID = Path.of("src/test/resources/fixtures/valid");

    @TempDir
    private Path folder;

    @Test
    void goodFilesOfEveryKindHaveNoMessage() {
        Called lint = serai(
                Map.of(
                        "serai.mappings", VALID.resolve("mappings").toString(),
                        "serai.routes", VALID.resolve("routes").toString()),
                "lint");

        assertThat(lint.out()).startsWith("No problems in ").hasLineCount(1);
        assertThat(lint.code()).isZero();
    }

    @Test
    void aSharedTableNobodyUsesIsTold() throws Exception {
        Path tables = Files.createDirectories(folder.resolve("mappings/crm/tables"));
        Files.writeString(tables.resolve("stage.yaml"), "table: crm/stage\nentries: { L: lead }\n");

        Called lint = serai(
                Map.of("serai.mappings", folder.resolve("mappings").toString(), "serai.routes", "routes"), "lint");

        assertThat(lint.out())
                .contains("mappings/crm/tables/stage.yaml:1:1: no mapping uses table \"crm/stage\"; write table:"
                        + " crm/stage, or delete the file");
    }
}
