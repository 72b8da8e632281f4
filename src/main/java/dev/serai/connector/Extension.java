package dev.serai.connector;

import dev.serai.file.FileRefused;
import dev.serai.file.Problem;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connector file that {@code extends} another one: a second account of a system. It has all that the other has, its
 * settings under its own name, and what it says itself comes first.
 */
final class Extension {
    /** Sections whose entries are put together by name; any other is replaced as a whole. */
    private static final Set<String> BY_NAME = Set.of("headers", "reads", "writes", "streams");

    private Extension() {}

    /**
     * The file with what it extends.
     *
     * @param files the text of another connector's file, by name
     * @throws FileRefused when there is no such connector, or it extends another one itself
     */
    static Yaml applied(Yaml root, String folder, Function<String, Optional<String>> files) {
        Optional<Yaml> named = root.get("extends").filter(Yaml::isScalar);
        if (named.isEmpty()) {
            return root;
        }
        Yaml at = named.get();
        String name = at.text();
        if (name.equals(folder)) {
            throw refused(at, "\"extends\" names this connector itself; name another one");
        }
        String text = files.apply(name)
                .orElseThrow(() -> refused(
                        at,
                        "there is no connector \"" + name + "\" to extend; add mappings/" + name + "/connector.yaml"));
        Yaml base = Yaml.read("mappings/" + name + "/connector.yaml", renamed(text, name, folder));
        base.get("extends").ifPresent(other -> {
            throw refused(at, "\"" + name + "\" extends another connector itself; extend \"" + other.text() + "\"");
        });
        return root.over(base, BY_NAME, Set.of("connector", "description"));
    }

    /** {@code {{hubspot.access-token}}} of the one is {@code {{hubspot-eu.access-token}}} of the other. */
    private static String renamed(String text, String from, String to) {
        return Pattern.compile("\\{\\{\\s*" + Pattern.quote(from) + "\\.")
                .matcher(text)
                .replaceAll(Matcher.quoteReplacement("{{" + to + "."));
    }

    private static FileRefused refused(Yaml at, String text) {
        var problems = new Problems();
        problems.add(at, text);
        List<Problem> all = problems.all();
        return new FileRefused(all);
    }
}
