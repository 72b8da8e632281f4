package dev.serai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.file.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Slips as people make them, put into good files: what is told of each must stand on its line. */
public final class Slips {
    private Slips() {}

    /** A kind of slip: what is replaced, by what. */
    public record Slip(String name, Pattern where, BiFunction<Matcher, Random, String> by) {}

    public static Slip slip(String name, String where, BiFunction<Matcher, Random, String> by) {
        return new Slip(name, Pattern.compile(where), by);
    }

    /** Two letters change places. */
    public static String swapped(String word, Random random) {
        int at = 1 + random.nextInt(Math.max(1, word.length() - 2));
        char[] letters = word.toCharArray();
        char first = letters[at - 1];
        letters[at - 1] = letters[at];
        letters[at] = first;
        String mixed = new String(letters);
        return mixed.equals(word) ? word + "x" : mixed;
    }

    /**
     * Makes so many slips, each in a file of its own, and names those that are not found.
     *
     * @param end up to where a file is spoiled
     * @param problems what is told of a file with this text
     */
    public static List<String> missed(
            List<Path> files,
            List<Slip> slips,
            int many,
            ToIntFunction<String> end,
            BiFunction<Path, String, List<Problem>> problems)
            throws IOException {
        var random = new Random(17);
        var missed = new ArrayList<String>();
        int made = 0;
        for (int i = 0; made < many && i < 100 * many; i++) {
            Path file = files.get(random.nextInt(files.size()));
            Slip slip = slips.get(i % slips.size());
            String good = Files.readString(file);
            var spots = new ArrayList<Integer>();
            Matcher matcher = slip.where.matcher(good);
            while (matcher.find()) {
                if (matcher.start() < end.applyAsInt(good)) {
                    spots.add(matcher.start());
                }
            }
            if (spots.isEmpty()) {
                continue;
            }
            made++;
            matcher.find(spots.get(random.nextInt(spots.size())));
            String bad =
                    good.substring(0, matcher.start()) + slip.by.apply(matcher, random) + good.substring(matcher.end());
            long line = good.substring(0, matcher.start()).lines().count();
            if (!foundNear(problems.apply(file, bad), line)) {
                missed.add(slip.name + " in " + file + ":" + line);
            }
        }
        assertThat(made).isEqualTo(many);
        return missed;
    }

    /** On the line, or on the next, where a parser notices that something was not closed. */
    private static boolean foundNear(List<Problem> problems, long line) {
        return problems.stream()
                .mapToInt(problem -> problem.place().line())
                .anyMatch(at -> at == 0 || at == 1 || at >= line - 1 && at <= line + 2);
    }
}
