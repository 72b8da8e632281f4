package dev.serai.file;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong in a file, so that a person sees all of it at once. */
public final class Problems {
    private final List<Problem> found = new ArrayList<>();

    /** Notes a problem with the value that stands at {@code at}. */
    public void add(Yaml at, String text) {
        found.add(at.problem(at.place(), text));
    }

    /** Notes a problem with the key {@code key} of the map {@code map}; with the map itself when it lacks the key. */
    public void addAtKey(Yaml map, String key, String text) {
        found.add(map.problem(map.keyPlace(key), text));
    }

    public void add(Problem problem) {
        found.add(problem);
    }

    public void addAll(List<Problem> problems) {
        found.addAll(problems);
    }

    public boolean any() {
        return !found.isEmpty();
    }

    /** In the order of the file. */
    public List<Problem> all() {
        return found.stream()
                .sorted(Comparator.comparing((Problem p) -> p.place().file())
                        .thenComparing(p -> p.place().line())
                        .thenComparing(p -> p.place().column()))
                .distinct()
                .toList();
    }

    /** @throws FileRefused when anything was noted */
    public void throwIfAny() {
        if (any()) {
            throw new FileRefused(all());
        }
    }
}
