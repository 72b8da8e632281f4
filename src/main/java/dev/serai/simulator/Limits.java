package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.schibsted.spt.data.jslt.Expression;
import dev.serai.file.Durations;
import dev.serai.file.Yaml;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A vendor's quotas. Off until switched on, so that a test meets only the limits it asks for. */
final class Limits {

    /** @param requests how many in any window of length {@code per}; with {@code per} zero, how many at one time */
    record Quota(String name, int requests, Duration per) {}

    private static final class Meter {
        private final Quota quota;
        private final Set<String> only;
        private final Set<String> except;
        private final Deque<Instant> taken = new ArrayDeque<>();
        private int inFlight;

        Meter(Quota quota, Set<String> only, Set<String> except) {
            this.quota = quota;
            this.only = only;
            this.except = except;
        }

        boolean counts(String operation) {
            return (only.isEmpty() || only.contains(operation)) && !except.contains(operation);
        }

        int left(Instant now) {
            if (quota.per.isZero()) {
                return quota.requests - inFlight;
            }
            while (!taken.isEmpty() && !taken.peekFirst().plus(quota.per).isAfter(now)) {
                taken.removeFirst();
            }
            return quota.requests - taken.size();
        }

        Duration untilFree(Instant now) {
            return taken.isEmpty()
                    ? Duration.ZERO
                    : Duration.between(now, taken.peekFirst().plus(quota.per));
        }
    }

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
                            new Quota(
                                    quota.text("name").orElse(""),
                                    Integer.parseInt(quota.text("requests").orElseThrow()),
                                    quota.text("per").map(Durations::of).orElse(Duration.ZERO)),
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
    void enforce(Quota quota) {
        enforced = List.of(new Meter(quota, Set.of(), Set.of()));
    }

    void off() {
        enforced = List.of();
        stated.forEach(meter -> meter.taken.clear());
    }

    /**
     * Counts a request; {@link #leave} must follow when it is taken.
     *
     * @return {@code $limit}: the tightest quota's {@code name}, {@code requests}, {@code remaining}, {@code per_ms},
     *     {@code wait_s} and {@code reset} (unix s), with {@code exceeded} when it is used up, and {@code of}, the same of
     *     each by its name; null when none holds
     */
    JsonNode enter(String operation, Instant now) {
        Meter tightest = null;
        for (Meter meter : enforced) {
            if (meter.counts(operation) && (tightest == null || meter.left(now) < tightest.left(now))) {
                tightest = meter;
            }
        }
        if (tightest == null) {
            return NullNode.getInstance();
        }
        boolean exceeded = tightest.left(now) <= 0;
        if (!exceeded) {
            enforced.stream().filter(meter -> meter.counts(operation)).forEach(meter -> {
                meter.taken.addLast(now);
                meter.inFlight++;
            });
        }
        ObjectNode limit = told(tightest, now).put("exceeded", exceeded);
        ObjectNode all = limit.putObject("of");
        enforced.stream()
                .filter(meter -> meter.counts(operation))
                .forEach(meter -> all.set(meter.quota.name, told(meter, now)));
        return limit;
    }

    private static ObjectNode told(Meter meter, Instant now) {
        Duration wait = meter.untilFree(now);
        ObjectNode limit = Json.MAKE.objectNode();
        limit.put("name", meter.quota.name).put("requests", meter.quota.requests);
        limit.put("remaining", Math.max(0, meter.left(now)));
        limit.put("per_ms", meter.quota.per.toMillis());
        limit.put("wait_s", Math.max(1, (wait.toMillis() + 999) / 1000));
        return limit.put("reset", now.plus(wait).getEpochSecond());
    }

    /** The request is answered. */
    void leave(String operation) {
        enforced.stream()
                .filter(meter -> meter.counts(operation) && meter.inFlight > 0)
                .forEach(meter -> meter.inFlight--);
    }

    /** The headers this vendor tells its limits with, on any answer. */
    JsonNode headers(Map<String, JsonNode> variables) {
        return headers == null || variables.get("limit").isNull()
                ? NullNode.getInstance()
                : headers.apply(variables, NullNode.getInstance());
    }
}
