package dev.serai.mapping;

import dev.serai.file.FileRefused;
import dev.serai.file.Place;
import dev.serai.file.Problem;
import dev.serai.file.Problems;
import dev.serai.file.Suggest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** The mappings of a folder, by name. Immutable: a reload makes another one and swaps it. */
public final class Mappings {
    private final Map<String, Mapping> byName;

    private Mappings(Map<String, Mapping> byName) {
        this.byName = byName;
    }

    /**
     * Reads {@code <dir>/<system>/<name>.yaml}, all but {@code connector.yaml}, and runs their tests.
     *
     * @param dir the folder {@code mappings}; its own name begins the file names in messages
     * @throws FileRefused with every problem of every file
     */
    public static Mappings readAll(Path dir, Function<String, Optional<String>> settings) {
        var problems = new Problems();
        var byName = new TreeMap<String, Mapping>();
        for (Path file : files(dir)) {
            String name = nameOf(dir, file);
            String shown = dir.getFileName() + "/" + name + ".yaml";
            try {
                Mapping mapping = Mapping.read(shown, Files.readString(file), settings);
                if (!mapping.name().equals(name)) {
                    problems.add(new Problem(
                            new Place(shown, 1, 1),
                            "the file holds mapping \"" + mapping.name() + "\"; its place says \"" + name
                                    + "\": rename one"));
                }
                byName.put(name, mapping);
            } catch (FileRefused e) {
                problems.addAll(e.problems());
            } catch (CharacterCodingException e) {
                problems.add(new Problem(Place.whole(shown), "the file is not UTF-8"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        problems.throwIfAny();
        return new Mappings(Map.copyOf(byName));
    }

    private static List<Path> files(Path dir) {
        try (Stream<Path> found = Files.walk(dir, 2)) {
            return found.filter(file -> dir.relativize(file).getNameCount() == 2)
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.getFileName().toString().equals("connector.yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String nameOf(Path dir, Path file) {
        String path = dir.relativize(file).toString().replace('\\', '/');
        return path.substring(0, path.length() - ".yaml".length());
    }

    public Optional<Mapping> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** @throws IllegalArgumentException with the nearest name when there is none of that name */
    public Mapping get(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "mapping \"" + name + "\" does not exist; " + Suggest.hint(name, names())));
    }

    public Set<String> names() {
        return byName.keySet();
    }
}
