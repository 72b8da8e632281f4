package dev.serai.route;

import dev.serai.api.Flow;
import java.util.Comparator;
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
    /** @param source the only connection whose events are taken, or empty for all */
    record Subscription(String flow, List<String> types, String source, FlowOptions options) {
        boolean takes(String type, String from) {
            return types.contains(type) && (source.isEmpty() || source.equals(from));
        }
    }

    private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();
    private final Map<String, EventConsumer> consumers = new ConcurrentHashMap<>();

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

    List<String> flowsFor(String type, String source) {
        return subscriptions.values().stream()
                .filter(s -> s.takes(type, source))
                .map(Subscription::flow)
                .sorted()
                .toList();
    }

    /** What is told of the flows, by name. */
    List<Flow> told() {
        return subscriptions.values().stream()
                .map(s -> new Flow(
                        s.flow(),
                        s.types(),
                        s.source(),
                        s.options().priority().name().toLowerCase(Locale.ROOT),
                        s.options().concurrent(),
                        s.options().gathering().most(),
                        consumers.containsKey(s.flow())))
                .sorted(Comparator.comparing(Flow::id))
                .toList();
    }

    /** How a flow wants its runs to be treated; empty when it does not work now. */
    Optional<FlowOptions> options(String flow) {
        return consumers.containsKey(flow)
                ? Optional.ofNullable(subscriptions.get(flow)).map(Subscription::options)
                : Optional.empty();
    }

    /** The flows that can work now. */
    Set<String> working() {
        return consumers.keySet().stream().collect(Collectors.toUnmodifiableSet());
    }

    Optional<EventConsumer> consumer(String flow) {
        return Optional.ofNullable(consumers.get(flow));
    }
}
