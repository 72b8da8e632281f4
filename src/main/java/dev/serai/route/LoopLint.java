package dev.serai.route;

import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Flows that feed each other: each event would make another one, for ever. Where a condition ends it, which no lint can
 * see, the step that publishes says so: {@code loop: why it ends}.
 */
final class LoopLint {
    private static final String EVENT = "event:";
    private static final Pattern LOOP = Pattern.compile("[?&]loop=([^&]*)");

    /** Flow to the events it publishes, with the place that publishes each. */
    private final Map<String, Map<String, Yaml>> publishes = new LinkedHashMap<>();

    /** Those of them that say why they end. */
    private final Map<String, Map<String, Yaml>> said = new LinkedHashMap<>();

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
            } else if (reason(use).isPresent()) {
                said.computeIfAbsent(flow, f -> new LinkedHashMap<>()).putIfAbsent(type.strip(), use.at());
            } else {
                publishes.computeIfAbsent(flow, f -> new LinkedHashMap<>()).putIfAbsent(type.strip(), use.at());
            }
        }
    }

    private static Optional<String> reason(FlowFile.Use use) {
        Matcher inUri = LOOP.matcher(use.uri());
        return inUri.find()
                ? Optional.of(inUri.group(1))
                : Optional.ofNullable(use.parameters()).flatMap(parameters -> parameters.text("loop"));
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
                                    + "; publish an event that none of them takes, or add loop: with the reason why"
                                    + " it ends");
                }
            });
            said.getOrDefault(flow, Map.of()).forEach((type, at) -> checkSaid(flow, type, at, problems));
        }
    }

    /** What is allowed stays true: a reason, and something that it is the reason of. */
    private void checkSaid(String flow, String type, Yaml at, Problems problems) {
        if (comesBack(type, flow, new HashSet<>())) {
            if (at.get("parameters").flatMap(p -> p.text("loop")).orElse("x").isBlank()) {
                problems.add(at, "loop: is empty; say why the events of \"" + flow + "\" come to an end");
            }
        } else {
            problems.add(at, "loop: says nothing here: no event comes back to \"" + flow + "\"; take it out");
        }
    }

    /** By any way, those that say why they end included. */
    private boolean comesBack(String type, String flow, Set<String> gone) {
        for (String taker : takers.getOrDefault(type, new TreeSet<>())) {
            if (taker.equals(flow)) {
                return true;
            }
            var next = new TreeSet<>(publishes.getOrDefault(taker, Map.of()).keySet());
            next.addAll(said.getOrDefault(taker, Map.of()).keySet());
            if (gone.add(taker) && next.stream().anyMatch(one -> comesBack(one, flow, gone))) {
                return true;
            }
        }
        return false;
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
