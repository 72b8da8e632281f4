package dev.serai.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.file.Problem;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExampleLintTest {
    @Test
    void secretsAndAddressesOfPeopleAreFoundInExamples() {
        // put together here, so that nobody's scanner takes them for real
        String secret = "sk_" + "live_" + "0123456789abcdef";

        assertThat(problems("tests: [ { given: { a: \"key " + secret + "\", b: [ ada@gmail.com ] } } ]"))
                .extracting(Problem::toString)
                .containsExactly(
                        "f:1:24: the example holds what looks like a Stripe key; withdraw it, and write one nobody uses",
                        "f:1:61: the example holds an e-mail address at gmail.com, which may be somebody's; write one at"
                                + " example.com");
    }

    @Test
    void addressesKeptForExamplesAreLeftAlone() {
        assertThat(
                        problems(
                                "tests: [ { given: { a: ada@example.com, b: b@mail.Example.org, c: c@d.test, e: f@g.example, h: i@j } } ]"))
                .isEmpty();
    }

    @Test
    void nothingWeShipHoldsAny() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("mappings"), 2)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
                assertThat(problems(Files.readString(file))).as(file.toString()).isEmpty();
            }
        }
    }

    private static List<Problem> problems(String yaml) {
        var problems = new Problems();
        ExampleLint.check(Yaml.read("f", yaml), problems);
        return problems.all();
    }
}
