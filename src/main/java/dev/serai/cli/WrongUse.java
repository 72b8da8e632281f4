package dev.serai.cli;

/** What was asked makes no sense as it was asked; the message says what to write. */
final class WrongUse extends RuntimeException {
    WrongUse(String message) {
        super(message, null, false, false);
    }
}
