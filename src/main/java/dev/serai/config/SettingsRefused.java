package dev.serai.config;

import java.util.List;

/** The settings are wrong; the message lists all that is. */
public final class SettingsRefused extends RuntimeException {
    SettingsRefused(List<String> problems) {
        super(
                "Can't start: " + (problems.size() == 1 ? "1 setting is" : problems.size() + " settings are")
                        + " wrong.\n  " + String.join("\n  ", problems),
                null,
                false,
                false);
    }
}
