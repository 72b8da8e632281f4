package dev.serai.simulator;

/** A part of a contract that nothing can be held against: the document is wrong, not the request. */
final class BrokenContract extends IllegalArgumentException {
    /** @param part in words: {@code the body of createTicket} */
    BrokenContract(String part, RuntimeException cause) {
        super(
                Contract.NAME + ": " + part + " can't be read as a schema ("
                        + String.valueOf(cause.getMessage()).lines().findFirst().orElse("")
                        + "); correct it there",
                cause);
    }
}
