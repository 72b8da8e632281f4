package dev.serai.run;

/** Who has to act on a failure. */
public enum Owner {
    /** A person: data, mapping, credential or setting is wrong. */
    CONFIG,
    /** Nobody: waiting helps. */
    TRANSIENT,
    /** The developers of Serai: a bug. */
    SYSTEM
}
