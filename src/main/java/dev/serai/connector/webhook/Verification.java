package dev.serai.connector.webhook;

import java.util.Locale;

/**
 * Whether a request comes from who it claims to come from.
 *
 * @param code for metrics and tests
 * @param reason one sentence for the log, empty when accepted; quotes no secret, no signature and no payload. Not for the
 *     answer: a stranger learns nothing but 401
 */
public record Verification(Code code, String reason) {
    /** What was found. */
    public enum Code {
        ACCEPTED,
        /** There is no usable secret, so nothing can be checked and nothing is let in. */
        CLOSED,
        /** A header that carries the signature, its time or its id is not there. */
        MISSING,
        /** Such a header is there and cannot be read. */
        MALFORMED,
        /** The signature was not made with a secret of ours over these bytes. */
        MISMATCH,
        /** Rightly signed, longer ago than is tolerated: a repeat of an old request, or a clock that is off. */
        STALE,
        /** Rightly signed for a time that is yet to come. */
        FUTURE;

        /** As it stands in logs and metrics. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final Verification ACCEPTED = new Verification(Code.ACCEPTED, "");

    public boolean accepted() {
        return code == Code.ACCEPTED;
    }
}
