package dev.serai.connector;

import java.time.Instant;

/**
 * A setting lies where it can't be had now, as in a vault that does not answer. Nothing was sent: what needs it waits. The
 * message is for a person, and never holds a secret.
 */
public final class SecretAway extends RuntimeException {
    private final transient Instant since;
    private final transient Instant again;

    /** @param since when it was asked for in vain first @param again from when on it is asked for again */
    public SecretAway(String message, Instant since, Instant again) {
        super(message, null, false, false);
        this.since = since;
        this.again = again;
    }

    public Instant since() {
        return since;
    }

    public Instant again() {
        return again;
    }
}
