package dev.serai.cli;

import dev.serai.connector.Connector;
import dev.serai.library.Library;
import dev.serai.simulator.Simulator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What points connector files at their simulated vendors. */
public final class VendorSettings {
    /** How files call a setting that holds an address: {@code zendesk.base-url}, {@code salesforce.login-url}. */
    private static final String ADDRESS = "-url";

    private static final String CLIENT = ".client-id";

    /** Names and users, of which simulated vendors take any. */
    private static final String ANY = "simulated@example.com";

    private VendorSettings() {}

    /** Addresses and credentials of one vendor, by the names its connector file gives them. */
    public static Map<String, String> of(String vendor, Library library, Simulator simulator) {
        return library.connector(vendor)
                .map(connector -> of(connector, simulator))
                .orElseGet(() -> Map.of(vendor + ".base-url", simulator.url(vendor)));
    }

    /** Whether a setting holds an address, by its name. */
    public static boolean isAddress(String setting) {
        return setting.endsWith(ADDRESS);
    }

    /** The same of a connector whose system is simulated. */
    public static Map<String, String> of(Connector connector, Simulator simulator) {
        String vendor = connector.name();
        var settings = new TreeMap<String, String>();
        for (String name : connector.settings()) {
            if (isAddress(name)) {
                settings.put(name, simulator.url(vendor));
            } else if (name.endsWith(CLIENT)) {
                settings.put(name, simulator.client());
            }
        }
        connector.secretSettings().forEach(secret -> settings.put(secret, simulator.secret(vendor)));
        connector
                .signIn()
                .missing(name -> Optional.ofNullable(settings.get(name)))
                .forEach(name -> settings.put(name, ANY));
        return settings;
    }
}
