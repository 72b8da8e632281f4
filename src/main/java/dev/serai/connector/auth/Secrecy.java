package dev.serai.connector.auth;

import dev.serai.connector.Urls;
import java.util.Set;

/** The forms in which a secret may turn up where it must not be shown. */
public final class Secrecy {
    private Secrecy() {}

    /** Adds a value, unless there is none. */
    public static void add(Set<String> secrets, String value) {
        if (value != null && !value.isBlank()) {
            secrets.add(value);
            secrets.add(Urls.encode(value));
        }
    }
}
