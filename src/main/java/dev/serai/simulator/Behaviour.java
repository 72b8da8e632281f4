package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.schibsted.spt.data.jslt.Expression;
import dev.serai.file.Durations;
import dev.serai.file.Yaml;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What one operation does to the vendor's records, and what it answers: an entry of {@code operations}. */
final class Behaviour {
    private enum Does {
        CREATE,
        READ,
        UPDATE,
        UPSERT,
        DELETE,
        LIST,
        ANSWER
    }

    /** What came of it; {@code record} and {@code effect} are for the ledger. */
    record Outcome(Answer answer, String record, String effect) {}

    /** The records of a vendor and how each collection's records are keyed. */
    record State(Store store, Map<String, Expression> keys) {}

    /** @param stored null when the record is gone or never was */
    private record Change(Store.Stored stored, String key, String effect) {}

    private static final Set<String> NOT_EXPRESSIONS = Set.of("does", "like", "collection", "also", "lag");

    /** Records named in the ledger for one call that touched many. */
    private static final int NAMED = 10;

    private final State state;
    private final Does does;
    private final String collection;
    private final Map<String, Expression> parts = new HashMap<>();
    private final List<Also> also = new ArrayList<>();
    private final Duration stated;
    private Duration lag = Duration.ZERO;

    private record Also(String collection, Expression record) {}

    /** @param operation its members; those of an operation it is like stand behind, and yield */
    Behaviour(Map<String, Yaml> operation, Expressions expressions, State state) {
        this.state = state;
        this.does = operation.containsKey("does")
                ? Does.valueOf(operation.get("does").text().toUpperCase(Locale.ROOT))
                : Does.ANSWER;
        this.collection = operation.containsKey("collection")
                ? operation.get("collection").text()
                : "";
        this.stated =
                operation.containsKey("lag") ? Durations.of(operation.get("lag").text()) : Duration.ZERO;
        operation.forEach((name, part) -> {
            if (!NOT_EXPRESSIONS.contains(name)) {
                parts.put(name, expressions.compile(part));
            }
        });
        if (operation.containsKey("also")) {
            operation
                    .get("also")
                    .items()
                    .forEach(item -> also.add(new Also(
                            item.text("collection").orElseThrow(),
                            expressions.compile(item.get("record").orElseThrow()))));
        }
    }

    /** From now on a list shows what was made only after so long, or as long as the file says where that is longer. */
    void lag(Duration least) {
        lag = least.compareTo(stated) > 0 ? least : stated;
    }

    void noLag() {
        lag = Duration.ZERO;
    }

    /** @throws Refusal when the vendor would refuse; nothing is changed then, unless items of a batch went before */
    Outcome run(Map<String, JsonNode> given, Instant now) {
        var variables = new HashMap<>(given);
        variables.put("collection", Json.MAKE.textNode(collection));
        var changes = parts.containsKey("each") ? batch(variables, now) : List.of(one(variables, now));
        variables.put("effect", Json.MAKE.textNode(effect(changes)));
        also.forEach(more -> addAlso(more, variables, now));
        Answer answer = answer(variables);
        String keys = String.join(
                ",",
                changes.stream()
                        .map(Change::key)
                        .filter(key -> !key.isEmpty())
                        .limit(NAMED)
                        .toList());
        return new Outcome(answer, keys, effect(changes));
    }

    private List<Change> batch(Map<String, JsonNode> variables, Instant now) {
        var changes = new ArrayList<Change>();
        ArrayNode results = Json.MAKE.arrayNode();
        ArrayNode failed = Json.MAKE.arrayNode();
        ArrayNode inOrder = Json.MAKE.arrayNode();
        for (JsonNode item : value("each", variables)) {
            var own = new HashMap<>(variables);
            own.put("item", item);
            try {
                Change change = one(own, now);
                changes.add(change);
                inOrder.add(results.addObject().put("effect", change.effect).set("record", own.get("record")));
            } catch (Refusal e) {
                inOrder.add(failed.addObject()
                        .put("kind", e.kind())
                        .put("message", e.getMessage())
                        .set("item", item));
            }
        }
        variables.put("results", results);
        variables.put("failed", failed);
        variables.put("outcomes", inOrder);
        return changes;
    }

