package dev.serai.connector;

/** What happens when a write is sent again because nobody knows whether the first one arrived. */
public enum WriteClass {
    /** The same again changes nothing. */
    IDEMPOTENT,
    /** The remote recognises the idempotency key and does nothing twice. */
    KEYED,
    /** A read tells whether it was done; it is asked before anything is sent again. */
    LOOKUP,
    /** It would be done twice; a person decides. */
    ONCE;

    /** Whether a write of unknown outcome may simply be sent again. */
    public boolean repeatable() {
        return this == IDEMPOTENT || this == KEYED;
    }
}
