package dev.serai.crash;

/**
 * A moment at which a hub may die.
 *
 * @param what such as {@code before the commit of a step}
 * @param turn counts from 1 within an event's way
 */
record Boundary(String what, int turn) {
    /** What a hub commits that takes a run from the table. */
    static final String THE_CLAIM = "the claim";

    boolean isOfClaim() {
        return what.endsWith(THE_CLAIM);
    }

    @Override
    public String toString() {
        return turn == 1 ? what : what + ", time " + turn;
    }
}
