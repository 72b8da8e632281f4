package dev.serai.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the systems that can be simulated: folders with a {@code simulator.yaml}. */
final class VendorNames {
    private VendorNames() {}

    /** @param systems {@code mappings/}; without such a folder nothing is simulated */
    static Set<String> in(Path systems) {
        if (!Files.isDirectory(systems)) {
            return Set.of();
        }
        try (Stream<Path> folders = Files.list(systems)) {
            return folders.filter(folder -> Files.isRegularFile(folder.resolve(VendorFile.NAME)))
                    .map(folder -> folder.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read the folder " + systems, e);
        }
    }
}
