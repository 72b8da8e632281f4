package dev.serai.mapping;

import dev.serai.file.FileRefused;
import dev.serai.file.Problems;
import dev.serai.file.Suggest;
import dev.serai.file.Yaml;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code include:}, the fields of other mapping files as fields of this one. */
final class IncludeReader {
    private final Surroundings surroundings;
    private final List<String> including;
    private final Problems problems;

    IncludeReader(Surroundings surroundings, List<String> including, Problems problems) {
        this.surroundings = surroundings;
        this.including = including;
        this.problems = problems;
    }

    List<Included> read(Yaml root, Scope scope) {
        var all = new ArrayList<Included>();
        var chain = new ArrayList<>(including);
        chain.add(root.text("mapping").orElse(""));
        for (Yaml at : root.get("include").map(Yaml::items).orElse(List.of())) {
            file(at, chain).ifPresent(mapping -> all.add(included(at, mapping, scope)));
        }
        return all;
    }

    private Optional<Mapping> file(Yaml at, List<String> chain) {
        String name = at.text("mapping").orElse("");
        if (chain.contains(name)) {
            problems.add(at, "\"" + name + "\" includes itself: " + String.join(" → ", chain) + " → " + name);
            return Optional.empty();
        }
        String path = name + ".yaml";
        Optional<String> text = surroundings.file(path);
        if (text.isEmpty()) {
            if (!name.isEmpty()) {
                problems.add(at, "there is no mapping \"" + name + "\" to include; mappings/" + path + " is expected");
            }
            return Optional.empty();
        }
        try {
            return Optional.of(new MappingReader("mappings/" + path, text.get(), surroundings, chain).read());
        } catch (FileRefused e) {
            problems.addAll(e.problems());
            return Optional.empty();
        }
    }

    private Included included(Yaml at, Mapping mapping, Scope scope) {
        var with = new LinkedHashMap<String, Source>();
        var parameters = new LinkedHashMap<String, Parameter>();
        mapping.parameters().forEach(parameter -> parameters.put(parameter.name(), parameter));
        var sources = new SourceReader(scope, surroundings, problems);
        at.get("with").ifPresent(given -> given.entries().forEach((name, value) -> {
            if (parameters.remove(name) == null) {
                problems.addAtKey(
                        given,
                        name,
                        "\"" + name + "\" is not a parameter of " + mapping.name() + "; "
                                + Suggest.hint(name, names(mapping)));
            }
            with.put(name, sources.constant(value));
        }));
        Optional<Yaml> base = at.get("from");
        base.ifPresent(path -> scope.checkPath(path, path.text(), problems));
        var inclusion =
                new Inclusion(base.map(path -> FieldPath.of(path.text())).orElse(null), Map.copyOf(with));
        String prefix = at.text("to").orElse("");
        boolean oneWay = at.text("one_way").orElse("").equals("true");
        return new Included(
                at,
                mapping.rules().stream()
                        .map(rule -> inclusion.adopt(rule, prefix, oneWay))
                        .toList(),
                parameters);
    }

    private static List<String> names(Mapping mapping) {
        return mapping.parameters().stream().map(Parameter::name).toList();
    }
}
