package dev.serai.bench;

/** The benchmark cannot run or go on; the message says why and what to do. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
        super(message);
    }
}
