package dev.serai.file;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the name a person probably meant. */
public final class Suggest {
    private static final int MOST_LISTED = 40;

    private Suggest() {}

    /** The known name nearest to {@code given}, when it is near enough to be a slip of the fingers. */
    public static Optional<String> nearest(String given, Collection<String> known) {
        // two swapped letters are two steps apart
        int reach = given.length() < 4 ? 1 : Math.max(2, given.length() / 3);
        var distance = new LevenshteinDistance(reach);
        String lower = given.toLowerCase(java.util.Locale.ROOT);
        return known.stream()
                .filter(name -> distance.apply(lower, name.toLowerCase(java.util.Locale.ROOT)) >= 0)
                .min(Comparator.comparingInt(
                        (String name) -> distance.apply(lower, name.toLowerCase(java.util.Locale.ROOT))));
    }

    /** {@code did you mean "x"?}, or {@code known: a, b, c} when nothing is near and they are few. */
    public static String hint(String given, Collection<String> known) {
        return nearest(given, known)
                .map(name -> "did you mean \"" + name + "\"?")
                .orElseGet(() -> known.isEmpty()
                        ? "none is known"
                        : known.size() > MOST_LISTED
                                ? known.size() + " are known, none like it"
                                : "known: " + known.stream().sorted().collect(Collectors.joining(", ")));
    }
}
