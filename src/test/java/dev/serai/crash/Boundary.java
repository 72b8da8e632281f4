package dev.serai.crash;

/**
 * A moment at which a hub may die.
 *
 * @param what such as {@code before the commit of step, attempt}
 * @param turn counts from 1 within an event's way
 */
record Boundary(String what, int turn) {
    @Override
    public String toString() {
        return turn == 1 ? what : what + ", time " + turn;
    }
}
