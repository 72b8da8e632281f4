package dev.serai.drift;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/**
 * What the bodies of one stream look like: the events of one source and type. Not for several threads.
 *
 * <p>Older events count for less: after every 20,000 all counts are halved.
 */
public final class Shape {
    /** Events after which counts are halved. */
    private static final int WINDOW = 20_000;

    final Field root;
    final Budget budget;
    /** Events looked at, halved now and then. */
    long events;

    long allEvents;
    /** Events that had something there was no memory for. */
    long overfull;

    long lastEvent;

    public Shape(Budget budget) {
        this(new Field(), budget);
    }

    Shape(Field root, Budget budget) {
        this.root = root;
        this.budget = budget;
    }

    /**
     * Learns one event.
     *
     * @param event its number, greater than that of the one before
     * @param body null when it is no JSON
     * @return what can no longer be chance, each told once
     */
    public List<Finding> take(long event, Instant at, JsonNode body) {
        if (event <= lastEvent) {
            return List.of();
        }
        lastEvent = event;
        var look = new Look(event, at, budget);
        events++;
        allEvents++;
        overfull += root.take(look, "", body, events, 0) > 0 ? 1 : 0;
        List<Finding> found = Judge.of(look, root, events);
        if (events >= WINDOW) {
            long before = events;
            events /= 2;
            root.halve(before, events);
        }
        return found;
    }

    /** In how many events a finding was so, as far as they were looked at: 0 when it is no longer known. */
    public long count(Finding finding) {
        Field parent = null;
        Field field = root;
        String rest = finding.path();
        while (field != null && !rest.isEmpty()) {
            parent = field;
            String name = field.nameAt(rest);
            field = field.child(name);
            rest = rest.substring(Math.min(rest.length(), name.length() + 1));
        }
        return field == null ? 0 : count(finding, field, parent);
    }

    private static long count(Finding finding, Field field, Field parent) {
        return switch (finding.kind()) {
            case NEW, BACK -> field.mark.total;
            case GONE -> parent == null ? 0 : parent.owner(field) - field.mark.last;
            case RETYPED -> field.total(finding.detail());
            case EMPTY -> Math.max(field.seen - field.filled.last, field.total(Form.NONE.words()));
            case VALUE -> field.values.total(finding.detail());
            case PASSED -> 0;
        };
    }

    /** Events looked at. */
    public long events() {
        return allEvents;
    }

    /** Events that had more than there was memory for; what was beyond it is not watched. */
    public long overfull() {
        return overfull;
    }

    /** Whether it still only learns. */
    public boolean isLearning() {
        return allEvents < Mark.LEARNING;
    }

    /** The number of the newest event it knows. */
    public long lastEvent() {
        return lastEvent;
    }

    /** Gives its memory back; it must not be used any more. */
    public void close() {
        budget.give(root.marks());
    }
}
