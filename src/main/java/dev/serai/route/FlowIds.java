package dev.serai.route;

import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An id names one route or step in all of {@code routes/}. Camel refuses a second one only while it is starting it, when
 * the first would have to be stopped to find out; and a copied file would take over the runs of the flow it was copied
 * from.
 */
final class FlowIds {
    private FlowIds() {}

    static void check(FlowFile file, List<FlowFile> others, Problems problems) {
        Map<String, String> taken = new HashMap<>();
        for (FlowFile other : others) {
            visit(other.root(), (id, at) -> taken.put(id, other.name()));
        }
        visit(file.root(), (id, at) -> {
            String by = taken.putIfAbsent(id, file.name());
            if (by != null) {
                problems.add(
                        at, "the id \"" + id + "\" is taken already, in " + by + "; every id names one thing only");
            }
        });
    }

    private interface Visitor {
        void id(String id, Yaml at);
    }

    private static void visit(Yaml node, Visitor visitor) {
        node.entries().forEach((key, value) -> {
            if (key.equals("routeConfiguration")) {
                // error handling has names of its own: a route may be called "poll" as well
                value.get("id").ifPresent(id -> visitor.id("error configuration " + id.text(), id));
                value.entries().forEach((part, content) -> {
                    if (!part.equals("id")) {
                        visit(content, visitor);
                    }
                });
            } else if (key.equals("id") && value.isScalar()) {
                visitor.id(value.text(), value);
            } else if (!key.equals("parameters")) {
                visit(value, visitor);
            }
        });
        node.items().forEach(item -> visit(item, visitor));
    }
}
