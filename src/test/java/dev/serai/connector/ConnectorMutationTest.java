package dev.serai.connector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Slips;
import dev.serai.connector.webhook.Webhooks;
import dev.serai.file.FileRefused;
import dev.serai.file.Problem;
import dev.serai.file.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Slips as people make them, put into the connector files we ship. */
class ConnectorMutationTest {
    private static final List<Slips.Slip> SLIPS = List.of(
            Slips.slip(
                    "misspelt key",
                    "(?m)(?<=[{,] |^  |^    )(path|method|class|lookup|query|records|cursor|event|verdict|returns|secret|scheme|type|record)(?=: )",
                    (m, r) -> Slips.swapped(m.group(), r)),
            Slips.slip(
                    "misspelt section",
                    "(?m)^(auth|reads|writes|streams|webhooks|errors|quota|base_url)(?=:)",
                    (m, r) -> Slips.swapped(m.group(), r)),
            Slips.slip(
                    "misspelt class",
                    "(?<=class: )(idempotent|keyed|lookup|once)",
                    (m, r) -> Slips.swapped(m.group(), r)),
            Slips.slip(
                    "misspelt method", "(?<=method: )(POST|PUT|PATCH|DELETE)", (m, r) -> Slips.swapped(m.group(), r)),
            Slips.slip("misspelt verdict", "(?<=verdict: )[a-z_]+", (m, r) -> Slips.swapped(m.group(), r)),
            Slips.slip("dangling lookup", "(?<=lookup: )[a-z_]+", (m, r) -> m.group() + "x"),
            Slips.slip("missing brace", " \\}(?= *(#.*)?\\n)", (m, r) -> ""),
            Slips.slip("missing bracket", "\\](?= ?[,}])", (m, r) -> ""),
            Slips.slip("path without slash", "(?<=path: \"?)/", (m, r) -> ""),
            Slips.slip("open place", "(?<=path: \"[^\"\\n]{0,40}\\{[a-z]{1,20})}(?!})", (m, r) -> ""),
            Slips.slip("wrong type", "(?<=(requests|concurrent|page_size): )\\d+", (m, r) -> "many"),
            Slips.slip("time without unit", "(?<=(per|lookback): )\\d+[a-z]+", (m, r) -> "soon"),
            Slips.slip("key twice", "(?m)^auth: .*\\n", (m, r) -> m.group() + m.group()));

    @Test
    void nineteenOfTwentySlipsAreFoundOnTheirLine() throws IOException {
        List<Path> files;
        try (var found = Files.walk(Path.of("mappings"), 2)) {
            files = found.filter(file -> file.endsWith("connector.yaml"))
                    .sorted()
                    .toList();
        }
        assertThat(Slips.missed(files, SLIPS, 150, text -> text.length(), ConnectorMutationTest::problems))
                .hasSizeLessThanOrEqualTo(7);
    }

    private static List<Problem> problems(Path file, String text) {
        try {
            String system = file.getParent().getFileName().toString();
            Connector connector = Connector.read("f", system, text, name -> Optional.empty());
            var problems = new Problems();
            connector.webhooks().ifPresent(section -> Webhooks.read(section, name -> Optional.empty(), problems));
            return problems.all();
        } catch (FileRefused e) {
            return e.problems();
        }
    }
}
