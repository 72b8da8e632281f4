package dev.serai.connector;

import dev.serai.connector.Operation.Call;
import dev.serai.connector.Operation.Read;
import dev.serai.connector.Operation.Result;
import dev.serai.connector.Operation.Write;
import dev.serai.file.Problems;
import dev.serai.file.Suggest;
import dev.serai.file.Yaml;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
        var writes = new WritesFile(problems);
        group("writes").forEach((name, at) -> operations.put(name, writes.read(name, at, call(at, false))));
        var streams = new ListingFile(problems);
        group("streams").forEach((name, at) -> operations.put(name, streams.read(name, at, call(at, true))));
        List.of("reads", "writes")
                .forEach(kind -> group(kind).values().forEach(at -> Quotes.check(at, Set.of(), problems)));
        group("streams").values().forEach(at -> Quotes.check(at, Set.of("cursor", "until"), problems));
        EventIds.check(group("streams"), operations, problems);
        group("writes").values().forEach(at -> checkNames(at, operations));
        group("streams").values().stream()
                .flatMap(at -> at.get("cursor").filter(Yaml::isMap).stream())
                .forEach(cursor -> checkNamed(cursor, "first_read", Read.class, operations));
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
        if (taken != null && !taken.equals(kind)) {
            problems.addAtKey(
                    group, name, "\"" + name + "\" stands under \"" + taken + "\" already; choose another name");
        }
    }

    private Read read(String name, Yaml at) {
        return new Read(
                name,
                call(at, true),
                result(at, Optional.empty(), problems),
                FileParts.span(at, "cache", Duration.ZERO, problems));
    }

    /** The operations that a write names. */
    private void checkNames(Yaml write, Map<String, Operation> operations) {
        checkNamed(write, "lookup", Read.class, operations);
        write.get("accepted").ifPresent(at -> {
            checkNamed(at, "read", Read.class, operations);
            checkAsks(at.get("read"), "job", "job", operations);
            checkNamed(at, "failures_read", Read.class, operations);
            checkAsks(at.get("failures_read"), "job", "job", operations);
        });
        write.get("upsert").ifPresent(at -> {
            checkNamed(at, "search", Read.class, operations);
            checkNamed(at, "create", Write.class, operations);
            checkNamed(at, "update", Write.class, operations);
            checkNamed(at, "over", Read.class, operations);
            checkAsks(at.get("update"), "id", "record", operations);
            checkAsks(at.get("over"), "id", "record", operations);
        });
    }

    /** An operation that is told by a place what it is about must have that place. */
    private void checkAsks(Optional<Yaml> name, String place, String what, Map<String, Operation> operations) {
        name.filter(at -> operations.get(at.text()) instanceof Operation.Single single
                        && !single.places().contains(place)
                        && !WritesFile.defaults(single).contains(place))
                .ifPresent(at -> problems.add(
                        at,
                        "\"" + at.text() + "\" has no place {" + place + "} and could not say which " + what
                                + " it is about; write it into its path, query, headers or body, as in path: \"/"
                                + at.text() + "/{" + place + "}\""));
    }

    private void checkNamed(Yaml map, String key, Class<? extends Operation> kind, Map<String, Operation> operations) {
        map.get(key)
                .filter(named -> !kind.isInstance(operations.get(named.text())))
                .ifPresent(named -> {
                    var known = operations.values().stream()
                            .filter(kind::isInstance)
                            .map(Operation::name)
                            .toList();
                    String group = kind == Read.class ? "reads" : "writes";
                    problems.add(
                            named,
                            "\"" + named.text() + "\" is not one of the " + group + "; "
                                    + Suggest.hint(named.text(), known));
                });
    }

    static Result result(Yaml at, Optional<Accepted> accepted, Problems problems) {
        Result.As as = FileParts.oneOf(at, "answers", Result.As.JSON);
        for (String key : List.of("returns", "returns_header", "graphql", "batch", "accepted")) {
            if (as != Result.As.JSON && at.get(key).isPresent()) {
                problems.addAtKey(
                        at,
                        key,
                        "\"" + key + "\" is about an answer in JSON, and \"answers: "
                                + at.text("answers").orElse("") + "\" takes all of another one; remove one");
            }
        }
        return new Result(
                as,
                at.text("returns").orElse(""),
                at.text("returns_header").orElse(""),
                RulesFile.read(at, problems),
                accepted);
    }

    private Call call(Yaml at, boolean fixedBody) {
        Text path = FileParts.text(at, "path", problems);
        at.get("path").ifPresent(place -> checkPath(place, path));
        boolean form = fixedBody && at.get("form").isPresent();
        String key = form ? "form" : "body";
        Optional<JsonTemplate> body = fixedBody ? at.get(key).map(b -> JsonTemplate.of(b, problems)) : Optional.empty();
        String graphql = at.text("graphql").orElse("");
        String method = at.text("method").orElse(graphql.isEmpty() ? "GET" : "POST");
        if (method.equals("GET") && body.isPresent()) {
            problems.addAtKey(at, key, "a GET carries no body; write \"method: POST\", or use \"query\"");
        }
        if (form && (at.get("body").isPresent() || !graphql.isEmpty())) {
            problems.addAtKey(at, "form", "a form is all of what is sent; remove it, or \"body\" and \"graphql\"");
        }
        WrittenOut.check(at, "query", problems);
        if (!graphql.isEmpty() && !method.equals("POST")) {
            problems.addAtKey(at, "method", "a GraphQL document is sent by POST");
        }
        return new Call(
                method,
                path,
                FileParts.texts(at, "query", problems),
                ConnectorFile.headers(at, problems),
                body,
                form,
                graphql);
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
