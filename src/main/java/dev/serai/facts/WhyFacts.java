package dev.serai.facts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.mapping.Explained;
import dev.serai.mapping.Mapping;
import dev.serai.mapping.Refused;
import dev.serai.run.Correction;
import dev.serai.store.History.Deed;
import dev.serai.store.History.Payload;
import dev.serai.store.History.Run;
import dev.serai.store.History.StepAttempt;
import dev.serai.store.Names;
import dev.serai.store.Patience;
import dev.serai.store.Trails.Write;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
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
 * event. The value is reckoned again from what the run worked on when it wrote, by the mapping as it is now; where that can't be, it
 * is said.
 */
public final class WhyFacts {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Events that are looked at in one go. */
    private static final int EVENTS = 50;
    /** Writes that are explained. */
    private static final int MOST = 50;

    private final People people;
    private final Function<String, Optional<Mapping>> mappings;
    private final InstantSource clock;

    /** @param mappings by name, as the files are now */
    public WhyFacts(People people, Function<String, Optional<Mapping>> mappings, InstantSource clock) {
        this.people = people;
        this.mappings = mappings;
        this.clock = clock;
    }

    /** @param events so many of the newest were looked at @param all whether there are no older ones */
    public record Told(List<Because> because, int events, boolean all) {
        public ObjectNode json() {
            ObjectNode json = JSON.createObjectNode();
            because.stream().map(Because::json).forEach(json.putArray("items")::add);
            return json.put("events", events).put("all_events", all);
        }
    }

