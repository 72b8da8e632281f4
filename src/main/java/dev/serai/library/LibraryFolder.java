package dev.serai.library;

import dev.serai.connector.Connector;
import dev.serai.connector.SecretAway;
import dev.serai.connector.webhook.Webhooks;
import dev.serai.file.FileRefused;
import dev.serai.file.Place;
import dev.serai.file.Problem;
import dev.serai.file.Problems;
import dev.serai.mapping.Mapping;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Keeps a {@link Library} in step with its folder. A file that is broken changes nothing: its last good version stays
 * until the file is mended or deleted.
 */
public final class LibraryFolder {
    private static final String CONNECTOR = "connector.yaml";

    /** Files of a system that no flow needs: how it is simulated, and how its connector is tried on that. */
    private static final Set<String> FOR_TESTS = Set.of("simulator.yaml", "examples.yaml");

    private final Path folder;
    private final Function<String, Optional<String>> settings;
    private Map<Path, Loaded> loaded = Map.of();
    private volatile Library current = Library.EMPTY;

    /**
     * What a file holds; both null when no version of it was good yet.
     *
     * @param named the files a mapping names, tables and such, with what they held
     */
    private record Loaded(
            String text, Map<String, Optional<String>> named, Mapping mapping, Connector connector, Webhooks door) {
        Loaded withText(String newText, Map<String, Optional<String>> newNamed) {
            return new Loaded(newText, newNamed, mapping, connector, door);
        }
    }

    /** What a look at the folder found. @param changed names of the files that are new, changed or gone */
    public record Reload(List<String> changed, List<Problem> problems) {}

    public LibraryFolder(Path folder, Function<String, Optional<String>> settings) {
        this.folder = folder;
        this.settings = settings;
    }

    /**
     * The folder as it is, once.
     *
     * @throws FileRefused with every problem of every file
     */
    public static Library read(Path folder, Function<String, Optional<String>> settings) {
        var once = new LibraryFolder(folder, settings);
        List<Problem> problems = once.reload().problems();
        if (!problems.isEmpty()) {
            throw new FileRefused(problems);
        }
        return once.current();
    }

    public Library current() {
        return current;
    }

    /** Reads what has changed since the last call and swaps the snapshot. */
    public synchronized Reload reload() {
        var changed = new ArrayList<String>();
        var problems = new Problems();
        var next = new HashMap<Path, Loaded>();
        for (Path file : files(folder)) {
            String shown = folder.getFileName() + "/" + folder.relativize(file);
            Loaded before = loaded.get(file);
            try {
                String text = Files.readString(file);
                if (before != null && before.text.equals(text) && sameAsBefore(before.named)) {
                    next.put(file, before);
                    continue;
                }
                changed.add(shown);
                var named = new HashMap<String, Optional<String>>();
                next.put(
                        file,
                        before == null ? new Loaded(text, named, null, null, null) : before.withText(text, named));
                next.put(file, read(file, shown, text, named));
            } catch (FileRefused e) {
                problems.addAll(e.problems());
            } catch (SecretAway e) {
                // read again at the next look
                next.compute(file, (same, half) -> before);
                problems.add(new Problem(Place.whole(shown), e.getMessage()));
            } catch (CharacterCodingException e) {
                stays(file, before, next);
                problems.add(new Problem(Place.whole(shown), "the file is not UTF-8"));
            } catch (IOException e) {
                stays(file, before, next);
                problems.add(new Problem(Place.whole(shown), "the file can't be read: " + e.getMessage()));
            } catch (RuntimeException e) {
                // whatever it is, it is about this file and holds up no other
                stays(file, before, next);
                problems.add(new Problem(Place.whole(shown), "can't be taken: " + e));
            }
        }
        loaded.keySet().stream()
                .filter(file -> !next.containsKey(file))
                .forEach(file -> changed.add(folder.getFileName() + "/" + folder.relativize(file)));
        loaded = next;
        if (!changed.isEmpty()) {
            current = snapshot();
        }
        return new Reload(List.copyOf(changed), problems.all());
    }

    private static void stays(Path file, Loaded before, Map<Path, Loaded> next) {
        if (before != null) {
            next.putIfAbsent(file, before);
        }
    }

    private boolean sameAsBefore(Map<String, Optional<String>> named) {
        return named.entrySet().stream().allMatch(file -> MappingSurroundings.read(folder, file.getKey())
                .equals(file.getValue()));
    }

    private Loaded read(Path file, String shown, String text, Map<String, Optional<String>> named) {
        String system = file.getParent().getFileName().toString();
        if (!file.getFileName().toString().equals(CONNECTOR)) {
            Mapping mapping = Mapping.read(shown, text, new MappingSurroundings(folder, settings, named));
            String expected = system + "/" + file.getFileName().toString().replaceFirst("\\.yaml$", "");
            if (!mapping.name().equals(expected)) {
                throw new FileRefused(List.of(new Problem(
                        new Place(shown, 1, 1),
                        "the file holds mapping \"" + mapping.name() + "\"; its place says \"" + expected
                                + "\": rename one")));
            }
            return new Loaded(text, named, mapping, null, null);
        }
        Connector connector = Connector.read(
                shown,
                system,
                text,
                settings::apply,
                name -> named.computeIfAbsent(
                        name + "/" + CONNECTOR, other -> MappingSurroundings.read(folder, other)));
        var problems = new Problems();
        Optional<Webhooks> door = connector.webhooks().flatMap(section -> Webhooks.read(section, settings, problems));
        problems.throwIfAny();
        return new Loaded(text, named, null, connector, door.orElse(null));
    }

    private Library snapshot() {
        var mappings = new TreeMap<String, Mapping>();
        var connectors = new TreeMap<String, Connector>();
        var doors = new TreeMap<String, Webhooks>();
        loaded.values().forEach(file -> {
            if (file.mapping != null) {
                mappings.put(file.mapping.name(), file.mapping);
                file.mapping.reversed().ifPresent(back -> mappings.putIfAbsent(back.name(), back));
            }
            if (file.connector != null) {
                connectors.put(file.connector.name(), file.connector);
            }
            if (file.door != null) {
                doors.put(file.connector.name(), file.door);
            }
        });
        return new Library(mappings, connectors, doors);
    }

    /** The mapping files of a folder of systems, {@code <folder>/<system>/*.yaml}, in the order of their names. */
    public static List<Path> mappings(Path folder) {
        return files(folder).stream()
                .filter(file -> !file.getFileName().toString().equals(CONNECTOR))
                .toList();
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder, 2)) {
            return files.filter(f -> folder.relativize(f).getNameCount() == 2)
                    .filter(f -> f.getFileName().toString().endsWith(".yaml"))
                    .filter(f -> !FOR_TESTS.contains(f.getFileName().toString()))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read the folder " + folder, e);
        }
    }
}
