package dev.serai.connector.auth;

import java.time.Duration;

/** A request for a token got none. The message is for a person and holds no secret. */
public final class TokenRefused extends Exception {
    private final Why why;
    private final Duration wait;

    /** REFUSED: a person must act. LIMITED: asked too often. AGAIN: waiting may help. */
    public enum Why {
        REFUSED,
        LIMITED,
        AGAIN
    }

    /** @param wait how long the remote asks to wait */
    public TokenRefused(Why why, String message, Duration wait) {
        super(message, null, false, false);
        this.why = why;
        this.wait = wait;
    }

    public Why why() {
        return why;
    }

    public Duration patience() {
        return wait;
    }
}
