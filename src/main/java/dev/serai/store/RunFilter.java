package dev.serai.store;

import dev.serai.run.Owner;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which runs are meant, for lists as for what is done to many at once. What is not said does not matter; an empty or null
 * value says nothing: whoever changes something by it makes sure that what was said has come this far.
 */
public final class RunFilter {
    public static final RunFilter ALL = new RunFilter(List.of());

    private static final Condition NO_NUMBER = new Condition("r.id = ANY (?::bigint[])", List.of(0L));

    private static final String OF_EVENT = "v.";
    private static final String SINCE = "r.created_at >= ?";
    private static final String UNTIL = "r.created_at < ?";

    /**
     * Whether its event is one of these, in words that keep the planner from joining them: it goes through the runs from the newest on
     * and stops when the list is full.
     */
    private static final String OF_THESE_EVENTS =
            "CASE WHEN r.event_id IN (SELECT known FROM unnest(?::bigint[]) AS known) THEN true END";

    private final List<Condition> conditions;

    /** @param sql over a run {@code r} of the view or of the open runs, or over its event {@code v} */
    private record Condition(String sql, Object value) {
        boolean ofEvent() {
            return sql.startsWith(OF_EVENT);
        }
    }

    private RunFilter(List<Condition> conditions) {
        this.conditions = List.copyOf(conditions);
    }

    private RunFilter and(String sql, Object value) {
        boolean saysNothing = value == null
                || value instanceof String text && text.isEmpty()
                || value instanceof Collection<?> many && many.isEmpty();
        if (saysNothing) {
            return this;
        }
        var more = new ArrayList<>(conditions);
        more.add(new Condition(sql, value));
        return new RunFilter(more);
    }

    /** Whether it means every run. */
    public boolean isAll() {
        return conditions.isEmpty();
    }

    /** These and no others: an empty list means none. */
    public RunFilter ids(Collection<Long> ids) {
        return ids.isEmpty() ? new RunFilter(List.of(NO_NUMBER)) : and("r.id = ANY (?::bigint[])", List.copyOf(ids));
    }

    /** @param states waiting, claimed, done, dead or in_doubt */
    public RunFilter states(Collection<String> states) {
        return and("r.state = ANY (?::text[])", List.copyOf(states));
    }

    public RunFilter flow(String flow) {
        return and("r.flow = ?", flow);
    }

    /** The step that failed last. */
    public RunFilter step(String step) {
        return and("r.step = ?", step);
    }

    /** The connection of the step that failed last; of any step when none did. */
    public RunFilter connection(String connection) {
        return and(
                "EXISTS (SELECT FROM step s WHERE s.run_id = r.id AND (r.step IS NULL OR s.step = r.step)"
                        + " AND s.connection = ?)",
                connection);
    }

    /** @param part of the reason, large or small letters */
    public RunFilter reason(String part) {
        return and("position(lower(?) IN lower(r.reason)) > 0", part);
    }

    /** Who has to act. */
    public RunFilter owner(Owner owner) {
        return and("r.owner = ?", Sql.lower(owner));
    }

    /** The connection its event came by, or {@code api}. */
    public RunFilter source(String source) {
        return and("v.source = ?", source);
    }

    /** What its event is about: {@code contact:123}. */
    public RunFilter record(String record) {
        return and("v.record = ?", record);
    }

    /** The type of its event. */
    public RunFilter type(String type) {
        return and("v.type = ?", type);
    }

    /** Only runs with a lower number; 0 says nothing. */
    public RunFilter before(long run) {
        return and("r.id < ?", run == 0 ? null : run);
    }

    /** Only runs with a higher number; 0 says nothing. */
    public RunFilter after(long run) {
        return and("r.id > ?", run == 0 ? null : run);
    }

    /** Arrived then or later. */
    public RunFilter since(Instant at) {
        return and(SINCE, at);
    }

    /** Arrived before. */
    public RunFilter until(Instant at) {
        return and(UNTIL, at);
    }

    /** The same runs, for lists of history: those that arrived before or after are not even looked at. */
    RunFilter inTime() {
        RunFilter bounded = this;
        for (Condition condition : conditions) {
            if (condition.sql.equals(SINCE)) {
                bounded = bounded.and("r.id >= (" + Slices.FIRST_SINCE + ")", condition.value);
            } else if (condition.sql.equals(UNTIL)) {
                bounded = bounded.and("r.id < (" + Slices.FIRST_AFTER + ")", condition.value);
            }
        }
        return bounded;
    }

    /** What is said of their events, as a condition on an event {@code v}; empty when nothing is. */
    Optional<String> ofEvents() {
        return conditions.stream()
                .filter(Condition::ofEvent)
                .map(Condition::sql)
                .reduce((one, other) -> one + " AND " + other);
    }

    /** Binds what {@link #ofEvents} left open. */
    void bindEvents(Sql.Columns columns) throws SQLException {
        bind(columns, conditions.stream().filter(Condition::ofEvent).toList());
    }

    /** The same, with those that were found in place of what is said of their events. */
    RunFilter ofThese(Collection<Long> runs) {
        return ofRuns().ids(runs);
    }

    /** The same, with the events that were found, one at least, in place of what is said of them. */
    RunFilter ofTheseEvents(Collection<Long> events) {
        return ofRuns().and(OF_THESE_EVENTS, List.copyOf(events));
    }

    private RunFilter ofRuns() {
        return new RunFilter(
                conditions.stream().filter(condition -> !condition.ofEvent()).toList());
    }

    /** A condition on a run {@code r}. */
    String sql() {
        String ofRuns = ofRuns().conditions.stream().map(Condition::sql).collect(Collectors.joining(" AND "));
        return (ofRuns.isEmpty() ? "true" : ofRuns)
                + ofEvents()
                        .map(said -> " AND EXISTS (SELECT FROM event v WHERE v.id = r.event_id AND " + said + ")")
                        .orElse("");
    }

    /** Binds what {@link #sql} left open, in order. */
    Sql.Columns bind(Sql.Columns columns) throws SQLException {
        bind(columns, ofRuns().conditions);
        bindEvents(columns);
        return columns;
    }

    private static void bind(Sql.Columns columns, List<Condition> conditions) throws SQLException {
        for (Condition condition : conditions) {
            if (condition.value instanceof Instant at) {
                columns.add(at);
            } else if (condition.value instanceof Long number) {
                columns.add(number.longValue());
            } else if (condition.value instanceof List<?> many) {
                columns.add(many.get(0) instanceof Long ? "int8" : "text", many, x -> x);
            } else {
                columns.add((String) condition.value);
            }
        }
    }
}
