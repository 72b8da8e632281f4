package dev.serai.facts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.mapping.Explained;
import dev.serai.mapping.Mapping;
import dev.serai.mapping.Refused;
import dev.serai.store.History;
import dev.serai.store.History.Run;
import dev.serai.store.Names;
import dev.serai.store.Trails.Write;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Why a field of a person or a record has its value: which writes carried it, by which rule of which mapping file, of which run and
 * event. The value is reckoned again from the event as it is stored, by the mapping as it is now; where that can't be, it is said.
 */
public final class WhyFacts {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int EVENTS = 50;
    /** Writes that are explained. */
    private static final int MOST = 50;

    private final People people;
    private final Function<String, Optional<Mapping>> mappings;

    /** @param mappings by name, as the files are now */
    public WhyFacts(People people, Function<String, Optional<Mapping>> mappings) {
        this.people = people;
        this.mappings = mappings;
    }

    /** @param explained empty when it can't be reckoned again; then {@code unsure} says why */
    public record Because(
            Run run,
            Write write,
            Mapping mapping,
            String target,
            boolean changed,
            Optional<Explained> explained,
            String unsure) {
        public ObjectNode json() {
            ObjectNode json = JSON.createObjectNode();
            json.put("at", RunFacts.text(write.at()))
                    .put("receipt", run.event().receipt())
                    .put("source", run.event().source())
                    .put("type", run.event().type())
                    .put("run", Names.run(write.run()))
                    .put("flow", run.flow())
                    .put("step", write.step())
                    .put("state", write.state())
                    .put("connection", write.connection())
                    .put("operation", write.operation())
                    .put("mapping", mapping.name())
                    .put("target", target)
                    .put("place", mapping.place(target).toString())
                    .put("changed_since", changed);
            json.put("from", explained.map(Explained::source).orElse(null));
            json.put("rules", explained.map(WhyFacts::rules).orElse(null));
            json.set("value", explained.flatMap(Explained::after).orElse(null));
            return json.put("unsure", unsure.isEmpty() ? null : unsure);
        }
    }

    private static String rules(Explained explained) {
        return explained.steps().stream().skip(1).map(Explained.Step::rule).collect(Collectors.joining(", "));
    }

    /** What of the newest fifty events about that person or record wrote the field, the newest fifty writes, the newest first. */
    public List<Because> ask(String typed, String field) throws SQLException {
        Map<Long, Run> runs = people.runs(typed, EVENTS).stream().collect(Collectors.toMap(Run::id, run -> run));
        var payloads = new HashMap<Long, Optional<JsonNode>>();
        var because = new ArrayList<Because>();
        for (Write write : people.trails().writes(runs.keySet())) {
            if (because.size() == MOST) {
                break;
            }
            because(new Asked(runs.get(write.run()), write, field), payloads).ifPresent(because::add);
        }
        return because;
    }

    private record Asked(Run run, Write write, String field) {}

    private record Used(Mapping mapping, String version) {}

    /** @param payloads those read so far, by run: a run has many writes */
    private Optional<Because> because(Asked asked, Map<Long, Optional<JsonNode>> payloads) throws SQLException {
        Run run = asked.run;
        Write write = asked.write;
        String field = asked.field;
        int bar = write.mapped().indexOf('|');
        List<Used> used = used(write.mapped().substring(0, Math.max(0, bar)));
        int before = used.size();
        used.addAll(used(write.mapped().substring(bar + 1)));
        for (int last = used.size() - 1; last >= before; last--) {
            Optional<String> target = target(used.get(last).mapping, field);
            if (target.isPresent()) {
                boolean changed =
                        used.stream().anyMatch(u -> !u.mapping.version().equals(u.version));
                if (!payloads.containsKey(run.id())) {
                    payloads.put(run.id(), payload(run));
                }
                return Optional.of(
                        explain(asked, payloads.get(run.id()), used.subList(0, last + 1), target.get(), changed));
            }
        }
        return Optional.empty();
    }

    /** Those of them that are still there. @param mapped {@code name@version}, with spaces between */
    private List<Used> used(String mapped) {
        var used = new ArrayList<Used>();
        for (String each : mapped.isEmpty() ? new String[0] : mapped.split(" ")) {
            int at = each.lastIndexOf('@');
            mappings.apply(each.substring(0, at))
                    .ifPresent(mapping -> used.add(new Used(mapping, each.substring(at + 1))));
        }
        return used;
    }

    /** The field by its name, by its dotted path, or by the last part of it: {@code phone} is {@code merge_fields.PHONE}. */
    private static Optional<String> target(Mapping mapping, String field) {
        String asked = field.toLowerCase(Locale.ROOT);
        return mapping.fields().stream()
                .filter(name -> name.equalsIgnoreCase(asked)
                        || name.toLowerCase(Locale.ROOT).endsWith("." + asked))
                .findFirst();
    }

    private static Because explain(
            Asked asked, Optional<JsonNode> payload, List<Used> used, String target, boolean changed) {
        Run run = asked.run;
        Write write = asked.write;
        Mapping mapping = used.get(used.size() - 1).mapping;
        String unsure = changed ? "a mapping file has changed since, or is gone; this is by the files of today" : "";
        if (payload.isEmpty()) {
            return new Because(
                    run, write, mapping, target, changed, Optional.empty(), "the event holds no JSON any more");
        }
        List<JsonNode> reached = reached(payload.get(), used.subList(0, used.size() - 1));
        for (int i = reached.size() - 1; i >= 0; i--) {
            Optional<Explained> explained = mapping.explain(reached.get(i)).stream()
                    .filter(each -> each.field().equals(target) && each.after().isPresent())
                    .findFirst();
            if (explained.isPresent()) {
                return new Because(run, write, mapping, target, changed, explained, unsure);
            }
        }
        return new Because(
                run,
                write,
                mapping,
                target,
                changed,
                Optional.empty(),
                changed
                        ? "a mapping file has changed since, or is gone; by the files of today the event gives no such value"
                        : "the value came from what the run fetched, and not from the event; what is fetched is not kept");
    }

    private Optional<JsonNode> payload(Run run) throws SQLException {
        History history = people.history();
        Optional<byte[]> bytes = history.corrected(run.id());
        if (bytes.isEmpty()) {
            bytes = history.payload(run.event().id()).map(History.Payload::bytes);
        }
        try {
            return bytes.isEmpty() ? Optional.empty() : Optional.ofNullable(JSON.readTree(bytes.get()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The event, and what the mappings made of it one after the other, each of the newest that it takes. */
    private static List<JsonNode> reached(JsonNode event, List<Used> used) {
        var reached = new ArrayList<JsonNode>(List.of(event));
        for (Used each : used) {
            for (int i = reached.size() - 1; i >= 0; i--) {
                try {
                    reached.add(each.mapping.apply(reached.get(i)));
                    break;
                } catch (Refused e) {
                    // it was made of something else
                }
            }
        }
        return reached;
    }
}
