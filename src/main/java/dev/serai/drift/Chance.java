package dev.serai.drift;

/**
 * How likely a change is if nothing has changed. Both answers are exact under one assumption: that the order in which
 * events come means nothing. Then every way to spread the events with something over all events is equally likely, and
 * the share of ways that look as what was seen is the answer; no rate has to be guessed.
 */
final class Chance {
    /** A stream of 40 fields and a hundred thousand events a week asks some ten million times: once in 1,000 weeks. */
    static final double UNLIKELY = 1e-10;

    private Chance() {}

    /** That all {@code count} events with something are among the last {@code lately}, with {@code before} before them. */
    static double ofAllLately(long before, long lately, long count) {
        double chance = 1;
        for (long i = 0; i < count && chance >= UNLIKELY; i++) {
            chance *= (double) (lately - i) / (before + lately - i);
        }
        return chance;
    }

    /** That none of the last {@code gap} events has what {@code count} of the {@code before} events before them had. */
    static double ofGap(long before, long count, long gap) {
        long all = before + gap;
        double chance = 1;
        for (long i = 0; i < gap && chance >= UNLIKELY; i++) {
            chance *= (double) (all - count - i) / (all - i);
        }
        return chance;
    }
}
