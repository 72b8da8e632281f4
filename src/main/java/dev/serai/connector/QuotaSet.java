package dev.serai.connector;

import dev.serai.connector.Quota.Cost;
import dev.serai.run.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a remote allows: in all, and beside that for operations and for groups of them.
 *
 * @param own those of operations, by name
 * @param groups those that several operations share, by name; no operation has the name of a group
 */
public record QuotaSet(Quota all, Map<String, Quota> own, Map<String, Group> groups) {

    /** @param operations that share it */
    public record Group(Quota quota, Set<String> operations) {}

    /** One that calls have to keep. @param name of an operation or a group; empty for the whole connection */
    public record Limit(String name, Quota quota) {}

    /** {@link Quota#NONE} where the file says nothing of the operation or the group; empty for the whole connection. */
    public Quota of(String name) {
        if (name.isEmpty()) {
            return all;
        }
        Group group = groups.get(name);
        return group == null ? own.getOrDefault(name, Quota.NONE) : group.quota;
    }

    /** All that limit a call of an operation, the narrowest first. */
    public List<Limit> limits(String operation) {
        var limits = new ArrayList<Limit>(2);
        add(limits, operation, own.getOrDefault(operation, Quota.NONE));
        groups.forEach((name, group) -> {
            if (group.operations.contains(operation)) {
                add(limits, name, group.quota);
            }
        });
        add(limits, "", all);
        return limits;
    }

    private static void add(List<Limit> limits, String name, Quota quota) {
        if (!quota.allowed().unlimited()) {
            limits.add(new Limit(name, quota));
        }
    }

    /** Those of operations and groups, by name. */
    public Map<String, Quota> named() {
        var named = new LinkedHashMap<>(own);
        groups.forEach((name, group) -> named.put(name, group.quota));
        return named;
    }

    /** What one call of an operation takes where points are counted. */
    public Cost cost(String operation) {
        return own.getOrDefault(operation, all).cost();
    }

    /** What one call of an operation takes of each limit. @param records of a batch, else 1 */
    public Units units(String operation, int records) {
        return new Units(1, cost(operation).of(records));
    }

    /**
     * Which limit an answer "too many" means: the one it names, else one that is used up by its word, else the narrowest.
     * Where the file states none, it is one of the operation that nothing is known of.
     */
    public Limit meant(String operation, Answer answer, Instant now) {
        List<Limit> limits = limits(operation);
        return limits.stream()
                .filter(limit -> limit.quota.exceeded(answer).isPresent())
                .findFirst()
                .or(() -> limits.stream()
                        .filter(limit -> limit.quota.usedUp(answer, now))
                        .findFirst())
                .or(() -> limits.stream().findFirst())
                .orElseGet(() -> unstated(operation));
    }

    /** The limit of an operation that has none by its file: what it is shows when the remote says "too many". */
    public static Limit unstated(String operation) {
        return new Limit(operation, Quota.NONE);
    }

    /** How long an answer "too many" asks us to wait; empty when it says nothing. @param retryAfter that header, or empty */
    Optional<Duration> pause(String operation, Answer answer, Optional<Duration> retryAfter, Instant now) {
        return meant(operation, answer, now).quota.pause(answer, retryAfter, now);
    }
}