    private Change one(Map<String, JsonNode> variables, Instant now) {
        variables.put("number", Json.MAKE.numberNode(state.store.nextNumber()));
        variables.put("now", Expressions.instant(now));
        variables.put("unix", Json.MAKE.numberNode(now.getEpochSecond()));
        String key = text("key", variables);
        Store.Stored old =
                key.isEmpty() ? null : state.store.get(collection, key).orElse(null);
        variables.put("old", old == null ? NullNode.getInstance() : old.json());
        variables.put("record", variables.get("old"));
        refuse(variables);
        Change change =
                switch (does) {
                    case ANSWER -> new Change(null, "", "");
                    case LIST -> list(variables, now);
                    case READ -> new Change(existing(old), key, "read");
                    case UPDATE -> write(existing(old), variables, now);
                    case UPSERT -> write(old, variables, now);
                    case CREATE -> write(null, variables, now);
                    case DELETE -> delete(existing(old));
                };
        if (change.stored != null) {
            variables.put("record", change.stored.json());
        }
        return change;
    }

    /** {@code refuse} gives null, or {@code kind} with {@code field} and {@code message}. */
    private void refuse(Map<String, JsonNode> variables) {
        JsonNode refusal = value("refuse", variables);
        if (refusal.isObject()) {
            throw new Refusal(
                    refusal.path("kind").asText("invalid"),
                    List.of(new Violation(
                            refusal.path("field").asText(""),
                            refusal.path("rule").asText("value"),
                            refusal.path("message").asText(""))));
        }
    }

    private Store.Stored existing(Store.Stored old) {
        if (old == null) {
            throw new Refusal("not_found", "no such record in " + collection);
        }
        return old;
    }

    /** Keeps the record as it is, with its time of change, when only that time would differ. */
    private Change write(Store.Stored old, Map<String, JsonNode> variables, Instant now) {
        if (old != null && record(variables, old.changed()).equals(old.json())) {
            return new Change(old, old.key(), "unchanged");
        }
        JsonNode record = record(variables, now);
        if (record.isNull()) {
            return new Change(null, "", "");
        }
        String key = keyOf(collection, record);
        if (old == null && state.store.get(collection, key).isPresent()) {
            throw new Refusal("exists", "the record is there already in " + collection);
        }
        if (old != null && !old.key().equals(key)) {
            state.store.remove(collection, old.key());
        }
        var stored = new Store.Stored(key, record, old == null ? now : old.made(), now);
        state.store.put(collection, stored);
        return new Change(stored, key, old == null ? "created" : "updated");
    }

    private JsonNode record(Map<String, JsonNode> variables, Instant now) {
        variables.put("now", Expressions.instant(now));
        variables.put("unix", Json.MAKE.numberNode(now.getEpochSecond()));
        return value("record", variables);
    }

    private Change delete(Store.Stored old) {
        state.store.remove(collection, old.key());
        return new Change(null, old.key(), "deleted");
    }

    private void addAlso(Also more, Map<String, JsonNode> variables, Instant now) {
        JsonNode record = more.record.apply(variables, variables.getOrDefault("record", NullNode.getInstance()));
        if (record.isObject()) {
            state.store.put(more.collection, new Store.Stored(keyOf(more.collection, record), record, now, now));
        }
    }

    private Change list(Map<String, JsonNode> variables, Instant now) {
        new Listing(parts, variables, collection, now.minus(lag))
                .of(state.store)
                .forEach(variables::put);
        return new Change(null, "", "read");
    }

    private String keyOf(String name, JsonNode record) {
        return state.keys.get(name).apply(record).asText();
    }

    private Answer answer(Map<String, JsonNode> variables) {
        int status = parts.containsKey("status") ? value("status", variables).asInt() : 200;
        JsonNode body = value("answer", variables);
        Answer answer = parts.containsKey("answer") ? Answer.json(status, body) : Answer.empty(status);
        return answer.with(value("headers", variables));
    }

    private JsonNode value(String part, Map<String, JsonNode> variables) {
        Expression expression = parts.get(part);
        return expression == null
                ? NullNode.getInstance()
                : expression.apply(variables, variables.getOrDefault("record", NullNode.getInstance()));
    }

    private String text(String part, Map<String, JsonNode> variables) {
        return value(part, variables).asText("");
    }

    private static String effect(List<Change> changes) {
        var effects = new java.util.LinkedHashSet<String>();
        changes.forEach(change -> effects.add(change.effect));
        return String.join(",", effects);
    }
}
