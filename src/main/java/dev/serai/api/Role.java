package dev.serai.api;

import java.util.Locale;

/** What a token allows; each role may do what those before it may. */
public enum Role {
    /** Reads all that holds no payload. */
    VIEWER,
    /** Reads payloads and acts on runs and connections. */
    OPERATOR,
    /** Gives and takes tokens. */
    ADMIN;

    public boolean allows(Role needed) {
        return compareTo(needed) >= 0;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
