package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.file.FileRefused;
import dev.serai.file.FileSchema;
import dev.serai.file.Problems;
import dev.serai.file.Suggest;
import dev.serai.file.Yaml;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads a table: from the field itself, or from a file several mappings share. */
final class TableReader {
    static final String BACK = "back";

    private static final FileSchema SCHEMA = FileSchema.of("table");

    private final Surroundings surroundings;
    private final Problems problems;

    TableReader(Surroundings surroundings, Problems problems) {
        this.surroundings = surroundings;
        this.problems = problems;
    }

    Optional<Table> read(Yaml field) {
        Optional<Yaml> at = field.get("table");
        Optional<Yaml> unknown = field.get("unknown");
        if (at.isEmpty()) {
            unknown.ifPresent(said -> problems.addAtKey(field, "unknown", "unknown: says nothing without a table:"));
            field.get(BACK).ifPresent(said -> problems.addAtKey(field, BACK, "back: says nothing without a table:"));
            return Optional.empty();
        }
        if (at.get().isMap()) {
            return Optional.of(table(field, at.get(), unknown));
        }
        return shared(at.get())
                .map(file -> table(field, file.get("entries").orElse(file), unknown.or(() -> file.get("unknown"))));
    }

    /** How many decimals a vendor's own units have, as the option of a normalizer: {@code ISK 2, MGA 0}. */
    String decimals(Yaml at) {
        Optional<Yaml> entries = at.isMap() ? Optional.of(at) : shared(at).flatMap(file -> file.get("entries"));
        return entries.map(Yaml::entries).orElse(Map.of()).entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue().text())
                .collect(Collectors.joining(", "));
    }

    /** {@code system/name} is {@code mappings/system/tables/name.yaml}. */
    private Optional<Yaml> shared(Yaml at) {
        String name = at.text();
        String path = name.replaceFirst("/", "/tables/") + ".yaml";
        Optional<String> text = name.matches("[a-z0-9_-]+/[a-z0-9_-]+") ? surroundings.file(path) : Optional.empty();
        if (text.isEmpty()) {
            problems.add(
                    at, "there is no table \"" + name + "\"; write system/name for mappings/system/tables/name.yaml");
            return Optional.empty();
        }
        try {
            Yaml file = Yaml.read("mappings/" + path, text.get());
            var inside = new Problems();
            SCHEMA.check(file, inside);
            file.text("table")
                    .filter(own -> !own.equals(name))
                    .ifPresent(own -> inside.add(
                            file, "the file holds table \"" + own + "\"; its place says \"" + name + "\": rename one"));
            inside.throwIfAny();
            return Optional.of(file);
        } catch (FileRefused e) {
            problems.addAll(e.problems());
            return Optional.empty();
        }
    }

    private Table table(Yaml field, Yaml map, Optional<Yaml> unknown) {
        Map<String, JsonNode> entries = new LinkedHashMap<>();
        map.entries().forEach((from, to) -> entries.put(from, to.json()));
        Map<String, String> ways = ways(field, entries);
        if (unknown.isPresent() && unknown.get().isMap()) {
            JsonNode otherwise = unknown.get().json().path("default");
            return new Table(entries, Table.Unknown.DEFAULT, otherwise, ways, map.place());
        }
        String word = unknown.map(Yaml::text).orElse("refuse");
        if (!word.equals("refuse") && !word.equals("pass")) {
            problems.add(
                    unknown.orElseThrow(), "unknown: is \"" + word + "\"; refuse, pass or { default: … } is expected");
        }
        var others = word.equals("pass") ? Table.Unknown.PASS : Table.Unknown.REFUSE;
        return new Table(entries, others, null, ways, map.place());
    }

    private Map<String, String> ways(Yaml field, Map<String, JsonNode> entries) {
        Map<String, String> ways = new LinkedHashMap<>();
        field.get(BACK).filter(Yaml::isMap).ifPresent(back -> back.entries().forEach((word, from) -> {
            List<String> known = entries.entrySet().stream()
                    .filter(entry -> entry.getValue().asText().equals(word))
                    .map(Map.Entry::getKey)
                    .toList();
            if (!known.contains(from.text())) {
                problems.add(
                        from,
                        "\"" + from.text() + "\" does not become \"" + word + "\" in the table; "
                                + Suggest.hint(from.text(), known));
            }
            ways.put(word, from.text());
        }));
        return ways;
    }
}
