package dev.serai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.cli.Cli;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference in the project is what the code would write today. */
class ReferenceTest {
    @Test
    void everyPageIsAsItIsGenerated(@TempDir Path fresh) throws IOException {
        var out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        assertThat(Cli.execute(out, out, "reference", "--write", fresh.toString()))
                .isZero();
        List<Path> pages;
        try (Stream<Path> found = Files.walk(fresh)) {
            pages = found.filter(Files::isRegularFile).map(fresh::relativize).toList();
        }
        assertThat(pages).hasSizeGreaterThan(5);
        for (Path page : pages) {
            assertThat(page)
                    .as("%s is not as it is generated; run: ./serai reference --write .", page)
                    .hasSameTextualContentAs(fresh.resolve(page));
        }
    }
}
