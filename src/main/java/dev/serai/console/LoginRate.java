package dev.serai.console;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * Attempts to log in that failed, by address and minute of the clock. A token can't be guessed, and a right one is let in
 * however many failed; who tries on is told to stop, and brings no more codes to an issuer.
 */
final class LoginRate {
    static final int A_MINUTE = 10;
    private static final int MOST_ADDRESSES = 10_000;

    private final InstantSource clock;
    private final Map<String, Integer> failed = new HashMap<>();
    private long minute;

    LoginRate(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether one may try. */
    synchronized boolean admits(String address) {
        forget();
        return failed.getOrDefault(address, 0) < A_MINUTE
                && (failed.size() < MOST_ADDRESSES || failed.containsKey(address));
    }

    synchronized void failed(String address) {
        forget();
        failed.merge(address, 1, Integer::sum);
    }

    private void forget() {
        long now = clock.instant().getEpochSecond() / 60;
        if (now != minute) {
            minute = now;
            failed.clear();
        }
    }
}
