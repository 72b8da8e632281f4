package dev.serai.connector;

import java.util.Optional;

/** Looks a setting up by its name, {@code mailchimp.api-key}. Asked anew for each request, so a changed value takes effect at once. */
@FunctionalInterface
public interface Settings {
    /** @throws SecretAway when it lies where it can't be had now */
    Optional<String> get(String name);
}
