package dev.serai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.cli.CommandLines;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every command in a page is one the command line takes, flags and all. */
class CommandsTest {
    /** Instead of running a command, its words are printed, one a line; an empty line ends it. */
    private static final String INSTEAD = """
            words() { printf '%s\\n' "$@"; echo; }
            """;

    private static final List<String> GOALS = List.of("verify", "test", "package", "spotless:apply");

    @TestFactory
    Stream<DynamicTest> everyCommandIsTaken() {
        return blocks("words")
                .map(block -> DynamicTest.dynamicTest(block.place(), () -> {
                    String script =
                            block.text().replace("./serai", "words serai").replace("./mvnw", "words mvnw");
                    Bash.Result said = Bash.run(Path.of("").toAbsolutePath(), INSTEAD + script);
                    assertThat(said.exit()).as(said.out()).isZero();
                    assertThat(said.out()).isNotBlank();
                    for (String command : said.out().split("\n\n")) {
                        check(command.strip().lines().toList());
                    }
                }));
    }

    private static void check(List<String> words) {
        List<String> arguments = words.subList(1, words.size());
        if (words.get(0).equals("serai")) {
            assertThat(CommandLines.complaint(arguments))
                    .as("serai %s", arguments)
                    .isEmpty();
        } else {
            assertThat(words.get(0)).isEqualTo("mvnw");
            assertThat(arguments.stream().filter(word -> !word.startsWith("-")))
                    .isNotEmpty()
                    .isSubsetOf(GOALS);
        }
    }

    @Test
    void noBlockIsLeftUnchecked() {
        for (Page page : Page.ours()) {
            for (Page.Block block : page.blocks()) {
                List<String> markers =
                        switch (block.language()) {
                            case "sh" -> List.of("run", "words");
                            case "yaml", "properties" -> List.of("file", "mapping", "connector");
                            case "json" -> List.of("answer");
                            case "text", "" -> List.of("");
                            default -> List.of();
                        };
                assertThat(markers)
                        .as("%s: ```%s", block.place(), block.language())
                        .contains(block.marker());
                boolean followed = page.file().equals(Path.of("README.md"));
                assertThat(followed || !List.of("run", "file", "answer").contains(block.marker()))
                        .as("%s: only the README is followed step by step", block.place())
                        .isTrue();
            }
        }
    }

    @Test
    void aWrongFlagWouldBeNoticed() {
        assertThat(CommandLines.complaint(List.of("runs", "list", "--flwo", "x")))
                .isPresent();
        assertThat(CommandLines.complaint(List.of("runz"))).isPresent();
    }

    private static Stream<Page.Block> blocks(String... markers) {
        return Page.ours().stream().flatMap(page -> page.blocks().stream()).filter(block -> Arrays.asList(markers)
                .contains(block.marker()));
    }
}
