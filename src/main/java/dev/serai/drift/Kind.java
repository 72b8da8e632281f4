package dev.serai.drift;

/** What has become different. */
public enum Kind {
    /** A field that was not there, or had no value. */
    NEW("new field"),
    /** A field that is no longer there, or a list that has no items any more. */
    GONE("gone"),
    /** A field has a form it did not have: text instead of a number, a list instead of a map. */
    RETYPED("other form"),
    /** A field has no value any more, or is empty where it was not: null or empty text. */
    EMPTY("without value"),
    /** A field of few words has a word it did not have. */
    VALUE("new value"),
    /** What was gone or without value is back. */
    BACK("back"),
    /** A table of a mapping let a value pass that it does not list. */
    PASSED("passed a table");

    private final String words;

    Kind(String words) {
        this.words = words;
    }

    /** As lists name it. */
    public String words() {
        return words;
    }
}
