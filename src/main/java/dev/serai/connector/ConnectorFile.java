package dev.serai.connector;

import dev.serai.file.FileSchema;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Reads a connector file: its shape by JSON Schema, its meaning here; every problem at once. */
final class ConnectorFile {
    private static final FileSchema SCHEMA = FileSchema.of("connector");
    private static final Duration TIMEOUT = Duration.ofSeconds(10); // N-13
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

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
        var limits = new Connector.Limits(
                FileParts.span(root, "timeout", TIMEOUT, problems), quota(), new PatienceFile(root, problems).read());
        var rules = RulesFile.read(root, problems);
        Map<String, Operation> operations = new OperationsFile(root, problems).read();
        checkBaseIsThere(base, operations);
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
        at.ifPresent(value -> settingsOnly(value, "base_url", base.orElseThrow()));
        // a base address that waits for its setting is judged when a request is built
        base.filter(text -> text.places().isEmpty() && !text.toString().isEmpty())
                .filter(text -> text.missing(settings).isEmpty())
                .flatMap(this::wrongBase)
                .ifPresent(wrong -> problems.add(at.orElseThrow(), wrong));
        return base;
    }

    private Optional<String> wrongBase(Text base) {
        try {
            return Urls.baseProblem(base.fill(settings, place -> null, UnaryOperator.identity()));
        } catch (Text.Unsettled e) {
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
        Optional<Yaml> at = root.get("auth");
        if (at.isEmpty()) {
            return Auth.NONE;
        }
        Yaml auth = at.get();
        for (String key : List.of("password", "token", "value")) {
            auth.get(key)
                    .filter(secret -> !secret.text().isEmpty() && !secret.text().contains("{{"))
                    .ifPresent(secret -> problems.add(
                            secret,
                            "\"auth." + key + "\" is written into the file; put it into a setting and write {{"
                                    + root.text("connector").orElse("system") + "." + key + "}}"));
        }
        String secret = List.of("password", "token", "value").stream()
                .filter(key -> auth.get(key).isPresent())
                .findFirst()
                .orElse("");
        auth.get("name").ifPresent(name -> checkHeaderName(auth, name));
        return new Auth(
                FileParts.oneOf(auth, "type", Auth.Kind.NONE),
                auth.text("name").orElse(""),
                credential(auth, "user"),
                credential(auth, secret));
    }

    private Text credential(Yaml auth, String key) {
        Text text = FileParts.text(auth, key, problems);
        auth.get(key).ifPresent(at -> settingsOnly(at, "auth." + key, text));
        return text;
    }

    private void checkHeaderName(Yaml auth, Yaml name) {
        if (auth.text("type").orElse("").equals("header")
                && !HEADER_NAME.matcher(name.text()).matches()) {
            problems.add(name, notAHeader(name.text()));
        }
    }

    private static String notAHeader(String name) {
        return "\"" + name + "\" is not the name of a header; letters, digits and hyphens are";
    }

    private void settingsOnly(Yaml at, String name, Text text) {
        if (!text.places().isEmpty()) {
            problems.add(
                    at,
                    "\"" + name + "\" has a place {" + text.places().iterator().next()
                            + "}; only settings {{name}} may stand there");
        }
    }

    static Map<String, Text> headers(Yaml map, Problems problems) {
        map.get("headers").ifPresent(headers -> headers.entries().keySet().stream()
                .filter(name -> !HEADER_NAME.matcher(name).matches())
                .forEach(name -> problems.addAtKey(headers, name, notAHeader(name))));
        return FileParts.texts(map, "headers", problems);
    }

    private Optional<Quota> quota() {
        return root.get("quota").map(at -> {
            if (at.get("requests").isPresent() != at.get("per").isPresent()) {
                problems.add(
                        at,
                        "\"quota\" has one of \"requests\" and \"per\" without the other; write both, as in"
                                + " { requests: 190, per: 10s }");
            }
            return new Quota(
                    FileParts.number(at, "concurrent", 0),
                    FileParts.number(at, "requests", 0),
                    FileParts.span(at, "per", Duration.ofSeconds(1), problems));
        });
    }
}
