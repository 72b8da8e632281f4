package dev.serai.route;

import dev.serai.config.Settings;
import org.apache.camel.spi.PropertiesSource;

/** Fills the places {@code {{name}}} of flows from the hub's own settings. */
record SettingsSource(Settings settings) implements PropertiesSource {
    @Override
    public String getName() {
        return "serai";
    }

    @Override
    public String getProperty(String name) {
        return settings.lookup(name).orElse(null);
    }
}
