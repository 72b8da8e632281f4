package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.schibsted.spt.data.jslt.Expression;
import dev.serai.file.Durations;
import dev.serai.file.Yaml;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A vendor's quotas. Off until switched on, so that a test meets only the limits it asks for. */
final class Limits {

    private final List<Meter> stated = new ArrayList<>();
    private final Expression headers;
    private List<Meter> enforced = List.of();

    /** @param limits the {@code limits} of a vendor's file, or null */
    Limits(Yaml limits, Expressions expressions) {
        this.headers = limits == null
                ? null
                : limits.get("headers").map(expressions::compile).orElse(null);
        if (limits != null) {
            limits.get("quotas")
                    .orElseThrow()
                    .items()
                    .forEach(quota -> stated.add(new Meter(
                            new Meter.Quota(
                                    quota.text("name").orElse(""),
                                    Integer.parseInt(quota.text("requests").orElseThrow()),
                                    quota.text("per").map(Durations::of).orElse(Duration.ZERO),
                                    quota.text("restored")
                                            .map(Integer::parseInt)
                                            .orElse(0),
                                    quota.get("cost").map(expressions::compile).orElse(null)),
                            names(quota, "only"),
                            names(quota, "except"))));
        }
    }

    private static Set<String> names(Yaml quota, String key) {
        var names = new HashSet<String>();
        quota.get(key).ifPresent(list -> list.items().forEach(item -> names.add(item.text())));
        return names;
    }

    /** From now on the quotas of the vendor's file hold. */
    void enforceStated() {
        enforced = List.copyOf(stated);
    }

    /** From now on this quota holds, for all operations, in place of any other. */
    void enforce(Meter.Quota quota) {
        enforced = List.of(new Meter(quota, Set.of(), Set.of()));
    }

    void off() {
        enforced = List.of();
        stated.forEach(Meter::forget);
    }

    /**
     * Counts a request; {@link #leave} must follow when it is taken.
     *
     * @param variables with {@code $request}, on which it may depend what a call takes
     * @return {@code $limit}: the tightest quota's {@code name}, {@code requests}, {@code remaining}, {@code cost},
     *     {@code restored}, {@code per_ms}, {@code wait_s} and {@code reset} (unix s), with {@code exceeded} when it is used
     *     up, and {@code of}, the same of each by its name; null when none holds
     */
    JsonNode enter(String operation, Map<String, JsonNode> variables, Instant now) {
        Map<Meter, Integer> costs = new LinkedHashMap<>();
        enforced.stream()
                .filter(meter -> meter.counts(operation))
                .forEach(meter -> costs.put(meter, meter.cost(variables)));
        Optional<Meter> tightest =
                costs.keySet().stream().min(Comparator.comparingInt(meter -> meter.left(now) - costs.get(meter)));
        if (tightest.isEmpty()) {
            return NullNode.getInstance();
        }
        Meter meant = tightest.get();
        boolean exceeded = meant.left(now) < costs.get(meant);
        if (!exceeded) {
            costs.forEach((meter, cost) -> meter.take(cost, now));
        }
        ObjectNode limit = meant.told(costs.get(meant), now).put("exceeded", exceeded);
        ObjectNode all = limit.putObject("of");
        costs.forEach((meter, cost) -> all.set(meter.name(), meter.told(cost, now)));
        return limit;
    }

    /** The request is answered. */
    void leave(String operation) {
        enforced.stream().filter(meter -> meter.counts(operation)).forEach(Meter::leave);
    }

    /** The headers this vendor tells its limits with, on any answer. */
    JsonNode headers(Map<String, JsonNode> variables) {
        return headers == null || variables.get("limit").isNull()
                ? NullNode.getInstance()
                : headers.apply(variables, NullNode.getInstance());
    }
}
