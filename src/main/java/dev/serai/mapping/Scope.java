package dev.serai.mapping;

import dev.serai.file.DottedPath;
import dev.serai.file.Problems;
import dev.serai.file.Suggest;
import dev.serai.file.Yaml;
import dev.serai.record.RecordSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the fields of a mapping file may name.
 *
 * @param from the record it reads; empty when any record
 * @param used the parameters named so far; grows while the file is read
 * @param inside for fields of a list's items, where the list is, outermost first
 */
record Scope(
        Optional<RecordSchema> from,
        Optional<RecordSchema> to,
        Map<String, Parameter> parameters,
        Set<String> used,
        List<Level> inside) {

    /** @param read where the items are, by dotted path of the record @param made where they go, of the result */
    record Level(String read, String made) {}

    /** The scope of the items of the list at {@code read}, which become the list {@code made}. */
    Scope items(String read, String made) {
        var levels = new ArrayList<>(inside);
        levels.add(new Level(absolute(read).orElse(read) + ".0", target(made) + ".0"));
        return new Scope(from, to, parameters, used, levels);
    }

    /** A target as a path of the whole result. */
    String target(String field) {
        return inside.isEmpty() ? field : inside.get(inside.size() - 1).made + "." + field;
    }

    /** A path as one of the whole record; empty when there are not so many records around. */
    Optional<String> absolute(String text) {
        FieldPath path = FieldPath.of(text);
        int level = inside.size() - path.up();
        if (level < 0) {
            return Optional.empty();
        }
        String base = level == 0 ? "" : inside.get(level - 1).read;
        String names = String.join(".", path.names());
        return Optional.of(base.isEmpty() || names.isEmpty() ? base + names : base + "." + names);
    }

    /** The words a field of the canonical record may have; empty when any. */
    List<String> allowed(String path) {
        return from.flatMap(record -> absolute(path).map(record::allowed)).orElse(List.of());
    }

    /** Notes a path of another dialect, and one the canonical record does not have. */
    void checkPath(Yaml at, String path, Problems problems) {
        String inside = path.replaceFirst("^(\\^\\.)+", "");
        if (DottedPath.isOfAnotherDialect(inside)) {
            problems.add(at, "\"" + path + "\" finds nothing; " + DottedPath.instead(inside));
            return;
        }
        notAField(path).ifPresent(text -> problems.add(at, text));
    }

    /** A parameter's name, which is noted as used, or a path of the record. */
    void checkName(Yaml at, String name, Problems problems) {
        if (!use(name)) {
            checkPath(at, name, problems);
        }
    }

    /** Whether it is a parameter; if so, it counts as used. */
    boolean use(String name) {
        boolean known = parameters.containsKey(name);
        if (known) {
            used.add(name);
        }
        return known;
    }

    Optional<String> notAField(String path) {
        if (!FieldPath.isWellFormed(path)) {
            return Optional.of("\"" + path + "\" is not a path; names with single dots between them are expected");
        }
        Optional<String> whole = absolute(path);
        if (whole.isEmpty()) {
            return Optional.of("\"" + path + "\" has no record around it; ^ leads out of the items of each:");
        }
        return from.filter(record -> !whole.get().isEmpty() && !record.has(whole.get()))
                .map(record -> "\"" + path + "\" is not a field of " + record.name() + "; "
                        + Suggest.hint(whole.get(), record.fieldNames()));
    }

    /** What is wrong with a target, if the result is a known record that lacks it. */
    Optional<String> notATarget(String field) {
        return to.filter(record -> !record.has(target(field)))
                .map(record -> "\"" + field + "\" is not a field of " + record.name() + "; "
                        + Suggest.hint(target(field), record.fieldNames()));
    }

    /** Whether values for that target read from these paths are personal; when nobody can say, they are. */
    boolean isPersonal(String field, Iterable<String> paths) {
        if (to.isPresent() && to.get().has(target(field))) {
            return to.get().isPersonal(target(field));
        }
        if (from.isEmpty()) {
            return true;
        }
        for (String path : paths) {
            if (from.get().isPersonal(absolute(path).orElse(path))) {
                return true;
            }
        }
        return false;
    }
}
