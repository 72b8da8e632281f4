package dev.serai.mapping;

import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;

/** Reads a map of fields: those of the result, or of the items of a list in it. */
final class FieldsReader {
    private final Scope scope;
    private final Problems problems;
    private final FieldReader reader;

    FieldsReader(Scope scope, Surroundings surroundings, Problems problems) {
        this.scope = scope;
        this.problems = problems;
        this.reader = new FieldReader(scope, surroundings, problems);
    }

    /** The rules of the entries that are right enough to make one. */
    List<Rule> read(Yaml fields) {
        var rules = new ArrayList<Rule>();
        checkNames(fields, fields.entries().keySet());
        fields.entries().forEach((target, field) -> {
            scope.notATarget(target).ifPresent(text -> problems.addAtKey(fields, target, text));
            reader.read(target, field).ifPresent(rules::add);
        });
        var types = new TypeLint(scope, problems);
        rules.forEach(rule -> types.check(rule, fields));
        return rules;
    }

    /** No field may stand under another, and list places not beside names: the result could not be both. */
    private void checkNames(Yaml fields, Set<String> targets) {
        var kinds = new HashMap<String, Boolean>();
        for (String target : targets) {
            if (target.isBlank() || target.startsWith(".") || target.endsWith(".") || target.contains("..")) {
                problems.addAtKey(
                        fields,
                        target,
                        "\"" + target + "\" is not a path; names with single dots between them are expected");
                continue;
            }
            String[] names = FieldPath.parts(target);
            String above = "";
            for (int i = 0; i < names.length; i++) {
                if (i > 0 && targets.contains(above)) {
                    problems.addAtKey(
                            fields,
                            target,
                            "\"" + target + "\" is under \"" + above + "\", which has a value of its own; keep one");
                }
                boolean position = FieldPath.isPosition(names[i]);
                Boolean before = kinds.putIfAbsent(above, position);
                if (before != null && before != position) {
                    problems.addAtKey(
                            fields,
                            target,
                            "\"" + target + "\" makes \"" + above
                                    + "\" both a list and a map; use only numbers or only names");
                }
                above = above.isEmpty() ? names[i] : above + "." + names[i];
            }
        }
    }
}
