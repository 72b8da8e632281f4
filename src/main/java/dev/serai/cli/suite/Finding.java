package dev.serai.cli.suite;

/**
 * What came of one check.
 *
 * @param why a sentence; empty when it is plainly fine
 */
public record Finding(State state, String why) {
    /** How it stands. */
    public enum State {
        OK("ok"),
        FAILED("failed"),
        /** It holds against something of our own making only, or nothing was there to hold it against. */
        UNVERIFIED("unverified"),
        /** There is nothing to check. */
        NONE("-");

        private final String word;

        State(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    static final Finding OK = new Finding(State.OK, "");

    static Finding ok(String note) {
        return new Finding(State.OK, note);
    }

    static Finding failed(String why) {
        return new Finding(State.FAILED, why);
    }

    static Finding unverified(String why) {
        return new Finding(State.UNVERIFIED, why);
    }

    static Finding none(String why) {
        return new Finding(State.NONE, why);
    }
}
