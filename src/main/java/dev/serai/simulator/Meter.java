package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.schibsted.spt.data.jslt.Expression;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;

/** What was taken of one quota. */
final class Meter {
    private static final double SECOND = 1_000;

    /**
     * @param requests how many in any window of length {@code per}; with {@code per} zero, how many at one time; with
     *     {@code restored}, what a full bucket holds
     * @param restored what comes back to the bucket in a second; 0 when it is none
     * @param cost what a call takes; null when each takes one
     */
    record Quota(String name, int requests, Duration per, int restored, Expression cost) {
        Quota(String name, int requests, Duration per) {
            this(name, requests, per, 0, null);
        }
    }

    private record Taken(Instant at, int units) {}

    private final Quota quota;
    private final Set<String> only;
    private final Set<String> except;
    private final Deque<Taken> taken = new ArrayDeque<>();
    private int inFlight;
    private double missing;
    private Instant missingAt = Instant.MIN;

    Meter(Quota quota, Set<String> only, Set<String> except) {
        this.quota = quota;
        this.only = only;
        this.except = except;
    }

    String name() {
        return quota.name;
    }

    boolean counts(String operation) {
        return (only.isEmpty() || only.contains(operation)) && !except.contains(operation);
    }

    int cost(Map<String, JsonNode> variables) {
        return quota.cost == null
                ? 1
                : quota.cost.apply(variables, NullNode.getInstance()).asInt(1);
    }

    int left(Instant now) {
        if (quota.restored > 0) {
            return quota.requests - (int) Math.ceil(missing(now));
        }
        if (quota.per.isZero()) {
            return quota.requests - inFlight;
        }
        while (!taken.isEmpty() && !taken.peekFirst().at.plus(quota.per).isAfter(now)) {
            taken.removeFirst();
        }
        return quota.requests - taken.stream().mapToInt(Taken::units).sum();
    }

    private double missing(Instant now) {
        return missing == 0
                ? 0
                : Math.max(0, missing - Duration.between(missingAt, now).toMillis() * quota.restored / SECOND);
    }

    void take(int units, Instant now) {
        inFlight++;
        if (quota.restored > 0) {
            missing = missing(now) + units;
            missingAt = now;
        } else if (!quota.per.isZero()) {
            taken.addLast(new Taken(now, units));
        }
    }

    void leave() {
        inFlight = Math.max(0, inFlight - 1);
    }

    void forget() {
        taken.clear();
        missing = 0;
    }

    ObjectNode told(int cost, Instant now) {
        Duration wait = untilFree(cost, now);
        ObjectNode limit = Json.MAKE.objectNode();
        limit.put("name", quota.name).put("requests", quota.requests).put("cost", cost);
        limit.put("restored", quota.restored);
        limit.put("remaining", Math.max(0, left(now)));
        limit.put("per_ms", quota.per.toMillis());
        limit.put("wait_s", Math.max(1, (wait.toMillis() + 999) / 1000));
        return limit.put("reset", now.plus(wait).getEpochSecond());
    }

    private Duration untilFree(int cost, Instant now) {
        if (quota.restored > 0) {
            double lacks = Math.max(0, cost - left(now));
            return Duration.ofMillis((long) Math.ceil(lacks * SECOND / quota.restored));
        }
        return taken.isEmpty()
                ? Duration.ZERO
                : Duration.between(now, taken.peekFirst().at.plus(quota.per));
    }
}
