package dev.serai.connector;

import dev.serai.connector.Operation.Call;
import dev.serai.connector.Operation.Encoding;
import dev.serai.connector.Operation.Payload;
import dev.serai.connector.Operation.Read;
import dev.serai.connector.Operation.Repeat;
import dev.serai.connector.Operation.Result;
import dev.serai.connector.Operation.Write;
import dev.serai.file.Problems;
import dev.serai.file.Suggest;
import dev.serai.file.Yaml;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Reads what a connector can do: its {@code reads}, {@code writes} and {@code streams}. */
final class OperationsFile {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    private final Yaml root;
    private final Problems problems;
    private final Map<String, String> kinds = new LinkedHashMap<>();

    OperationsFile(Yaml root, Problems problems) {
        this.root = root;
        this.problems = problems;
    }

    /** By name, in the order of the file. */
    Map<String, Operation> read() {
        var operations = new LinkedHashMap<String, Operation>();
        group("reads").forEach((name, at) -> operations.put(name, read(name, at)));
        group("writes").forEach((name, at) -> operations.put(name, write(name, at)));
        var streams = new ListingFile(problems);
        group("streams").forEach((name, at) -> operations.put(name, streams.read(name, at, call(at, true))));
        checkLookups(operations);
        return operations;
    }

    private Map<String, Yaml> group(String kind) {
        Optional<Yaml> group = root.get(kind);
        Map<String, Yaml> entries = group.map(Yaml::entries).orElse(Map.of());
        entries.keySet().forEach(name -> checkName(group.orElseThrow(), kind, name));
        return entries;
    }

    private void checkName(Yaml group, String kind, String name) {
        if (!NAME.matcher(name).matches()) {
            problems.addAtKey(
                    group,
                    name,
                    "\"" + name + "\" is not a name a route can call; lower-case letters, digits and _ are");
        }
        String taken = kinds.putIfAbsent(name, kind);
        if (taken != null) {
            problems.addAtKey(
                    group, name, "\"" + name + "\" stands under \"" + taken + "\" already; choose another name");
        }
    }

    private Read read(String name, Yaml at) {
        return new Read(name, call(at, true), result(at));
    }

    private Write write(String name, Yaml at) {
        var repeat = new Repeat(
                FileParts.oneOf(at, "class", WriteClass.ONCE),
                at.text("idempotency_header").orElse(""),
                at.text("lookup").orElse(""));
        checkRepeat(at, repeat);
        Encoding encoding = FileParts.oneOf(at, "body", Encoding.JSON);
        var payload = new Payload(
                encoding, at.text("wrap").orElse(""), new BatchFile(problems).read(at, repeat.writeClass(), encoding));
        return new Write(name, call(at, false), repeat, payload, result(at));
    }

    private void checkRepeat(Yaml at, Repeat repeat) {
        String given = at.text("class").orElse("").toUpperCase(Locale.ROOT);
        if (!given.equals(repeat.writeClass().name())) {
            return; // the schema has named the class as missing or unknown
        }
        belongs(at, "idempotency_header", repeat.writeClass() == WriteClass.KEYED, "keyed");
        belongs(at, "lookup", repeat.writeClass() == WriteClass.LOOKUP, "lookup");
    }

    private void belongs(Yaml at, String key, boolean wanted, String writeClass) {
        if (wanted && at.get(key).isEmpty()) {
            problems.add(at, "a write of class " + writeClass + " lacks \"" + key + "\"");
        } else if (!wanted && at.get(key).isPresent()) {
            problems.addAtKey(at, key, "\"" + key + "\" is only for a write of class " + writeClass);
        }
    }

    private void checkLookups(Map<String, Operation> operations) {
        eachOf("writes", at -> at.get("lookup").ifPresent(lookup -> {
            if (!(operations.get(lookup.text()) instanceof Read)) {
                var reads = operations.values().stream()
                        .filter(Read.class::isInstance)
                        .map(Operation::name)
                        .toList();
                problems.add(
                        lookup,
                        "\"" + lookup.text() + "\" is not one of the reads; " + Suggest.hint(lookup.text(), reads));
            }
        }));
    }

    private void eachOf(String kind, Consumer<Yaml> each) {
        root.get(kind).ifPresent(group -> group.entries().values().forEach(each));
    }

    private Result result(Yaml at) {
        return new Result(
                at.text("returns").orElse(""), at.text("returns_header").orElse(""), ConnectorFile.rules(at, problems));
    }

    private Call call(Yaml at, boolean fixedBody) {
        Text path = FileParts.text(at, "path", problems);
        at.get("path").ifPresent(place -> checkPath(place, path));
        Optional<JsonTemplate> body =
                fixedBody ? at.get("body").map(b -> JsonTemplate.of(b, problems)) : Optional.empty();
        String method = at.text("method").orElse("GET");
        if (body.isPresent() && method.equals("GET")) {
            problems.addAtKey(at, "body", "a GET carries no body; write \"method: POST\", or use \"query\"");
        }
        return new Call(
                method, path, FileParts.texts(at, "query", problems), ConnectorFile.headers(at, problems), body);
    }

    private void checkPath(Yaml at, Text path) {
        String sample = sample(path);
        if (sample.contains("?") || sample.contains("#")) {
            problems.add(at, "\"path\" has a query or a fragment; list its parameters under \"query\"");
            return;
        }
        try {
            var uri = new URI("https://host" + sample);
            if (!"host".equals(uri.getHost()) || Urls.hasDotSegment(sample)) {
                problems.add(at, "\"path\" is \"" + at.text() + "\"; it must begin with / and have no . or .. in it");
            }
        } catch (URISyntaxException e) {
            problems.add(at, "\"path\" is \"" + at.text() + "\"; percent-encode what no address may hold");
        }
    }

    private static String sample(Text path) {
        try {
            return path.fill(name -> Optional.of("x"), place -> "x", value -> "x");
        } catch (Text.Unsettled e) {
            return "/";
        }
    }
}
