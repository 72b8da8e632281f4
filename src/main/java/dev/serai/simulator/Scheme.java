package dev.serai.simulator;

import java.util.Set;

/** One way for a request to prove who sends it. */
interface Scheme {

    /** Whether the request proves itself so, rightly or not. */
    boolean tried(Asked asked);

    /** @throws Refusal of kind {@code bad_credential} that says why */
    void check(Attempt attempt);

    /** Headers that carry it. */
    default Set<String> headers() {
        return Set.of();
    }

    /** Parameters of the query that carry it. */
    default Set<String> parameters() {
        return Set.of();
    }

    /** What was used up may be used again. */
    default void reset() {}

    static Refusal wrong(String why) {
        return new Refusal("bad_credential", why);
    }
}
