package dev.serai.route;

import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Flows that feed each other: each event would make another one, for ever. */
final class LoopLint {
    private static final String EVENT = "event:";

    /** Flow to the events it publishes, with the place that publishes each. */
    private final Map<String, Map<String, Yaml>> publishes = new LinkedHashMap<>();

    /** Event type to the flows that take it. */
    private final Map<String, TreeSet<String>> takers = new HashMap<>();

    LoopLint(Iterable<FlowFile> files) {
        for (FlowFile file : files) {
            file.routes().forEach((id, route) -> {
                for (FlowFile.Use use : file.uses(route)) {
                    note(id, use);
                }
            });
        }
    }

    private void note(String flow, FlowFile.Use use) {
        if (!use.uri().startsWith(EVENT)) {
            return;
        }
        String types = use.uri().substring(EVENT.length()).replaceAll("\\?.*", "");
        for (String type : types.split(",")) {
            if (use.key().equals("from")) {
                takers.computeIfAbsent(type.strip(), t -> new TreeSet<>()).add(flow);
            } else {
                publishes.computeIfAbsent(flow, f -> new LinkedHashMap<>()).putIfAbsent(type.strip(), use.at());
            }
        }
    }

    /** Notes each way round once, at the step that begins it in this file. */
    void check(FlowFile file, Problems problems) {
        for (String flow : file.routes().keySet()) {
            publishes.getOrDefault(flow, Map.of()).forEach((type, at) -> {
                List<String> way = way(type, flow, new ArrayList<>(List.of(flow)));
                // one of the flows tells of it, the first by name
                if (!way.isEmpty()
                        && way.stream().min(String::compareTo).orElseThrow().equals(flow)) {
                    problems.add(
                            at,
                            "flows feed each other without end: " + String.join(" → ", way) + " → " + flow
                                    + "; publish an event that none of them takes");
                }
            });
        }
    }

    /** The flows an event goes through until it comes back; empty when it does not. */
    private List<String> way(String type, String back, List<String> gone) {
        for (String taker : takers.getOrDefault(type, new TreeSet<>())) {
            if (taker.equals(back)) {
                return gone;
            }
            if (gone.contains(taker)) {
                continue;
            }
            var further = new ArrayList<>(gone);
            further.add(taker);
            for (String next : publishes.getOrDefault(taker, Map.of()).keySet()) {
                List<String> way = way(next, back, further);
                if (!way.isEmpty()) {
                    return way;
                }
            }
        }
        return List.of();
    }
}
