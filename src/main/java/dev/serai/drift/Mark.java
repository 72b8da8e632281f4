package dev.serai.drift;

import java.time.Instant;

/**
 * How often something was seen of its owner: a field of its map, a form or a value of its field. Counts events, not
 * places: what stands in ten items of a list was seen once.
 */
final class Mark {
    /** Before its owner was seen so often, whatever comes is learned in silence. */
    static final int LEARNING = 100;

    /** What was not unlikely for so long is normal. */
    private static final int LONG = 2_000;

    private static final int ENOUGH_TO_MISS = 20;
    private static final int SHORTEST_GAP = 3;

    /** Owner's sightings before the first of it. */
    long from;

    long count;
    /** Owner's sightings at the last of it. */
    long last;
    /** As {@code count}, which is halved now and then; this one never is. */
    long total;

    /** Whether it is normal, or told. */
    boolean settled;

    /** Whether it was told that it is gone; seen again, it is judged as something new would be. */
    boolean gone;

    boolean wasGone;

    /** The event that began what is being judged: the first with it, or the first without. */
    long event;

    Instant at = Instant.EPOCH;
    String example = "";

    private long seenIn;

    /** @param owner sightings of its owner, this one included @return whether it is the first time for this event */
    boolean see(Look look, long owner) {
        if (seenIn == look.event()) {
            return false;
        }
        seenIn = look.event();
        if (count == 0 || gone) {
            from = owner - 1;
            count = 0;
            settled = false;
            wasGone = gone;
            gone = false;
        }
        count++;
        total++;
        last = owner;
        return true;
    }

    boolean seenIn(Look look) {
        return seenIn == look.event();
    }

    /** Whether it has just begun, at a time when that is worth a note. */
    boolean begins() {
        return count == 1 && from >= LEARNING;
    }

    void begin(Look look, String shown) {
        event = look.event();
        at = look.at();
        example = shown;
    }

    /** Whether it is there so often that it cannot have been there before; says so once. */
    boolean isNews(long owner) {
        if (settled) {
            return false;
        }
        long since = owner - from;
        if (from >= LEARNING && Chance.ofAllLately(from, since, count) < Chance.UNLIKELY) {
            settled = true;
            return true;
        }
        if (from < LEARNING || since > from || since > LONG) {
            settle();
        }
        return false;
    }

    private void settle() {
        settled = true;
        example = "";
    }

    /** Whether it was missing for so long that it cannot just be rare; says so once. */
    boolean isGone(Look look, long owner) {
        long gap = owner - last;
        if (gap == 1) {
            begin(look, "");
        }
        long before = last - from;
        boolean known = settled && before >= LEARNING && count >= ENOUGH_TO_MISS;
        if (gone || gap < SHORTEST_GAP || !known || Chance.ofGap(before, count, gap) >= Chance.UNLIKELY) {
            return false;
        }
        gone = true;
        return true;
    }

    /** Forgets half of the past, so that the newer half counts more. A gap that is going on stays as it is. */
    void halve(long ownerBefore, long ownerAfter) {
        long gap = ownerBefore - last;
        from /= 2;
        count = (count + 1) / 2;
        last = Math.max(0, ownerAfter - gap);
    }
}
