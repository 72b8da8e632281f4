package dev.serai.library;

import dev.serai.mapping.Surroundings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The settings and the folder of mappings as a mapping file sees them.
 *
 * @param named is told each file that was asked for, and what it held
 */
public record MappingSurroundings(
        Path folder, Function<String, Optional<String>> settings, Map<String, Optional<String>> named)
        implements Surroundings {

    public MappingSurroundings(Path folder, Function<String, Optional<String>> settings) {
        this(folder, settings, new HashMap<>());
    }

    @Override
    public Optional<String> setting(String name) {
        return settings.apply(name);
    }

    @Override
    public Optional<String> file(String path) {
        return named.computeIfAbsent(path, file -> read(folder, file));
    }

    /** The text of a file below the folder, never beyond it; empty when there is none. */
    static Optional<String> read(Path folder, String path) {
        Path file = folder.resolve(path).normalize();
        if (!file.startsWith(folder.normalize()) || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
