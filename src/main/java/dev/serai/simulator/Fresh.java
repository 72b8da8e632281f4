package dev.serai.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;

/** What is signed counts once, and for minutes. */
final class Fresh {
    private static final Duration MOST = Duration.ofMinutes(5);
    private static final int KEPT = 100_000;

    private final Set<String> used = new LinkedHashSet<>();

    /** @throws Refusal when that is not about now */
    void time(Instant signed, Instant now) {
        Duration off = Duration.between(now, signed).abs();
        if (off.compareTo(MOST) > 0) {
            throw Scheme.wrong("the time of the signature is " + off.toSeconds() + " s away from the vendor's");
        }
    }

    /** @throws Refusal when there is none, or it was used before */
    void once(String nonce) {
        if (nonce.isEmpty()) {
            throw Scheme.wrong("the signature has no nonce");
        }
        if (!used.add(nonce)) {
            throw Scheme.wrong("the nonce was used before");
        }
        if (used.size() > KEPT) {
            used.remove(used.iterator().next());
        }
    }

    void clear() {
        used.clear();
    }
}
