package dev.serai.facts;

import dev.serai.connector.Batches;
import dev.serai.connector.Connector;
import dev.serai.connector.Operation;
import dev.serai.library.Library;
import dev.serai.run.Allowance;
import dev.serai.run.Cost;
import dev.serai.run.Units;
import dev.serai.run.Window;
import dev.serai.store.Buckets.Limited;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What so many records would take of the limits of the connections they go to, reckoned before anything is sent. It is the most
 * they take if each goes the whole way once: branches that are not taken and ids that are known make it less, retries more.
 */
public final class Calling {
    private static final String CONNECTOR = "connector";

    private final Map<Limited, Sum> sums = new LinkedHashMap<>();

    /** What goes through one limit. */
    private record Sum(Connector connector, Allowance allowed, Units units) {}

    /**
     * What is taken of one limit.
     *
     * @param window null where the vendor states none
     */
    public record Row(Limited limited, Connector connector, long calls, Window window, Cost cost) {
        /** How long it takes at least when nothing else goes there. */
        public Duration atLeast() {
            return window == null ? Duration.ZERO : cost.atLeast(new Allowance(List.of(window), 0));
        }
    }

    /** Adds the calls of an operation. @param together records that go in one call at most */
    public Calling add(Connector connector, String operation, long records, int together) {
        int most = connector.batch(operation).map(Batches::most).orElse(1);
        int each = Math.max(1, Math.min(most, together));
        long full = records / each;
        int rest = (int) (records % each);
        long calls = full + (rest > 0 ? 1 : 0);
        for (String call : connector.operation(operation).madeOf()) {
            if (call.equals(operation)) {
                take(connector, call, full, each);
                take(connector, call, rest > 0 ? 1 : 0, rest);
            } else {
                take(connector, call, calls, 1);
            }
        }
        return this;
    }

    private void take(Connector connector, String operation, long calls, int records) {
        if (calls == 0) {
            return;
        }
        var quotas = connector.quotas();
        Units units = quotas.units(operation, records).times(calls);
        add(new Limited(connector.name(), ""), connector, quotas.all().allowed(), units);
        quotas.limits(operation).stream()
                .filter(limit -> !limit.name().isEmpty()
                        && !limit.quota().allowed().windows().isEmpty())
                .forEach(limit -> add(
                        new Limited(connector.name(), limit.name()),
                        connector,
                        limit.quota().allowed(),
                        units));
    }

    private void add(Limited limited, Connector connector, Allowance allowed, Units units) {
        sums.merge(
                limited,
                new Sum(connector, allowed, units),
                (before, more) -> new Sum(connector, allowed, before.units.plus(more.units)));
    }

    /**
     * Adds what a flow calls for so many records.
     *
     * @param from the step they begin at, by its id: writes before it were done already, reads are asked again; empty for the
     *     whole flow
     */
    public Calling add(Flow flow, Library library, long records, String from) {
        List<Flow.Step> steps = steps(flow.drawing().steps());
        int begin = Math.max(0, steps.stream().map(Flow.Step::id).toList().indexOf(from));
        for (int i = 0; i < steps.size(); i++) {
            boolean again = i >= begin;
            called(steps.get(i), library)
                    .filter(call -> again || call.isRead())
                    .ifPresent(call -> add(
                            call.connector,
                            call.operation,
                            records,
                            flow.terms().batch()));
        }
        return this;
    }

    /** An operation that a step calls. */
    record Called(Connector connector, String operation) {
        boolean isRead() {
            return connector.operations().get(operation) instanceof Operation.Read;
        }
    }

    /** All steps, those of branches too, in their order. */
    static List<Flow.Step> steps(List<Flow.Step> tree) {
        var all = new ArrayList<Flow.Step>();
        for (Flow.Step step : tree) {
            all.add(step);
            step.branches().forEach(branch -> all.addAll(steps(branch.steps())));
        }
        return all;
    }

    /** The connections that a flow calls. */
    public static Set<Connector> connectors(Flow flow, Library library) {
        return all(flow, library).map(Called::connector).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** All that a flow calls, and where it begins when that is a stream. */
    static Stream<Called> all(Flow flow, Library library) {
        String from = flow.drawing().from();
        Stream<Called> stream = from.startsWith(CONNECTOR + ":")
                ? called(from.substring(CONNECTOR.length() + 1), library).stream()
                : Stream.empty();
        return Stream.concat(
                stream, steps(flow.drawing().steps()).stream().flatMap(step -> called(step, library).stream()));
    }

    /** What a step calls; empty for none, or one that has no file. */
    static Optional<Called> called(Flow.Step step, Library library) {
        return step.kind().equals(CONNECTOR) ? called(step.what(), library) : Optional.empty();
    }

    private static Optional<Called> called(String what, Library library) {
        String[] parts = what.replaceAll("[?].*", "").split("/", 2);
        return parts.length == 2
                ? library.connector(parts[0])
                        .filter(connector -> connector.operations().containsKey(parts[1]))
                        .map(connector -> new Called(connector, parts[1]))
                : Optional.empty();
    }

    /** What it comes to, limit by limit, in the order the connections were met. */
    public List<Row> rows() {
        var rows = new ArrayList<Row>();
        sums.forEach((limited, sum) -> {
            var cost = new Cost(sum.units);
            if (sum.allowed.windows().isEmpty()) {
                rows.add(new Row(limited, sum.connector, sum.units.calls(), null, cost));
            }
            sum.allowed
                    .windows()
                    .forEach(window -> rows.add(new Row(limited, sum.connector, sum.units.calls(), window, cost)));
        });
        return rows;
    }
}
