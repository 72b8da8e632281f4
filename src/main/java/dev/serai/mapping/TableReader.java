package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.file.FileRefused;
import dev.serai.file.FileSchema;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads a table: from the field itself, or from a file several mappings share. */
final class TableReader {
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
            return Optional.empty();
        }
        if (at.get().isMap()) {
            return Optional.of(table(at.get(), unknown));
        }
        return shared(at.get())
                .map(file -> table(file.get("entries").orElse(file), unknown.or(() -> file.get("unknown"))));
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

    private Table table(Yaml map, Optional<Yaml> unknown) {
        Map<String, JsonNode> entries = new LinkedHashMap<>();
        map.entries().forEach((from, to) -> entries.put(from, to.json()));
        if (unknown.isPresent() && unknown.get().isMap()) {
            JsonNode otherwise = unknown.get().json().path("default");
            return new Table(entries, Table.Unknown.DEFAULT, otherwise, map.place());
        }
        String word = unknown.map(Yaml::text).orElse("refuse");
        if (!word.equals("refuse") && !word.equals("pass")) {
            problems.add(
                    unknown.orElseThrow(), "unknown: is \"" + word + "\"; refuse, pass or { default: … } is expected");
        }
        return new Table(entries, word.equals("pass") ? Table.Unknown.PASS : Table.Unknown.REFUSE, null, map.place());
    }
}
