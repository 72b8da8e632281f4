package dev.serai.route;

import dev.serai.facts.Flow;
import dev.serai.run.Canary;
import dev.serai.store.FlowSwitches.State;
import dev.serai.store.FlowSwitches.Switch;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Which flow takes which events. A flow that is being replaced by its new version keeps its place: events that arrive in
 * that moment get their run and wait for it.
 */
public final class Subscribers {
    /**
     * What a flow takes.
     *
     * @param source the only connection whose events are taken, or empty for all
     * @param replaces the flow whose records it is to get bit by bit, or empty
     */
    record Subscription(String flow, List<String> types, String source, String replaces, FlowOptions options) {
        boolean takes(String type, String from) {
            return types.contains(type) && (source.isEmpty() || source.equals(from));
        }

        /** What people are told of it. */
        Flow.Terms terms() {
            return new Flow.Terms(
                    types,
                    source,
                    replaces,
                    options.priority().name().toLowerCase(Locale.ROOT),
                    options.concurrent(),
                    options.gathering().most());
        }
    }

    private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();
    private final Map<String, EventConsumer> consumers = new ConcurrentHashMap<>();
    private volatile Map<String, Switch> switches = Map.of();

    void arrive(Subscription subscription, EventConsumer consumer) {
        subscriptions.put(subscription.flow(), subscription);
        consumers.put(subscription.flow(), consumer);
    }

    /** The flow stops working, but its events are still kept for it. */
    void pause(String flow, EventConsumer consumer) {
        consumers.remove(flow, consumer);
    }

    /** Forgets the flows that no file declares any more. */
    void retain(Set<String> flows) {
        subscriptions.keySet().retainAll(flows);
    }

    /** What people have switched, as all hubs know it. */
    void switched(Map<String, Switch> now) {
        switches = Map.copyOf(now);
    }

    /** On, as long as nobody has said anything else. */
    State state(String flow) {
        Switch known = switches.get(flow);
        return known == null ? State.ON : known.state();
    }

    /** Percent of the records of the flow it replaces. */
    int share(String flow) {
        Switch known = switches.get(flow);
        return known == null ? 0 : known.share();
    }

    private boolean paused(String flow) {
        return state(flow) == State.PAUSED;
    }

    /** Flows whose runs wait until a person says otherwise. */
    Set<String> paused() {
        return switches.keySet().stream().filter(this::paused).collect(Collectors.toUnmodifiableSet());
    }

    /** The canaries that get something now. @return the flow it replaces, by canary */
    Map<Switch, String> canaries() {
        var canaries = new HashMap<Switch, String>();
        for (Subscription each : subscriptions.values()) {
            Switch known = switches.get(each.flow());
            if (known != null && known.share() > 0 && subscriptions.containsKey(each.replaces())) {
                canaries.put(known, each.replaces());
            }
        }
        return canaries;
    }

    /** @param record decides between a flow and its canary */
    List<String> flowsFor(String type, String source, String record) {
        return subscriptions.values().stream()
                .filter(s -> s.takes(type, source) && state(s.flow()) != State.OFF && gets(s, type, source, record))
                .map(Subscription::flow)
                .sorted()
                .toList();
    }

    private boolean gets(Subscription one, String type, String source, String record) {
        if (!one.replaces().isEmpty()) {
            Subscription replaced = subscriptions.get(one.replaces());
            boolean alone = replaced == null || !replaced.takes(type, source);
            return alone || isCanarys(one, record);
        }
        for (Subscription other : subscriptions.values()) {
            if (other.replaces().equals(one.flow())
                    && other.takes(type, source)
                    && state(other.flow()) != State.OFF
                    && isCanarys(other, record)) {
                return false;
            }
        }
        return true;
    }

    private boolean isCanarys(Subscription canary, String record) {
        return Canary.takes(canary.flow(), record, share(canary.flow()));
    }

    /** What the files of the flows say, by name. */
    Map<String, Subscription> all() {
        return Map.copyOf(subscriptions);
    }

    /** How a flow wants its runs to be treated; empty when it does not work now, or was paused. */
    Optional<FlowOptions> options(String flow) {
        return consumers.containsKey(flow) && !paused(flow)
                ? Optional.ofNullable(subscriptions.get(flow)).map(Subscription::options)
                : Optional.empty();
    }

    /** The flows that can work now and were not paused. */
    Set<String> working() {
        return consumers.keySet().stream().filter(flow -> !paused(flow)).collect(Collectors.toUnmodifiableSet());
    }

    /** What runs a flow, also while it is paused: what is under way comes to its end. */
    Optional<EventConsumer> consumer(String flow) {
        return Optional.ofNullable(consumers.get(flow));
    }

    /** What runs a flow, for a run that has not begun. */
    Optional<EventConsumer> ready(String flow) {
        return paused(flow) ? Optional.empty() : consumer(flow);
    }

    /** Flows that take nothing but what the hub itself tells. */
    Set<String> own() {
        return subscriptions.values().stream()
                .filter(s -> s.types().stream().allMatch(type -> type.startsWith(Intake.OWN)))
                .map(Subscription::flow)
                .collect(Collectors.toUnmodifiableSet());
    }
}
