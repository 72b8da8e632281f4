package dev.serai.drift;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Collectors;

/** What is known of one place in the bodies of a stream, and of the places under it. */
final class Field {
    /** Any item of a list; any key of a map whose keys are data. */
    static final String ANY = "*";

    private static final int DEEPEST = 12;
    private static final int MOST_ITEMS = 100;

    /** A map whose keys are data has ever more of them, most of them in few events; those in every fifth are names. */
    private static final int SEEN_OFTEN_ENOUGH = 50;

    private static final int MANY_RARE = 50;
    private static final int RARE = 20;
    private static final int STABLE = 5;

    final Mark mark = new Mark();
    /** Events that had it; goes on counting when {@link #mark} begins anew. */
    long seen;

    /** Whether it had a value, among the times it was there. */
    final Mark filled = new Mark();

    final Map<Form, Mark> forms = new EnumMap<>(Form.class);
    final Values values = new Values();
    /** Those of a map by name, those of a list as {@link #ANY}; a field that was both has both. */
    final Map<String, Field> children = new HashMap<>();

    Field items;
    /** Whether the keys of the map are data: names that are not among the children belong to {@link #ANY}. */
    boolean keyed;

    private static Field make(Look look) {
        return look.budget().take() ? new Field() : null;
    }

    /** Learns a value. @param owner sightings of what it stands in @return how many places found no memory */
    int take(Look look, String path, JsonNode value, long owner, int depth) {
        if (mark.see(look, owner)) {
            seen++;
            if (mark.begins()) {
                mark.begin(look, Examples.of(path, value, false));
            }
        }
        Form form = value == null ? Form.UNREADABLE : Form.of(value);
        Mark shape = forms.computeIfAbsent(form, f -> new Mark());
        if (shape.see(look, seen) && shape.begins()) {
            shape.begin(look, Examples.of(path, value, false));
        }
        if (form != Form.NONE) {
            filled.see(look, seen);
        }
        if (depth == DEEPEST) {
            return 0;
        }
        return switch (form) {
            case MAP -> takeMap(look, path, value, depth);
            case LIST -> takeItems(look, path, value, depth);
            case TEXT, DIGITS, NUMBER -> {
                values.take(look, path, value, seen);
                yield 0;
            }
            default -> 0;
        };
    }

    private int takeMap(Look look, String path, JsonNode map, int depth) {
        long owner = forms.get(Form.MAP).count;
        int lost = 0;
        boolean grown = false;
        for (var member : map.properties()) {
            String name = keyed && !children.containsKey(member.getKey()) ? ANY : member.getKey();
            Field child = children.get(name);
            if (child == null) {
                child = make(look);
                if (child == null) {
                    lost++;
                    continue;
                }
                children.put(name, child);
                grown = true;
            }
            lost += child.take(look, join(path, name), member.getValue(), owner, depth + 1);
        }
        if ((grown || lost > 0) && owner >= SEEN_OFTEN_ENOUGH && !keyed) {
            findDataKeys(look, owner);
        }
        return lost;
    }

    private int takeItems(Look look, String path, JsonNode list, int depth) {
        if (list.isEmpty()) {
            return 0;
        }
        items = items == null ? make(look) : items;
        if (items == null) {
            return 1;
        }
        int lost = 0;
        long owner = forms.get(Form.LIST).count;
        for (int i = 0; i < list.size() && i < MOST_ITEMS; i++) {
            lost += items.take(look, join(path, ANY), list.get(i), owner, depth + 1);
        }
        return lost;
    }

    private void findDataKeys(Look look, long owner) {
        long rare = children.values().stream()
                .filter(child -> child.mark.count <= Math.max(1, owner / RARE))
                .count();
        if (rare < MANY_RARE || rare * 3 < children.size() * 2L) {
            return;
        }
        keyed = true;
        for (Iterator<Field> all = children.values().iterator(); all.hasNext(); ) {
            Field child = all.next();
            if (child.mark.count * STABLE < owner) {
                look.budget().give(child.marks());
                all.remove();
            }
        }
        Field any = make(look);
        if (any != null) {
            // that some key is there is nothing new
            any.mark.settled = true;
            any.mark.from = owner;
            any.mark.count = 1;
            any.mark.last = owner;
            children.put(ANY, any);
        }
    }

    /** Marks of the budget this takes. */
    int marks() {
        int all = 1 + (values.marks == null ? 0 : values.marks.size());
        for (Field child : children.values()) {
            all += child.marks();
        }
        return all + (items == null ? 0 : items.marks());
    }

    /** The forms it had, without the given one, the most frequent first. */
    String otherForms(Form form) {
        return forms.entrySet().stream()
                .filter(entry -> entry.getKey() != form && entry.getValue().settled)
                .sorted((a, b) -> Long.compare(b.getValue().count, a.getValue().count))
                .map(entry -> entry.getKey().words())
                .collect(Collectors.joining(" or "));
    }

    /** The name of the place under this one that a path begins with; names may have dots. */
    String nameAt(String path) {
        int dot = path.indexOf('.');
        while (dot > 0 && child(path.substring(0, dot)) == null) {
            dot = path.indexOf('.', dot + 1);
        }
        return dot < 0 ? path : path.substring(0, dot);
    }

    /** The place of that name; null when there is none. */
    Field child(String name) {
        Field child = children.get(name);
        return child == null && name.equals(ANY) ? items : child;
    }

    /** Events in which a place under this one could have been. */
    long owner(Field child) {
        return count(child == items ? Form.LIST : Form.MAP);
    }

    /** Events with a form, by its name. */
    long total(String words) {
        return forms.entrySet().stream()
                .filter(form -> form.getKey().words().equals(words))
                .mapToLong(form -> form.getValue().total)
                .sum();
    }

    static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Forgets half of the past. @param before sightings of what it stands in @param after the same, halved */
    void halve(long before, long after) {
        mark.halve(before, after);
        long all = seen;
        seen = (seen + 1) / 2;
        filled.halve(all, seen);
        values.halve(all, seen);
        long maps = count(Form.MAP);
        long lists = count(Form.LIST);
        forms.values().forEach(form -> form.halve(all, seen));
        children.values().forEach(child -> child.halve(maps, count(Form.MAP)));
        if (items != null) {
            items.halve(lists, count(Form.LIST));
        }
    }

    long count(Form form) {
        Mark found = forms.get(form);
        return found == null ? 0 : found.count;
    }
}
