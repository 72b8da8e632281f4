package dev.serai.cli.suite;

import java.util.Locale;

/** What is tried of each operation, in the order of the table's columns. */
public enum Check {
    /** Each request we would send is one the vendor's OpenAPI document allows. */
    CONTRACT,
    /** Sent to the simulated vendor, it does what it says. */
    CALL,
    /** A wrong or expired credential is seen as that. */
    AUTH,
    /** Each kind of refusal and failure gets the verdict it should, and its reason the vendor's words. */
    ERRORS,
    /** Too many calls: it waits as long as it is told, and then gets through; and what answers tell of limits is heard. */
    LIMITS,
    /** What the file says about sending it twice is so. */
    REPEAT,
    /** Over three pages and more, each record comes once. */
    PAGES,
    /** Of many records one is refused: that one fails, the others do not. */
    BATCH,
    /** What the vendor sends is cut into its events; unsigned, it is not let in. */
    WEBHOOK;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
