package dev.serai.facts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.facts.Flow.Branch;
import dev.serai.facts.Flow.Step;
import dev.serai.store.Backlog;
import dev.serai.store.FlowSwitches;
import dev.serai.store.FlowSwitches.State;
import dev.serai.store.FlowSwitches.Switch;
import dev.serai.store.Tallies;
import dev.serai.store.Tallies.Count;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is told of flows: what their files say, how people have switched them, and how their runs go. */
public final class FlowFacts {
    private static final Duration LATELY = Duration.ofHours(1);

    private final FlowSwitches switches;
    private final Backlog backlog;
    private final Tallies tallies;

    public FlowFacts(FlowSwitches switches, Backlog backlog, Tallies tallies) {
        this.switches = switches;
        this.backlog = backlog;
        this.tallies = tallies;
    }

    /** What is told of all flows is made of. @param lately by flow and outcome, of the last hour */
    private record Known(
            Map<String, Switch> switched, Map<String, Map<String, Long>> open, Map<String, Map<String, Long>> lately) {}

    private Known known(Instant now) throws SQLException {
        var open = new HashMap<String, Map<String, Long>>();
        backlog.lately(now).forEach(line -> open.computeIfAbsent(line.flow(), f -> new TreeMap<>())
                .put(line.state(), line.runs()));
        var lately = new HashMap<String, Map<String, Long>>();
        tallies.sums("flow", now.minus(LATELY))
                .forEach(count -> lately.computeIfAbsent(count.name(), f -> new TreeMap<>())
                        .put(count.outcome(), count.count()));
        return new Known(switches.all(), open, lately);
    }

    /**
     * The flows by name. One whose file is gone is told as long as it was switched, or has runs.
     *
     * @param flows those that have a file
     */
    public ArrayNode list(List<Flow> flows, Instant now) throws SQLException {
        Known known = known(now);
        var all = new TreeMap<String, ObjectNode>();
        flows.forEach(flow -> all.put(flow.id(), line(flow, known)));
        var gone = new ArrayList<>(known.open.keySet());
        known.switched.values().stream().filter(one -> one.state() != State.ON).forEach(one -> gone.add(one.flow()));
        gone.forEach(flow -> all.computeIfAbsent(flow, name -> line(gone(name), known)));
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        all.values().forEach(list::add);
        return list;
    }

    private static Flow gone(String flow) {
        return new Flow(
                flow,
                new Flow.Terms(List.of(), "", "", "normal", 0, 1),
                new Flow.Drawing("", "Its file is gone.", "", List.of()),
                false);
    }

    private static ObjectNode line(Flow flow, Known known) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("flow", flow.id());
        json.put("description", flow.drawing().description())
                .put("file", text(flow.drawing().file()))
                .put("from", text(flow.drawing().from()));
        var types = json.putArray("types");
        flow.terms().types().forEach(types::add);
        json.put("source", text(flow.terms().source()))
                .put("replaces", text(flow.terms().replaces()))
                .put("priority", flow.terms().priority())
                .put("concurrent", flow.terms().concurrent())
                .put("batch", flow.terms().batch())
                .put("working", flow.working());
        Switch its = known.switched.get(flow.id());
        json.put("state", its == null ? State.ON.word() : its.state().word())
                .put("share", its == null ? 0 : its.share())
                .put("since", its == null ? null : RunFacts.text(its.since()))
                .put("who", its == null ? null : its.who())
                .put("why", its == null ? null : its.why());
        numbers(json.putObject("runs"), known.open.get(flow.id()));
        numbers(json.putObject("last_hour"), known.lately.get(flow.id()));
        return json;
    }

    private static String text(String value) {
        return value.isEmpty() ? null : value;
    }

    private static void numbers(ObjectNode json, Map<String, Long> numbers) {
        if (numbers != null) {
            numbers.forEach(json::put);
        }
    }

    /** All of one flow: its steps, with what became of them, and its last hour by the minute. */
    public Optional<ObjectNode> show(List<Flow> flows, String name, Instant now) throws SQLException {
        Optional<Flow> known =
                flows.stream().filter(flow -> flow.id().equals(name)).findFirst();
        for (var line : list(flows, now)) {
            if (line.path("flow").asText().equals(name)) {
                ObjectNode json = (ObjectNode) line;
                json.set(
                        "steps",
                        steps(known.orElseGet(() -> gone(name)).drawing().steps(), stepCounts(name, now)));
                json.set("minutes", Minutes.json(tallies.minutes("flow", name, now.minus(LATELY))));
                return Optional.of(json);
            }
        }
        return Optional.empty();
    }

    /** @param lately by step and verdict @param open by step and state */
    private record StepCounts(Map<String, Map<String, Long>> lately, Map<String, Map<String, Long>> open) {}

    private StepCounts stepCounts(String flow, Instant now) throws SQLException {
        var lately = new HashMap<String, Map<String, Long>>();
        for (Count count : tallies.sums("step", now.minus(LATELY))) {
            if (count.name().equals(flow)) {
                lately.computeIfAbsent(count.part(), s -> new TreeMap<>()).put(count.outcome(), count.count());
            }
        }
        var open = new HashMap<String, Map<String, Long>>();
        for (Backlog.AtStep at : backlog.steps(flow, now)) {
            String declared = at.step().replaceAll("#\\d+$", "");
            open.computeIfAbsent(declared, s -> new TreeMap<>()).merge(at.state(), at.runs(), Long::sum);
        }
        return new StepCounts(lately, open);
    }

    private static ArrayNode steps(List<Step> steps, StepCounts counts) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Step step : steps) {
            ObjectNode json = list.addObject()
                    .put("step", text(step.id()))
                    .put("kind", step.kind())
                    .put("what", step.what());
            numbers(json.putObject("last_hour"), counts.lately.get(step.id()));
            numbers(json.putObject("runs"), counts.open.get(step.id()));
            ArrayNode branches = json.putArray("branches");
            for (Branch branch : step.branches()) {
                branches.addObject().put("when", branch.when()).set("steps", steps(branch.steps(), counts));
            }
        }
        return list;
    }
}
