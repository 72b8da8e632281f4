package dev.serai.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Slips;
import dev.serai.Slips.Slip;
import dev.serai.file.FileRefused;
import dev.serai.file.Problem;
import dev.serai.library.MappingSurroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Slips as people make them, put into the files we ship: the lint must find them, on their line. */
class MappingMutationTest {
    private static final Path MAPPINGS = Path.of("mappings");

    private static final List<Slip> SLIPS = List.of(
            Slips.slip(
                    "misspelt key",
                    "(?<=[{,] )(from|value|expr|table|when|default|required|invalid|region)(?=: )",
                    (m, r) -> Slips.swapped(m.group(), r)),
            Slips.slip(
                    "misspelt normalizer",
                    "(?<=do: \\[)(lower|squeeze|timestamp|string|number|e164|country)",
                    (m, r) -> Slips.swapped(m.group(), r)),
            Slips.slip("missing bracket", "\\](?= ?[,}])", (m, r) -> ""),
            Slips.slip("missing brace", " \\}(?=\\s*\\n  \\w)", (m, r) -> ""),
            Slips.slip("wrong type", "(?<=required: )true", (m, r) -> "[yes]"),
            Slips.slip("unknown function", "(?<=expr: ['\"(]?)(if|\\[for|fallback|join)(?= ?\\()", (m, r) -> "fro"),
            Slips.slip("wrong indentation", "(?m)^  (?=\\w+: +\\{)", (m, r) -> " "),
            Slips.slip("tab", "(?m)^  (?=\\w+: +\\{)", (m, r) -> "\t"),
            Slips.slip("misspelt record", "(?m)(?<=^to: )\\w+$", (m, r) -> Slips.swapped(m.group(), r)),
            Slips.slip("dangling reference", "(?<=include:\n  - \\{ mapping: )[a-z/-]+", (m, r) -> m.group() + "x"),
            Slips.slip("key twice", "(?m)^  source: .*\n", (m, r) -> m.group() + m.group()),
            Slips.slip(
                    "misspelt top key",
                    "(?m)^(fields|tests|from|description)(?=:)",
                    (m, r) -> Slips.swapped(m.group(), r)));

    @Test
    void nineteenOfTwentySlipsAreFoundOnTheirLine() throws IOException {
        List<String> missed =
                Slips.missed(files(), SLIPS, 300, MappingMutationTest::endOfRules, MappingMutationTest::problems);

        assertThat(missed).as("missed").hasSizeLessThanOrEqualTo(15);
    }

    private static int endOfRules(String text) {
        int tests = text.indexOf("\ntests:");
        return tests < 0 ? text.length() : tests + 8;
    }

    private static List<Problem> problems(Path file, String yaml) {
        try {
            Mapping.read("f", yaml, new MappingSurroundings(MAPPINGS, name -> Optional.empty()));
            return List.of();
        } catch (FileRefused e) {
            return e.problems();
        }
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> found = Files.walk(MAPPINGS, 2)) {
            return found.filter(file -> file.toString().matches(".*-to-.*\\.yaml"))
                    .sorted()
                    .toList();
        }
    }
}
