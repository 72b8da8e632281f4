package dev.serai.connector.auth;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a connection proves itself with until it ends.
 *
 * @param access goes along with every request; a secret
 * @param refresh asks for the next one; a secret
 * @param expiresAt by this machine's clock; empty when nobody said
 * @param consentEnd when its refresh token ends; empty when nobody said
 * @param fields what else the answer held, such as {@code instance_url}
 */
public record Token(
        String access,
        Optional<String> refresh,
        Instant obtainedAt,
        Optional<Instant> expiresAt,
        Optional<ConsentEnd> consentEnd,
        Map<String, String> fields) {

    /**
     * When no other token can be asked for any more, and a person is needed.
     *
     * @param stands whether a renewal has left it where it was; until one has, it may be put off by each
     */
    public record ConsentEnd(Instant at, boolean stands) {}

    public Token {
        fields = Map.copyOf(fields);
    }

    /** Whether it is to be renewed now, so much ahead of its end; ahead by half its life at most. */
    public boolean due(Instant now, Duration before) {
        return expiresAt.isPresent() && !now.isBefore(renewAt(before).orElseThrow());
    }

    /** Whether the remote takes it no more. */
    public boolean ended(Instant now) {
        return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
    }

    /** From when on it is to be renewed. A token that lives for less than the margin would else always be due. */
    public Optional<Instant> renewAt(Duration before) {
        return expiresAt.map(end -> {
            Duration half = Duration.between(obtainedAt, end).dividedBy(2);
            return end.minus(before.compareTo(half) < 0 ? before : half);
        });
    }

    /** Its times, no value. */
    @Override
    public String toString() {
        return "token of " + obtainedAt + " until "
                + expiresAt.map(Instant::toString).orElse("?");
    }
}
