package dev.serai.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.file.FileRefused;
import dev.serai.library.MappingSurroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Slips as people make them, put into the files we ship: the lint must find them, on their line. */
class MappingMutationTest {
    private static final Path MAPPINGS = Path.of("mappings");

    /** A kind of slip: what is replaced, by what. */
    private record Slip(String name, Pattern where, BiFunction<Matcher, Random, String> by) {}

    private static final List<Slip> SLIPS = List.of(
            slip(
                    "misspelt key",
                    "(?<=[{,] )(from|value|expr|table|when|default|required|invalid|region)(?=: )",
                    (m, r) -> swapped(m.group(), r)),
            slip(
                    "misspelt normalizer",
                    "(?<=do: \\[)(lower|squeeze|timestamp|string|number|e164|country)",
                    (m, r) -> swapped(m.group(), r)),
            slip("missing bracket", "\\](?= ?[,}])", (m, r) -> ""),
            slip("missing brace", " \\}(?=\\s*\\n  \\w)", (m, r) -> ""),
            slip("wrong type", "(?<=required: )true", (m, r) -> "[yes]"),
            slip("unknown function", "(?<=expr: ['\"(]?)(if|\\[for|fallback|join)(?= ?\\()", (m, r) -> "fro"),
            slip("wrong indentation", "(?m)^  (?=\\w+: +\\{)", (m, r) -> " "),
            slip("tab", "(?m)^  (?=\\w+: +\\{)", (m, r) -> "\t"),
            slip("misspelt record", "(?m)(?<=^to: )\\w+$", (m, r) -> swapped(m.group(), r)),
            slip("dangling reference", "(?<=include:\n  - \\{ mapping: )[a-z/-]+", (m, r) -> m.group() + "x"),
            slip("key twice", "(?m)^  source: .*\n", (m, r) -> m.group() + m.group()),
            slip("misspelt top key", "(?m)^(fields|tests|from|description)(?=:)", (m, r) -> swapped(m.group(), r)));

    private static Slip slip(String name, String where, BiFunction<Matcher, Random, String> by) {
        return new Slip(name, Pattern.compile(where), by);
    }

    /** Two letters change places. */
    private static String swapped(String word, Random random) {
        int at = 1 + random.nextInt(Math.max(1, word.length() - 2));
        char[] letters = word.toCharArray();
        char first = letters[at - 1];
        letters[at - 1] = letters[at];
        letters[at] = first;
        String mixed = new String(letters);
        return mixed.equals(word) ? word + "x" : mixed;
    }

    @Test
    void nineteenOfTwentySlipsAreFoundOnTheirLine() throws IOException {
        var random = new Random(17);
        List<Path> files = files();
        var missed = new ArrayList<String>();
        int made = 0;
        for (int i = 0; made < 300 && i < 20_000; i++) {
            Path file = files.get(random.nextInt(files.size()));
            Slip slip = SLIPS.get(i % SLIPS.size());
            String good = Files.readString(file);
            Optional<int[]> spot = spot(slip, good, random);
            if (spot.isEmpty()) {
                continue;
            }
            made++;
            Matcher matcher = slip.where.matcher(good);
            matcher.find(spot.get()[0]);
            String by = slip.by.apply(matcher, random);
            String bad = good.substring(0, matcher.start()) + by + good.substring(matcher.end());
            long line = good.substring(0, matcher.start()).lines().count();
            if (!foundNear(bad, line)) {
                missed.add(slip.name + " in " + file + ":" + line);
            }
        }
        assertThat(made).isEqualTo(300);
        assertThat(missed).as("missed").hasSizeLessThanOrEqualTo(15);
    }

    private static Optional<int[]> spot(Slip slip, String text, Random random) {
        var spots = new ArrayList<Integer>();
        Matcher matcher = slip.where.matcher(text);
        int tests = text.indexOf("\ntests:");
        while (matcher.find()) {
            if (tests < 0 || matcher.start() < tests + 8) {
                spots.add(matcher.start());
            }
        }
        return spots.isEmpty() ? Optional.empty() : Optional.of(new int[] {spots.get(random.nextInt(spots.size()))});
    }

    /** On the line, or on the next, where a parser notices that something was not closed. */
    private static boolean foundNear(String yaml, long line) {
        try {
            Mapping.read("f", yaml, new MappingSurroundings(MAPPINGS, name -> Optional.empty()));
            return false;
        } catch (FileRefused e) {
            return e.problems().stream()
                    .mapToInt(problem -> problem.place().line())
                    .anyMatch(at -> at == 0 || at == 1 || at >= line - 1 && at <= line + 2);
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
