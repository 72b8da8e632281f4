package dev.serai.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the vendors' files, in the jar or in a folder of classes. */
final class VendorNames {
    private static final String FOLDER = "simulator/";
    private static final String SUFFIX = ".yaml";

    private VendorNames() {}

    static Set<String> all() {
        URL folder = VendorNames.class.getResource("/" + FOLDER);
        try {
            return folder.openConnection() instanceof JarURLConnection jar ? in(jar) : in(Path.of(folder.toURI()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> in(JarURLConnection connection) throws IOException {
        connection.setUseCaches(false);
        try (var jar = connection.getJarFile()) {
            return names(jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith(FOLDER))
                    .map(name -> name.substring(FOLDER.length())));
        }
    }

    private static Set<String> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return names(files.map(file -> file.getFileName().toString()));
        }
    }

    private static Set<String> names(Stream<String> files) {
        return files.filter(file -> file.endsWith(SUFFIX))
                .map(file -> file.substring(0, file.length() - SUFFIX.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
