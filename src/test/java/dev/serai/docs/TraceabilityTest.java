package dev.serai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every proof that is named exists. (That its links lead somewhere is {@link PagesTest}'s.) */
class TraceabilityTest {
    private static final Pattern PROOF = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");

    @Test
    void everyTestThatIsNamedAsAProofExists() throws IOException {
        Map<String, String> tests = tests();
        var proofs = PROOF.matcher(Page.read("docs/traceability.md").text())
                .results()
                .toList();
        assertThat(proofs).hasSizeGreaterThan(50);
        for (MatchResult proof : proofs) {
            assertThat(tests).as(proof.group()).containsKey(proof.group(1));
            if (proof.group(2) != null) {
                assertThat(tests.get(proof.group(1))).as(proof.group()).contains(" " + proof.group(2) + "(");
            }
        }
    }

    /** The texts of all test classes by name. */
    private static Map<String, String> tests() throws IOException {
        var tests = new HashMap<String, String>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith("Test.java")).toList()) {
                tests.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
            }
        }
        return tests;
    }
}
