package dev.serai.run;

/** What an attempt came to. */
public enum Verdict {
    /** The remote did it. */
    SUCCESS,
    /** The remote refused, and the connector file says that is fine (it exists already, say). */
    IGNORE,
    /** It may work later: timeout, network, 408, 5xx. */
    RETRY,
    /** The remote asked for patience. */
    RATE_LIMITED,
    /** It refused the credential: nothing gets through this connection until somebody acts. */
    UNAUTHORIZED,
    /** It will not work however often it is tried. */
    FAIL
}