    /**
     * One write that carried it.
     *
     * @param corrected what people had made of the event by then
     * @param explained empty when it can't be reckoned again; then {@code unsure} says why
     */
    public record Because(
            Run run,
            Write write,
            Mapping mapping,
            String target,
            boolean changed,
            List<Deed> corrected,
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
            var corrections = json.putArray("corrections");
            corrected.forEach(deed -> corrections.add(correction(deed)));
            json.put("from", explained.map(Explained::source).orElse(null));
            json.put("rules", explained.map(WhyFacts::rules).orElse(null));
            json.set("value", explained.flatMap(Explained::after).orElse(null));
            return json.put("unsure", unsure.isEmpty() ? null : unsure);
        }
    }

    private static ObjectNode correction(Deed deed) {
        ObjectNode json = JSON.createObjectNode();
        json.put("at", RunFacts.text(deed.at())).put("who", deed.who()).put("why", deed.why());
        var paths = json.putArray("paths");
        try {
            Correction.patch(deed.patch()).paths().forEach(paths::add);
        } catch (IllegalArgumentException e) {
            // not kept any more
        }
        return json;
    }

    private static String rules(Explained explained) {
        return explained.steps().stream().skip(1).map(Explained.Step::rule).collect(Collectors.joining(", "));
    }

    /**
     * What wrote the field, the newest fifty writes, the newest first. Goes from the newest events about that person or record to older
     * ones until a write is found, as long as somebody waits for the answer.
     */
    public Told ask(String typed, String field) throws SQLException {
        Instant end = clock.instant().plus(Patience.WITH_PEOPLE);
        long before = Long.MAX_VALUE;
        int looked = 0;
        while (true) {
            List<Long> events = people.events(typed, before, EVENTS);
            looked += events.size();
            List<Because> because = events.isEmpty() ? List.of() : because(events, field);
            boolean all = events.size() < EVENTS;
            if (all || !because.isEmpty() || !clock.instant().isBefore(end)) {
                return new Told(because, looked, all);
            }
            before = events.get(events.size() - 1);
        }
    }

    private List<Because> because(List<Long> events, String field) throws SQLException {
        Map<Long, Run> runs = people.trails().runs(events).stream().collect(Collectors.toMap(Run::id, run -> run));
        var past = new Past(runs);
        var because = new ArrayList<Because>();
        for (Write write : people.trails().writes(runs.keySet())) {
            if (because.size() >= MOST) {
                break;
            }
            because.addAll(because(new Asked(runs.get(write.run()), write, field), past));
        }
        return because;
    }

    /** What some runs worked on; what many writes of a run need is read once. */
    private final class Past {
        private final Map<Long, Optional<Payload>> arrived = new HashMap<>();
        private final Map<Long, List<Deed>> deeds;
        private final Map<Long, List<StepAttempt>> attempts;

        Past(Map<Long, Run> runs) throws SQLException {
            deeds = people.trails().byHand(runs.keySet());
            deeds.values().removeIf(all -> all.stream().allMatch(deed -> deed.patch() == null));
            attempts = people.trails().attempts(deeds.keySet());
        }

        Optional<Corrected> at(Run run, Write write) throws SQLException {
            if (!arrived.containsKey(run.id())) {
                arrived.put(run.id(), people.history().payload(run.event().id()));
            }
            return arrived.get(run.id())
                    .map(payload -> Corrected.at(payload, deeds.getOrDefault(run.id(), List.of()), sent(write)));
        }

        /** What is found done later was sent at the last try. */
        private Instant sent(Write write) {
            return attempts.getOrDefault(write.run(), List.of()).stream()
                    .filter(each -> each.step().equals(write.step()))
                    .map(each -> each.attempt().at())
                    .max(Instant::compareTo)
                    .orElse(write.at());
        }
    }

    private record Asked(Run run, Write write, String field) {}

    private record Used(Mapping mapping, String version) {}

    private List<Because> because(Asked asked, Past past) throws SQLException {
        int bar = asked.write.mapped().indexOf('|');
        List<Used> used = used(asked.write.mapped().substring(0, Math.max(0, bar)));
        int before = used.size();
        used.addAll(used(asked.write.mapped().substring(bar + 1)));
        boolean changed = used.stream().anyMatch(u -> !u.mapping.version().equals(u.version));
        for (int last = used.size() - 1; last >= before; last--) {
            List<String> targets = targets(used.get(last).mapping, asked.field);
            if (!targets.isEmpty()) {
                Optional<Corrected> given = past.at(asked.run, asked.write);
                List<Used> ways = used.subList(0, last + 1);
                return targets.stream()
                        .map(target -> explain(asked, given, ways, target, changed))
                        .toList();
            }
        }
        return List.of();
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

    /**
     * The field by its name or dotted path; only when there is none, all whose last part it is: {@code phone} is
     * {@code merge_fields.PHONE}.
     */
    static List<String> targets(Mapping mapping, String field) {
        String asked = field.toLowerCase(Locale.ROOT);
        List<String> named =
                mapping.fields().stream().filter(asked::equalsIgnoreCase).toList();
        return named.isEmpty()
                ? mapping.fields().stream()
                        .filter(name -> name.toLowerCase(Locale.ROOT).endsWith("." + asked))
                        .toList()
                : named;
    }

    private static Because explain(
            Asked asked, Optional<Corrected> given, List<Used> used, String target, boolean changed) {
        Mapping mapping = used.get(used.size() - 1).mapping;
        List<Deed> corrected = given.map(Corrected::by).orElse(List.of());
        Optional<JsonNode> payload = given.flatMap(each -> json(each.payload()));
        Optional<Explained> explained = payload.flatMap(json -> explained(json, used, target));
        String unsure = payload.isEmpty()
                ? "the event holds no JSON any more"
                : given.get().lost()
                        ? "what it was corrected by is not kept any more; this is by the event as it arrived"
                        : unsure(changed, explained.isPresent());
        return new Because(asked.run, asked.write, mapping, target, changed, corrected, explained, unsure);
    }

    private static String unsure(boolean changed, boolean found) {
        if (changed) {
            return "a mapping file has changed since, or is gone; "
                    + (found ? "this is by the files of today" : "by the files of today the event gives no such value");
        }
        return found
                ? ""
                : "the value came from what the run fetched, and not from the event; what is fetched is not kept";
    }

    private static Optional<Explained> explained(JsonNode payload, List<Used> used, String target) {
        Mapping mapping = used.get(used.size() - 1).mapping;
        List<JsonNode> reached = reached(payload, used.subList(0, used.size() - 1));
        for (int i = reached.size() - 1; i >= 0; i--) {
            Optional<Explained> explained = mapping.explain(reached.get(i)).stream()
                    .filter(each -> each.field().equals(target) && each.after().isPresent())
                    .findFirst();
            if (explained.isPresent()) {
                return explained;
            }
        }
        return Optional.empty();
    }

    private static Optional<JsonNode> json(Payload payload) {
        try {
            return Optional.ofNullable(JSON.readTree(payload.bytes())).filter(json -> !json.isMissingNode());
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
