package dev.serai.connector;

import dev.serai.connector.auth.Auth;
import dev.serai.connector.auth.AuthFile;
import dev.serai.connector.auth.Fixed;
import dev.serai.file.FileSchema;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Reads a connector file: its shape by JSON Schema, its meaning here; every problem at once. */
final class ConnectorFile {
    private static final FileSchema SCHEMA = FileSchema.of("connector");
    private static final Duration TIMEOUT = Duration.ofSeconds(10); // N-13

    private final Yaml root;
    private final Settings settings;
    private final Problems problems = new Problems();

    ConnectorFile(Yaml root, Settings settings) {
        this.root = root;
        this.settings = settings;
    }

    /** @param folder the name of the folder the file lies in */
    Connector read(String folder) {
        SCHEMA.check(root, problems);
        checkName(folder);
        Optional<Text> base = base();
        var reach = new Connector.Reach(
                root.text("connector").orElse(folder), base, auth(), headers(root, problems), settings);
        var timeout = FileParts.span(root, "timeout", TIMEOUT, problems);
        var limits = new Connector.Limits(
                EgressFile.read(root, timeout, problems),
                new QuotaFile(root, problems).read(),
                new PatienceFile(root, problems).read());
        var rules = RulesFile.read(root, problems);
        Map<String, Operation> operations = new OperationsFile(root, problems).read();
        checkBaseIsThere(base, operations);
        Unencrypted.check(root, problems);
        Scopes.check(root, problems);
        SignedHeaders.check(root, reach, operations, problems);
        problems.throwIfAny();
        return new Connector(reach, limits, rules, operations, root);
    }

    private void checkName(String folder) {
        root.get("connector").filter(Yaml::isScalar).ifPresent(at -> {
            if (!at.text().equals(folder)) {
                problems.add(
                        at,
                        "\"connector\" is \"" + at.text() + "\" but its folder is \"" + folder
                                + "\"; give both the same name");
            }
        });
    }

    private Optional<Text> base() {
        Optional<Yaml> at = root.get("base_url");
        Optional<Text> base = at.map(value -> FileParts.text(value, problems));
        at.ifPresent(value -> checkPlaces(value, base.orElseThrow()));
        // a base address that waits for its setting is judged when a request is built
        base.filter(text -> text.places().isEmpty() && !text.toString().isEmpty())
                .filter(text -> text.missing(settings).isEmpty())
                .flatMap(this::wrongBase)
                .ifPresent(wrong -> problems.add(at.orElseThrow(), wrong));
        return base;
    }

    private Optional<String> wrongBase(Text base) {
        try {
            return Urls.problem("base_url", base.fill(settings, place -> null, UnaryOperator.identity()), base);
        } catch (Text.Unsettled | SecretAway e) {
            return Optional.empty();
        }
    }

    private void checkBaseIsThere(Optional<Text> base, Map<String, Operation> operations) {
        if (base.isEmpty() && !operations.isEmpty()) {
            problems.add(
                    root,
                    "\"base_url\" is missing and \""
                            + operations.keySet().iterator().next()
                            + "\" needs it; say where the system answers, as in https://api.example.com/v1");
        }
    }

    private Auth auth() {
        return root.get("auth")
                .<Auth>map(at -> new AuthFile(root.text("connector").orElse("system"), at, problems).read())
                .orElse(Fixed.NONE);
    }

    /** An address may hold what came with the token; anything else of a call could lead it to another host. */
    private void checkPlaces(Yaml at, Text base) {
        boolean tokens = root.get("auth")
                .flatMap(auth -> auth.text("type"))
                .filter(type -> type.equals("oauth2") || type.equals("session"))
                .isPresent();
        base.places().stream()
                .filter(place -> !tokens || !place.startsWith(Values.TOKEN))
                .findFirst()
                .ifPresent(place -> problems.add(
                        at,
                        "\"base_url\" has a place {" + place + "}; only settings {{name}} may stand there"
                                + (tokens ? ", and fields of the token's answer, {token.name}" : "")));
    }

    /** Capitals make no other header of it. */
    private static void checkOnce(Yaml headers, Problems problems) {
        var names = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        headers.entries().keySet().forEach(name -> {
            String first = names.putIfAbsent(name, name);
            if (first != null) {
                problems.addAtKey(
                        headers,
                        name,
                        "\"" + name + "\" is the same header as \"" + first
                                + "\", and only one of them is sent; remove one");
            }
        });
    }

    static Map<String, Text> headers(Yaml map, Problems problems) {
        map.get("headers").ifPresent(headers -> headers.entries().keySet().forEach(name -> FileParts.headerProblem(name)
                .ifPresent(problem -> problems.addAtKey(headers, name, problem))));
        map.get("headers").ifPresent(headers -> checkOnce(headers, problems));
        WrittenOut.check(map, "headers", problems);
        return FileParts.texts(map, "headers", problems);
    }
}
