package dev.serai.route;

import dev.serai.facts.Flow;
import dev.serai.facts.Flow.Branch;
import dev.serai.facts.Flow.Drawing;
import dev.serai.facts.Flow.Step;
import dev.serai.facts.Flow.Terms;
import dev.serai.file.FileRefused;
import dev.serai.file.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a flow does, read from its file: the steps in their order, and the ways that part. */
public final class FlowTree {
    private static final int LONGEST = 120;
    /** Components that people know by the word before the colon. */
    private static final Set<String> KNOWN = Set.of("connector", "mapping", "event");

    private static final Set<String> EXPRESSIONS =
            Set.of("simple", "constant", "jsonpath", "expression", "groovy", "xpath");

    /** What a step reads or writes instead of the body. */
    private static final List<String> VARIABLES = List.of("variableSend", "variableReceive");

    private FlowTree() {}

    /** All flows of a folder, for who has no running hub; files that are broken have none. */
    public static List<Flow> of(Path folder) {
        var flows = new ArrayList<Flow>();
        var files = new FlowFolder(folder);
        files.texts().forEach((path, text) -> {
            try {
                FlowFile file = FlowFile.read(files.shown(path), text);
                flows(file)
                        .forEach(
                                (id, route) -> flows.add(new Flow(id, terms(file, route), drawing(file, route), true)));
            } catch (FileRefused e) {
                // the lint tells
            }
        });
        flows.sort(Comparator.comparing(Flow::id));
        return flows;
    }

    /** The routes of a file that people call flows: not those that others go on with. */
    static Map<String, Yaml> flows(FlowFile file) {
        var flows = new LinkedHashMap<>(file.routes());
        flows.values().removeIf(route -> file.from(route)
                .filter(from -> from.uri().startsWith("direct:"))
                .isPresent());
        return flows;
    }

    /** As the file writes it; what it asks settings for stands there as it is. */
    static Terms terms(FlowFile file, Yaml route) {
        Optional<FlowFile.Use> from = file.from(route);
        return new Terms(
                from.map(FlowTree::types).orElse(List.of()),
                from.flatMap(use -> use.option("source")).orElse(""),
                from.flatMap(use -> use.option("replaces")).orElse(""),
                from.flatMap(use -> use.option("priority")).orElse("normal"),
                from.flatMap(use -> use.option("concurrent"))
                        .map(FlowTree::number)
                        .orElse(0),
                from.flatMap(use -> use.option("batchSize"))
                        .map(FlowTree::number)
                        .orElse(1));
    }

    private static List<String> types(FlowFile.Use from) {
        String address = from.address();
        return address.startsWith("event:")
                ? List.of(address.substring("event:".length()).strip().split("\\s*,\\s*"))
                : List.of();
    }

    private static int number(String text) {
        return text.matches("\\d{1,6}") ? Integer.parseInt(text) : 0;
    }

    static Drawing drawing(FlowFile file, Yaml route) {
        String description = route.text("description").orElse("");
        String from = file.from(route).map(FlowFile.Use::address).orElse("");
        List<Step> steps = steps(route.get("from").flatMap(f -> f.get("steps")));
        return new Drawing(file.name(), description, from, steps);
    }

    private static List<Step> steps(Optional<Yaml> list) {
        var steps = new ArrayList<Step>();
        list.ifPresent(yaml ->
                yaml.items().forEach(item -> item.entries().forEach((key, value) -> steps.add(step(key, value)))));
        return steps;
    }

    private static Step step(String key, Yaml at) {
        String id = at.text("id").orElse("");
        if (Set.of("to", "toD", "wireTap", "enrich", "pollEnrich").contains(key)) {
            String uri = (at.isScalar() ? at.text() : at.text("uri").orElse("")).replaceAll("\\?.*", "");
            int colon = uri.indexOf(':');
            String scheme = colon < 0 ? uri : uri.substring(0, colon);
            return KNOWN.contains(scheme)
                    ? new Step(id, scheme, uri.substring(colon + 1), options(at), List.of())
                    : new Step(id, key, uri, options(at), List.of());
        }
        var branches = new ArrayList<Branch>();
        at.get("when").ifPresent(list -> list.items().forEach(way -> branches.add(branch(words(way), way))));
        at.get("otherwise").ifPresent(way -> branches.add(branch("otherwise", way)));
        at.get("doCatch").ifPresent(list -> list.items().forEach(way -> branches.add(branch("if it fails", way))));
        at.get("doFinally").ifPresent(way -> branches.add(branch("in the end", way)));
        if (at.get("steps").isPresent()) {
            branches.add(0, branch(key, at));
        }
        return new Step(id, key, what(at), List.of(), branches);
    }

    private static List<String> options(Yaml at) {
        var names = new ArrayList<String>();
        String uri = at.isScalar() ? at.text() : at.text("uri").orElse("");
        int query = uri.indexOf('?');
        if (query >= 0) {
            for (String option : uri.substring(query + 1).split("&")) {
                names.add(option.replaceAll("=.*", ""));
            }
        }
        if (!at.isScalar()) {
            at.get("parameters").ifPresent(given -> given.entries().forEach((name, value) -> names.add(name)));
            VARIABLES.stream().filter(name -> at.get(name).isPresent()).forEach(names::add);
        }
        return List.copyOf(names);
    }

    private static Branch branch(String when, Yaml way) {
        return new Branch(when, steps(way.get("steps")));
    }

    private static String what(Yaml at) {
        String words = words(at);
        return at.text("name")
                .map(name -> words.isEmpty() ? name : name + " = " + words)
                .orElse(words);
    }

    /** The expression of a step, shortened; empty when it has none. */
    private static String words(Yaml at) {
        if (at.isScalar()) {
            return cut(at.text());
        }
        for (String language : EXPRESSIONS) {
            Optional<Yaml> value = at.get(language);
            if (value.isPresent()) {
                return value.get().isScalar()
                        ? cut(value.get().text())
                        : value.get().text("expression").map(FlowTree::cut).orElseGet(() -> words(value.get()));
            }
        }
        return "";
    }

    private static String cut(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
    }
}
