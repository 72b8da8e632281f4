package dev.serai.library;

import dev.serai.connector.Connector;
import dev.serai.connector.webhook.Webhooks;
import dev.serai.mapping.Mapping;
import java.util.Map;
import java.util.Optional;

/**
 * The mapping and connector files as they were at one moment, by name.
 *
 * @param doors the webhook sections, by connection
 */
public record Library(Map<String, Mapping> mappings, Map<String, Connector> connectors, Map<String, Webhooks> doors) {

    public static final Library EMPTY = new Library(Map.of(), Map.of(), Map.of());

    public Library {
        mappings = Map.copyOf(mappings);
        connectors = Map.copyOf(connectors);
        doors = Map.copyOf(doors);
    }

    public Optional<Mapping> mapping(String name) {
        return Optional.ofNullable(mappings.get(name));
    }

    public Optional<Connector> connector(String name) {
        return Optional.ofNullable(connectors.get(name));
    }

    public Optional<Webhooks> door(String connection) {
        return Optional.ofNullable(doors.get(connection));
    }
}
