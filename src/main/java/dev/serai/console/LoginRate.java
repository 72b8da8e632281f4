package dev.serai.console;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Attempts to get in that failed at a door, by address and minute of the clock. A token can't be guessed, and a
 * right one is let in however many failed; who tries on is told to stop, and brings no more codes to an issuer.
 */
public final class LoginRate {
    static final int A_MINUTE = 10;
    /** Beyond them the first is forgotten: who comes from very many addresses is not stopped, and nobody else is. */
    static final int MOST_ADDRESSES = 10_000;

    private final InstantSource clock;
    private final Map<String, Integer> failed = new LinkedHashMap<>();
    private long minute;

    public LoginRate(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether one may try. */
    synchronized boolean admits(String address) {
        forget();
        return failed.getOrDefault(address, 0) < A_MINUTE;
    }

    /** One more failed. @return whether one may have tried */
    public synchronized boolean failed(String address) {
        boolean admitted = admits(address);
        failed.merge(address, 1, Integer::sum);
        if (failed.size() > MOST_ADDRESSES) {
            failed.remove(failed.keySet().iterator().next());
        }
        return admitted;
    }

    private void forget() {
        long now = clock.instant().getEpochSecond() / 60;
        if (now != minute) {
            minute = now;
            failed.clear();
        }
    }
}
