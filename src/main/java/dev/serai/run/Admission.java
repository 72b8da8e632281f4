package dev.serai.run;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What became of a request at a door. */
public enum Admission {
    ACCEPTED("what it brought is stored"),
    SIGNATURE_MISSING("its signature, or the time or id that belongs to it, is missing"),
    SIGNATURE_MALFORMED("its signature can't be read"),
    SIGNATURE_MISMATCH("it is not signed with a secret of ours"),
    SIGNATURE_STALE("it was signed too long ago"),
    SIGNATURE_FUTURE("it is signed for a time that is yet to come"),
    SIGNATURE_CLOSED("there is no secret to check it with"),
    SOURCE_CLOSED("the door has no secret yet"),
    KEY("it brought no key, or a wrong one"),
    MALFORMED("its body can't be read"),
    SCHEMA("its event does not fit the schema of its type"),
    RESERVED_TYPE("its type is one of the hub's own"),
    TOO_LARGE("its body is larger than serai.http.max-body-kb"),
    UNKNOWN("there is no such source or type"),
    FAULT("the hub failed"),
    TOO_MANY("its source sent more than serai.intake.rate allows"),
    BUSY("too many requests waited to be stored"),
    STORE_AWAY("the database did not answer");

    private final String meaning;

    Admission(String meaning) {
        this.meaning = meaning;
    }

    /** As tallies and metrics write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Empty for a word of another version. */
    public static Optional<Admission> of(String word) {
        return Stream.of(values()).filter(one -> one.word().equals(word)).findFirst();
    }

    /** Why, for people. */
    public String meaning() {
        return meaning;
    }

    /** Refused, and refused again when it is sent again as it is. */
    public boolean refusedForGood() {
        return this != ACCEPTED && !passes();
    }

    /** Refused for now: who sends it again is let in when there is room. */
    private boolean passes() {
        return this == TOO_MANY || this == BUSY || this == STORE_AWAY;
    }
}
