package dev.serai.cli.demo;

import dev.serai.library.Library;
import dev.serai.simulator.Simulator;
import java.util.Map;
import java.util.TreeMap;

/** What points the connector files of a folder at its simulated vendors. */
public final class VendorSettings {
    private VendorSettings() {}

    /** Address and credentials of one vendor, by the names its connector file gives them. */
    public static Map<String, String> of(String vendor, Library library, Simulator simulator) {
        var settings = new TreeMap<String, String>();
        settings.put(vendor + ".base-url", simulator.url(vendor));
        library.connector(vendor)
                .ifPresent(connector ->
                        connector.secretSettings().forEach(secret -> settings.put(secret, simulator.secret(vendor))));
        return settings;
    }
}
