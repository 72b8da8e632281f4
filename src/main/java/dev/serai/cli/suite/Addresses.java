package dev.serai.cli.suite;

import dev.serai.cli.VendorSettings;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.simulator.Simulator;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The settings of the connectors that are tried: by them each is at its simulator. */
final class Addresses {
    /** For settings nobody needs to know, such as the name of a shop. */
    private static final String ANY = "x";

    private final Map<String, String> settings = new ConcurrentHashMap<>();

    Optional<String> setting(String name) {
        return Optional.ofNullable(settings.get(name));
    }

    /** The address and the credentials are the simulator's from now on. */
    void simulate(Connector connector, Examples examples, Simulator simulator) {
        settings.putAll(VendorSettings.of(connector, simulator));
        settings.putAll(examples.settings());
    }

    /** Its credentials are anybody's from now on; its server is put in when it is there. */
    void post(Connector connector, Examples examples) {
        connector.settings().forEach(name -> settings.put(name, ANY));
        settings.putAll(examples.settings());
    }

    void put(String setting, String value) {
        settings.put(setting, value);
    }

    /**
     * The path of the address that stands in the file for whoever sets none.
     *
     * @return empty when none stands there, and when it comes with a token
     */
    Optional<String> ownPath(Connector connector, Examples examples, Simulator simulator) {
        Set<String> names = connector.settings();
        var given = new LinkedHashMap<>(VendorSettings.of(connector, simulator));
        given.keySet().removeIf(name -> simulator.url(connector.name()).equals(given.get(name)));
        given.putAll(examples.settings());
        settings.keySet().removeAll(names);
        settings.putAll(given);
        try {
            connector.missingSettings().stream()
                    .filter(name -> !VendorSettings.isAddress(name))
                    .forEach(name -> settings.put(name, ANY));
            return Optional.ofNullable(URI.create(connector.address()).getPath());
        } catch (ConnectorRefused | IllegalArgumentException e) {
            return Optional.empty(); // it has none of its own
        } finally {
            settings.keySet().removeAll(names);
        }
    }
}
