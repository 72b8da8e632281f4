package dev.serai.mapping;

import dev.serai.file.Problems;
import dev.serai.file.Suggest;
import dev.serai.file.Yaml;
import dev.serai.record.RecordSchema;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the fields of a mapping file may name.
 *
 * @param from the canonical record it reads; empty when any record
 * @param used the parameters named so far; grows while the file is read
 */
record Scope(
        Optional<RecordSchema> from, Optional<RecordSchema> to, Map<String, Parameter> parameters, Set<String> used) {

    /** Notes a path the canonical record does not have. */
    void checkPath(Yaml at, String path, Problems problems) {
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
        if (path.isBlank() || path.startsWith(".") || path.endsWith(".") || path.contains("..")) {
            return Optional.of("\"" + path + "\" is not a path; names with single dots between them are expected");
        }
        return from.filter(record -> !record.has(path))
                .map(record -> "\"" + path + "\" is not a field of " + record.name() + "; "
                        + Suggest.hint(path, record.fieldNames()));
    }

    /** Whether values for that target read from these paths are personal; when nobody can say, they are. */
    boolean isPersonal(String target, Iterable<String> paths) {
        if (to.isPresent() && to.get().has(target)) {
            return to.get().isPersonal(target);
        }
        if (from.isEmpty()) {
            return true;
        }
        for (String path : paths) {
            if (from.get().isPersonal(path)) {
                return true;
            }
        }
        return false;
    }
}
