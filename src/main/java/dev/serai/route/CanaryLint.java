package dev.serai.route;

import dev.serai.file.Problems;
import dev.serai.file.Suggest;
import dev.serai.file.Yaml;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A new version of a flow names the flow it replaces: one that there is, and that nobody else replaces. */
final class CanaryLint {
    private CanaryLint() {}

    private record Taker(String flow, String replaces, Yaml at) {}

    static void check(FlowFile file, List<FlowFile> all, Problems problems) {
        Map<String, Taker> takers = new HashMap<>();
        all.forEach(each ->
                each.routes().forEach((id, route) -> taker(each, id, route).ifPresent(t -> takers.put(id, t))));
        for (String id : file.routes().keySet()) {
            Taker own = takers.get(id);
            if (own != null && !own.replaces.isEmpty()) {
                check(own, takers, problems);
            }
        }
    }

    private static Optional<Taker> taker(FlowFile file, String id, Yaml route) {
        return file.from(route)
                .filter(use -> use.uri().startsWith("event:"))
                .map(use -> new Taker(id, use.option("replaces").orElse(""), use.at()));
    }

    private static void check(Taker own, Map<String, Taker> takers, Problems problems) {
        Taker replaced = takers.get(own.replaces);
        if (replaced == null) {
            problems.add(
                    own.at,
                    "replaces \"" + own.replaces + "\", and no flow of that name takes events; "
                            + Suggest.hint(own.replaces, takers.keySet())
                            + "; when the old flow is gone for good, take the option away");
        } else if (!replaced.replaces.isEmpty() || own.replaces.equals(own.flow)) {
            problems.add(
                    own.at,
                    "replaces \"" + own.replaces + "\", which is a new version itself; name a flow that replaces none");
        }
        takers.values().stream()
                .filter(other -> !other.flow.equals(own.flow) && other.replaces.equals(own.replaces))
                .findFirst()
                .ifPresent(other -> problems.add(
                        own.at,
                        "replaces \"" + own.replaces + "\", as " + other.flow
                                + " does; a flow has one new version at a time"));
    }
}
