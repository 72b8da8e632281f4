package dev.serai;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Folders of flows and mappings of a test's own: the shipped mappings and error handling, and the flows it writes. Mailchimp and
 * Slack have a minute to answer.
 */
public final class TestFolders {
    private final Path routes;
    private final Path mappings;

    public TestFolders(Path folder) {
        try {
            routes = Files.createDirectories(folder.resolve("routes"));
            mappings = folder.resolve("mappings");
            copy(Path.of("mappings"), mappings);
            for (String vendor : List.of("mailchimp", "slack")) {
                // a machine that stands still for ten seconds must not turn a call into one that is repeated or in
                // doubt
                mapping(vendor + "/connector.yaml", read(vendor + "/connector.yaml") + "timeout: 1m\n");
            }
            Files.copy(Path.of("routes/errors.camel.yaml"), routes.resolve("errors.camel.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes {@code routes/<name>.camel.yaml} as an editor does: whole, at once. */
    public TestFolders flow(String name, String yaml) {
        write(routes.resolve(name + ".camel.yaml"), yaml);
        return this;
    }

    /** Writes {@code mappings/<path>}. */
    public TestFolders mapping(String path, String yaml) {
        write(mappings.resolve(path), yaml);
        return this;
    }

    /** Writes {@code routes/alerts.yaml}. */
    public TestFolders rules(String yaml) {
        write(routes.resolve("alerts.yaml"), yaml);
        return this;
    }

    /** What {@code mappings/<path>} says now. */
    public String read(String path) {
        try {
            return Files.readString(mappings.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What {@code routes/<name>.camel.yaml} says now. */
    public String text(String name) {
        try {
            return Files.readString(routes.resolve(name + ".camel.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path routes() {
        return routes;
    }

    public Path mappings() {
        return mappings;
    }

    /** The settings that name these folders, and more. */
    public Map<String, String> settings(String... more) {
        var settings = new HashMap<String, String>();
        settings.put("serai.routes", routes.toString());
        settings.put("serai.mappings", mappings.toString());
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Path whole = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
