package dev.serai.store;

/**
 * What the sender of an event is told: the event is committed.
 *
 * @param eventId the event's number; for a duplicate that of the first arrival
 * @param duplicate whether the event had been stored before
 */
public record Receipt(long eventId, boolean duplicate) {
    private static final String PREFIX = "e_";

    /** {@code e_81}. */
    public String name() {
        return PREFIX + eventId;
    }

    /** The number in {@code e_81} or {@code 81}. @throws IllegalArgumentException for anything else */
    public static long parse(String name) {
        return Names.parse(PREFIX, name);
    }
}
