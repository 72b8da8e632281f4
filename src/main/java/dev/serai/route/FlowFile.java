package dev.serai.route;

import dev.serai.file.Yaml;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A file of {@code routes/} as text with places: what the checks and the swap need to know before Camel reads it.
 *
 * @param name as messages show it, {@code routes/lead-created.camel.yaml}
 */
record FlowFile(String name, String text, Yaml root) {
    /** Steps below these are not taken by each exchange, or more than once. */
    private static final Set<String> SOMETIMES = Set.of(
            "choice",
            "filter",
            "split",
            "loop",
            "doCatch",
            "onException",
            "onFallback",
            "aggregate",
            "idempotentConsumer");

    /** @throws dev.serai.file.FileRefused when it is no YAML */
    static FlowFile read(String name, String text) {
        return new FlowFile(name, text, Yaml.read(name, text));
    }

    /** The routes by id; a route without one is left out (the checks complain about it). */
    Map<String, Yaml> routes() {
        var routes = new LinkedHashMap<String, Yaml>();
        for (Yaml item : root.items()) {
            item.get("route").ifPresent(route -> route.text("id").ifPresent(id -> routes.put(id, route)));
        }
        return routes;
    }

    /** The ids of the shared error handling this file declares. */
    List<String> configurations() {
        return root.items().stream()
                .flatMap(item -> item.get("routeConfiguration").stream())
                .flatMap(configuration -> configuration.text("id").stream())
                .toList();
    }

    /** Those of them that park what they give up. */
    List<String> deadLettering() {
        return root.items().stream()
                .flatMap(item -> item.get("routeConfiguration").stream())
                .filter(TrapLint::keepsDeadLetters)
                .flatMap(configuration -> configuration.text("id").stream())
                .toList();
    }

    /** The error handling its routes name. */
    Set<String> named() {
        return routes().values().stream()
                .flatMap(route -> route.text("routeConfigurationId").stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * A place where a route takes from or sends to an endpoint.
     *
     * @param key the name of the step: from, to, toD, …
     * @param always whether each exchange comes there, and comes once
     */
    record Use(String key, Yaml at, String uri, Yaml parameters, boolean always) {
        /** An option, whether it stands in the address or in a line of its own. */
        Optional<String> option(String name) {
            Optional<String> own = Optional.ofNullable(parameters).flatMap(p -> p.text(name));
            int query = uri.indexOf('?');
            return own.isPresent() || query < 0
                    ? own
                    : Stream.of(uri.substring(query + 1).split("&"))
                            .filter(part -> part.startsWith(name + "="))
                            .map(part -> part.substring(name.length() + 1))
                            .findFirst();
        }

        /** Without its options: {@code event:contact.created}. */
        String address() {
            return uri.replaceAll("\\?.*", "");
        }
    }

    /** Where a route takes its exchanges from. */
    Optional<Use> from(Yaml route) {
        return uses(route).stream().filter(use -> use.key().equals("from")).findFirst();
    }

    /** Every endpoint a route names, in the order of the file. */
    List<Use> uses(Yaml route) {
        var uses = new ArrayList<Use>();
        collect(route, uses, true);
        return uses;
    }

    private static void collect(Yaml at, List<Use> uses, boolean always) {
        at.entries().forEach((key, value) -> {
            if (List.of("from", "to", "toD", "wireTap", "enrich", "pollEnrich").contains(key)) {
                Yaml uri = value.isScalar() ? value : value.get("uri").orElse(value);
                uses.add(new Use(key, value, uri.text(), value.get("parameters").orElse(null), always));
            }
            collect(value, uses, always && !SOMETIMES.contains(key));
        });
        at.items().forEach(item -> collect(item, uses, always));
    }
}
