package dev.serai.connector;

import dev.serai.connector.auth.Auth;
import dev.serai.connector.auth.OAuth2;
import dev.serai.connector.auth.TokenAuth;
import dev.serai.file.Problems;
import dev.serai.file.Suggest;
import dev.serai.file.Yaml;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a connection may do, in the vendor's own words: the scopes its file asks for, and those its operations say that they
 * need. They are compared by name; that one holds another nobody here knows.
 */
public final class Scopes {
    private static final String KEY = "scopes";
    private static final List<String> KINDS = List.of("reads", "writes", "streams");

    private final Auth auth;
    private final Values values;
    private final Yaml file;
    private final Map<String, Operation> operations;

    Scopes(Auth auth, Values values, Yaml file, Map<String, Operation> operations) {
        this.auth = auth;
        this.values = values;
        this.file = file;
        this.operations = operations;
    }

    /** Refuses what would never be granted: a scope of an operation that the same file does not ask for. */
    static void check(Yaml root, Problems problems) {
        Optional<Yaml> auth = root.get("auth");
        List<Yaml> asked = auth.flatMap(at -> at.get(KEY)).map(Yaml::items).orElse(List.of());
        boolean known =
                !asked.isEmpty() && asked.stream().noneMatch(at -> at.text().contains("{{"));
        List<String> names = asked.stream().map(Yaml::text).toList();
        stated(root).forEach(at -> {
            if (at.text().contains(" ")) {
                problems.add(at, "\"" + at.text() + "\" holds several scopes; write each as an item of its own");
            } else if (known && at.file().equals(auth.orElseThrow().file()) && !names.contains(at.text())) {
                problems.add(
                        at,
                        "\"" + at.text()
                                + "\" is none of \"auth.scopes\", so no token has it; ask for it there, or correct it here; "
                                + Suggest.hint(at.text(), names));
            }
        });
    }

    private static Stream<Yaml> stated(Yaml root) {
        return KINDS.stream()
                .flatMap(kind -> root.get(kind).stream())
                .flatMap(group -> group.entries().values().stream())
                .flatMap(operation -> operation.get(KEY).stream())
                .flatMap(list -> list.items().stream());
    }

    /** What a token is asked for with; none where the file does not say, or a setting is missing. */
    public Set<String> asked() {
        if (!(auth instanceof TokenAuth tokens) || !(tokens.source() instanceof OAuth2 oauth2)) {
            return Set.of();
        }
        try {
            return oauth2.extras().scopes().stream().map(values::fill).collect(Collectors.toCollection(TreeSet::new));
        } catch (ConnectorRefused | SecretAway e) {
            return Set.of();
        }
    }

    /** Those that an answer tells: with blanks between them (RFC 6749, 3.3), or with commas, as some vendors have it. */
    public static Set<String> told(String words) {
        return Stream.of(words.split("[\\s,]+"))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Every one that any operation says. */
    public Set<String> stated() {
        return stated(file).map(Yaml::text).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those of what needs no argument, and so may be what proves the connection. */
    public Set<String> ofProofs() {
        var proofs = new TreeSet<String>();
        operations.values().stream()
                .filter(operation -> operation instanceof Operation.Read && operation.needsNothing())
                .forEach(operation -> says(operation.name()).ifPresent(proofs::addAll));
        return proofs;
    }

    /** What calling an operation needs, as far as it and what it is made of say it. */
    public Set<String> neededFor(String operation) {
        var needed = new TreeSet<String>();
        parts(operation).forEach(part -> says(part).ifPresent(needed::addAll));
        return needed;
    }

    /** Whether it and all it is made of say what they need. */
    public boolean isSaid(String operation) {
        return parts(operation).stream().allMatch(part -> says(part).isPresent());
    }

    private Optional<Set<String>> says(String operation) {
        return KINDS.stream()
                .flatMap(kind -> file.get(kind).stream())
                .flatMap(group -> group.get(operation).stream())
                .flatMap(at -> at.get(KEY).stream())
                .findFirst()
                .map(list -> list.items().stream().map(Yaml::text).collect(Collectors.toSet()));
    }

    /** The operations of the file that one may call: those it is made of, and what it updates or looks up instead. */
    private Set<String> parts(String name) {
        Operation operation = operations.get(name);
        if (operation == null) {
            return Set.of(name);
        }
        return Stream.concat(operation.madeOf().stream(), instead(operation))
                .filter(part -> !part.isEmpty())
                .flatMap(part -> part.equals(name) ? Stream.of(part) : parts(part).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Stream<String> instead(Operation operation) {
        if (operation instanceof Upsert upsert) {
            return Stream.of(upsert.calls().update());
        }
        if (operation instanceof Operation.Write write) {
            return Stream.of(write.repeat().lookup());
        }
        return operation instanceof Listing listing
                ? listing.since().place().stream().map(Listing.Opaque::firstRead)
                : Stream.empty();
    }
}
