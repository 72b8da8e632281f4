package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The shape a mapping produces: fields under their names, names under names. Branches without a value are left out. */
sealed interface Target {

    /** The value, or null when nothing under it has one. */
    JsonNode build(Given given, List<FieldProblem> problems);

    /** One field. */
    record Leaf(Rule rule) implements Target {
        @Override
        public JsonNode build(Given given, List<FieldProblem> problems) {
            try {
                JsonNode value = rule.apply(given, Rule.Listener.NONE);
                // what we hand out must not change when the record does
                return value != null && value.isContainerNode() ? value.deepCopy() : value;
            } catch (Rule.Failed e) {
                problems.addAll(e.problems());
                return null;
            }
        }
    }

    /** A map of fields. */
    record Branch(String[] names, Target[] children) implements Target {
        @Override
        public JsonNode build(Given given, List<FieldProblem> problems) {
            var object = JsonNodeFactory.instance.objectNode();
            for (int i = 0; i < names.length; i++) {
                JsonNode value = children[i].build(given, problems);
                if (value != null) {
                    object.set(names[i], value);
                }
            }
            return object.isEmpty() ? null : object;
        }
    }

    /** A list; items without a value leave no hole. */
    record Items(Target[] children) implements Target {
        @Override
        public JsonNode build(Given given, List<FieldProblem> problems) {
            var array = JsonNodeFactory.instance.arrayNode(children.length);
            for (Target child : children) {
                JsonNode value = child.build(given, problems);
                if (value != null) {
                    array.add(value);
                }
            }
            return array.isEmpty() ? null : array;
        }
    }

    /** The tree of all rules; their names must not contradict each other, which the reader has checked. */
    static Target of(List<Rule> rules) {
        var placed = new LinkedHashMap<FieldPath, Rule>();
        rules.forEach(rule -> placed.put(FieldPath.of(rule.field()), rule));
        return tree(placed, 0);
    }

    private static Target tree(Map<FieldPath, Rule> placed, int depth) {
        var groups = new LinkedHashMap<String, Map<FieldPath, Rule>>();
        placed.forEach((path, rule) -> groups.computeIfAbsent(path.names()[depth], n -> new LinkedHashMap<>())
                .put(path, rule));
        var children = new ArrayList<Target>();
        for (var group : groups.values()) {
            var first = group.entrySet().iterator().next();
            boolean leaf = first.getKey().names().length == depth + 1;
            children.add(leaf ? new Leaf(first.getValue()) : tree(group, depth + 1));
        }
        Target[] all = children.toArray(Target[]::new);
        boolean list = groups.keySet().stream().allMatch(FieldPath::isPosition);
        return list && depth > 0 ? new Items(all) : new Branch(groups.keySet().toArray(String[]::new), all);
    }
}
