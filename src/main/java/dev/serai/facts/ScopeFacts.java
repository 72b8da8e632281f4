package dev.serai.facts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connector.Connector;
import dev.serai.connector.Scopes;
import dev.serai.library.Library;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a connection was granted, held against what the flows call: what lacks will be refused, and what nothing needs may be taken
 * away. Where a file does not say what an operation needs, nothing is said of it.
 */
final class ScopeFacts {
    private final Scopes scopes;
    /** Empty when its vendor told none, which means what was asked for (RFC 6749, 5.1). */
    private final Optional<Set<String>> told;
    /** The flows that call an operation, by its name. */
    private final Map<String, Set<String>> uses;

    private ScopeFacts(Scopes scopes, Optional<Set<String>> told, Map<String, Set<String>> uses) {
        this.scopes = scopes;
        this.told = told;
        this.uses = uses;
    }

    /** @param told as its token came with them; null when nobody said @param flows all there are, also such as are paused */
    static ObjectNode of(Connector connector, String told, Library library, List<Flow> flows) {
        var uses = new TreeMap<String, Set<String>>();
        for (Flow flow : flows) {
            Calling.all(flow, library)
                    .filter(called -> called.connector().name().equals(connector.name()))
                    .forEach(called -> uses.computeIfAbsent(called.operation(), name -> new TreeSet<>())
                            .add(flow.id()));
        }
        return new ScopeFacts(
                        connector.signIn().scopes(), Optional.ofNullable(told).map(Scopes::told), uses)
                .json();
    }

    /** Of a connection without a file. */
    static ObjectNode none() {
        return json(Set.of(), Set.of(), Optional.empty());
    }

    private ObjectNode json() {
        Set<String> granted = told.orElseGet(scopes::asked);
        Optional<Set<String>> needed = needed();
        ObjectNode json = json(scopes.asked(), granted, needed);
        if (!granted.isEmpty()) {
            uses.forEach((operation, flows) -> missing(json.withArray("missing"), operation, flows, granted));
            needed.ifPresent(all -> unneeded(granted, all).forEach(json.withArray("unneeded")::add));
        }
        return json;
    }

    private static ObjectNode json(Set<String> asked, Set<String> granted, Optional<Set<String>> needed) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        asked.forEach(json.putArray("asked")::add);
        granted.forEach(json.putArray("granted")::add);
        needed.ifPresentOrElse(all -> all.forEach(json.putArray("needed")::add), () -> json.putNull("needed"));
        json.putArray("missing");
        json.putArray("unneeded");
        return json;
    }

    /** Empty when an operation that a flow calls does not say, or none calls any. */
    private Optional<Set<String>> needed() {
        if (uses.isEmpty() || !uses.keySet().stream().allMatch(scopes::isSaid)) {
            return Optional.empty();
        }
        var needed = new TreeSet<String>();
        uses.keySet().forEach(operation -> needed.addAll(scopes.neededFor(operation)));
        return Optional.of(needed);
    }

    private void missing(ArrayNode missing, String operation, Set<String> flows, Set<String> granted) {
        for (String scope : scopes.neededFor(operation)) {
            if (!granted.contains(scope)) {
                ObjectNode one = missing.addObject().put("scope", scope).put("operation", operation);
                flows.forEach(one.putArray("flows")::add);
            }
        }
    }

    /** What the file asks for and no operation names is for something else: a refresh token, say. */
    private Set<String> unneeded(Set<String> granted, Set<String> needed) {
        Set<String> asked = scopes.asked();
        Set<String> stated = scopes.stated();
        var unneeded = new TreeSet<>(granted);
        unneeded.removeIf(scope -> asked.contains(scope) && !stated.contains(scope));
        unneeded.removeAll(needed);
        unneeded.removeAll(scopes.ofProofs());
        return unneeded;
    }
}
