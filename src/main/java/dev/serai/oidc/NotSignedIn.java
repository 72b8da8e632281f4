package dev.serai.oidc;

/**
 * It does not come to a sign-in; the message is for the person, and says what to do. Whoever it is was not let in, so it tells
 * nothing of the hub and its network.
 */
public final class NotSignedIn extends Exception {
    private final Why why;
    private final String detail;

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
        this(why, message, "");
    }

    NotSignedIn(Why why, String message, String detail) {
        super(line(message), null, false, false);
        this.why = why;
        this.detail = line(detail);
    }

    /** Much of it an issuer wrote. */
    private static String line(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    /** For whoever runs the hub, beside the message; may be empty. */
    public String detail() {
        return detail;
    }

    public Why why() {
        return why;
    }
}
