package dev.serai.oidc;

/** It does not come to a sign-in; the message is for the person, and says what to do. */
public final class NotSignedIn extends Exception {
    private final Why why;

    /** Whose doing it is. */
    public enum Why {
        /** The browser's: this was not begun in it, or it is too late. */
        NOT_BEGUN_HERE,
        /** The issuer's, or the person's there: no. */
        SAID_NO,
        /** The issuer can't be asked now. */
        AWAY,
        /** What the issuer says is not to be believed. */
        NOT_BELIEVED
    }

    NotSignedIn(Why why, String message) {
        super(message, null, false, false);
        this.why = why;
    }

    public Why why() {
        return why;
    }
}
