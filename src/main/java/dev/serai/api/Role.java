package dev.serai.api;

import java.util.Locale;

/** What a token allows; each role may do what those before it may. */
public enum Role {
    /** Reads, without the people in it. */
    VIEWER,
    /** Sees people in payloads and elsewhere, which is noted, and acts on runs and connections. */
    OPERATOR,
    /** Gives and takes tokens, exports and forgets people. */
    ADMIN;

    public boolean allows(Role needed) {
        return compareTo(needed) >= 0;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
