package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.record.Masks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Two versions of a mapping over the same records: what becomes different. Takes any number of records in bounded memory.
 * Not for several threads.
 */
public final class Comparison {
    private static final int EXAMPLES = 3;

    /** Fields told apart; a mapping has fewer, but a flattened map may have any. */
    private static final int MOST_FIELDS = 1_000;

    private final Mapping before;
    private final Mapping after;
    private final Map<String, Changes> fields = new TreeMap<>();
    private final Changes newlyRefused = new Changes();
    private final Changes newlyTaken = new Changes();
    private long records;
    private long changed;
    private long refusedByBoth;

    public Comparison(Mapping before, Mapping after) {
        this.before = before;
        this.after = after;
    }

    /**
     * One record that becomes different.
     *
     * @param record what the record is called
     * @param before the value, or the refusal, masked; {@code -} when there is none
     */
    public record Example(String record, String before, String after) {}

    /** How often something happens, with the first examples of it. */
    public static final class Changes {
        private final List<Example> examples = new ArrayList<>();
        private long count;

        /** @param example is only made while there are few */
        private void add(Supplier<Example> example) {
            count++;
            if (examples.size() < EXAMPLES) {
                examples.add(example.get());
            }
        }

        public long count() {
            return count;
        }

        public List<Example> examples() {
            return List.copyOf(examples);
        }
    }

    /** Sends one record through both. @param name how examples call it; no personal value */
    public void take(String name, JsonNode record) {
        records++;
        Object old = outcome(before, record);
        Object fresh = outcome(after, record);
        if (old instanceof Refused was && fresh instanceof Refused is) {
            refusedByBoth++;
            if (!was.getMessage().equals(is.getMessage())) {
                change("(refusal)", () -> new Example(name, reasons(was), reasons(is)));
            }
        } else if (fresh instanceof Refused is) {
            newlyRefused.add(() -> new Example(name, "a result", reasons(is)));
        } else if (old instanceof Refused was) {
            newlyTaken.add(() -> new Example(name, reasons(was), "a result"));
        } else {
            int differences = compare(name, "", (JsonNode) old, (JsonNode) fresh);
            changed += differences > 0 ? 1 : 0;
        }
    }

    private static Object outcome(Mapping mapping, JsonNode record) {
        try {
            return mapping.apply(record);
        } catch (Refused e) {
            return e;
        }
    }

    private static String reasons(Refused refused) {
        return String.join(
                "; ", refused.problems().stream().map(FieldProblem::toString).toList());
    }

    /** @return the number of fields that differ */
    private int compare(String name, String path, JsonNode old, JsonNode fresh) {
        if (old != null && fresh != null && old.isObject() && fresh.isObject()) {
            var names = new TreeSet<String>();
            old.fieldNames().forEachRemaining(names::add);
            fresh.fieldNames().forEachRemaining(names::add);
            int differences = 0;
            for (String field : names) {
                differences += compare(name, join(path, field), old.get(field), fresh.get(field));
            }
            return differences;
        }
        if (old != null && fresh != null && old.isArray() && fresh.isArray() && old.size() == fresh.size()) {
            int differences = 0;
            for (int i = 0; i < old.size(); i++) {
                differences += compare(name, join(path, "*"), old.get(i), fresh.get(i));
            }
            return differences;
        }
        if (old != null && fresh != null && Same.value(old, fresh)) {
            return 0;
        }
        change(path, () -> new Example(name, shown(path, old), shown(path, fresh)));
        return 1;
    }

    private void change(String field, Supplier<Example> example) {
        if (fields.size() < MOST_FIELDS || fields.containsKey(field)) {
            fields.computeIfAbsent(field, f -> new Changes()).add(example);
        }
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private String shown(String path, JsonNode value) {
        if (value == null) {
            return "-";
        }
        // what stands deeper than a field of its own nobody has spoken of
        boolean personal =
                after.isPersonal(path).or(() -> before.isPersonal(path)).orElse(true)
                        || before.isPersonal(path).orElse(false);
        return personal ? Masks.personal(value) : Masks.plain(value);
    }

    public long records() {
        return records;
    }

    /** Records both take, and make different results of. */
    public long changed() {
        return changed;
    }

    public long refusedByBoth() {
        return refusedByBoth;
    }

    public Changes newlyRefused() {
        return newlyRefused;
    }

    public Changes newlyTaken() {
        return newlyTaken;
    }

    /** The fields that differ, by dotted path; {@code *} stands for any place of a list. */
    public Map<String, Changes> fields() {
        return Collections.unmodifiableMap(fields);
    }

    /** Whether the two do the same to every record taken. */
    public boolean same() {
        return fields.isEmpty() && newlyRefused.count == 0 && newlyTaken.count == 0;
    }
}
