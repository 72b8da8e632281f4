package dev.serai.cli;

import dev.serai.connector.Connector;
import dev.serai.library.LibraryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the files in {@code mappings/} and {@code routes/} ask to be set, as a page of the reference. */
final class AskedSettings {
    /** {@code {{name}}} or {@code {{name:default}}}, whose default may hold one more. */
    private static final Pattern SETTING =
            Pattern.compile("\\{\\{([A-Za-z0-9][\\w.-]*)(?::((?:[^{}]|\\{\\{[^{}]*}})*))?}}");

    /** These have a table of their own, or are for tests. */
    private static final Set<String> NO_MAPPINGS = Set.of("connector.yaml", "simulator.yaml", "examples.yaml");

    private final Path mappings;
    private final Path routes;

    AskedSettings(Path mappings, Path routes) {
        this.mappings = mappings;
        this.routes = routes;
    }

    String page() {
        var page = new StringBuilder("""
                # Settings of systems and flows

                What the shipped files ask for, by the names of [settings](settings.md): a line of `serai.properties`, an
                environment variable, a file of `serai.secrets.dir` or `serai connections set`. `serai connections check NAME`
                names what a connection still lacks.

                ## Systems

                Without what it needs a connection is not in use; without what its webhooks need its door stays closed. The rest
                has a default. Systems that are connected by consent need `serai connections connect` as well.

                | system | needs | its webhooks need | may be set |
                |---|---|---|---|
                """);
        var files = new LibraryFolder(mappings, name -> Optional.empty());
        files.reload();
        new TreeMap<>(files.current().connectors()).values().forEach(system -> page.append(row(system)));
        page.append("""

                ## Flows and mappings

                A flow whose switch is `false` is off. A mapping refuses its records until what must be set is.

                | file | setting | where it is not set |
                |---|---|---|
                """);
        Stream.of(routes, mappings).flatMap(AskedSettings::files).forEach(file -> asked(read(file))
                .forEach((name, otherwise) -> page.append("| `")
                        .append(file.getParent().getFileName() + "/" + file.getFileName())
                        .append("` | `" + name + "` | " + without(otherwise) + " |\n")));
        return page.toString();
    }

    private static String row(Connector system) {
        Set<String> needs = system.missingSettings();
        Map<String, Optional<String>> ofWebhooks = system.webhooks()
                .flatMap(section -> section.get("signature"))
                .map(section -> asked(section.json().toString()))
                .orElse(Map.of());
        var closed = new TreeSet<String>();
        var optional = new TreeSet<>(system.settings());
        ofWebhooks.forEach((name, otherwise) -> (otherwise.isEmpty() ? closed : optional).add(name));
        optional.removeAll(needs);
        optional.removeAll(closed);
        return "| " + system.name() + " | " + listed(needs) + " | " + listed(closed) + " | " + listed(optional)
                + " |\n";
    }

    private static String listed(Collection<String> names) {
        return names.isEmpty()
                ? "-"
                : names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }

    private static String without(Optional<String> otherwise) {
        return otherwise
                .map(text -> text.isEmpty() ? "empty" : "`" + text.replace("|", "\\|") + "`")
                .orElse("it must be set");
    }

    /** The settings of a text by name, and their defaults. */
    private static Map<String, Optional<String>> asked(String text) {
        var settings = new TreeMap<String, Optional<String>>();
        SETTING.matcher(text)
                .results()
                .forEach(found -> settings.put(found.group(1), Optional.ofNullable(found.group(2))));
        return settings;
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> found = Files.walk(folder, 2)) {
            return found
                    .filter(file -> file.toString().endsWith(".yaml")
                            && !NO_MAPPINGS.contains(file.getFileName().toString()))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
