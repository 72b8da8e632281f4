package dev.serai.alert;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * One trouble, however often it is seen.
 *
 * @param key the same for the same trouble
 * @param rule name of the rule that holds
 * @param since when it began to be so
 * @param seenAt when it was so for the last time
 * @param clearSince since when it is not so any more; null while it is
 * @param count how many, or how much, it was the last time
 * @param flaps how often it has come back within an hour of its end
 * @param told what people were told last; null while nobody was
 * @param muted kept and shown, but not told
 */
public record Alert(
        String key,
        String rule,
        State state,
        Severity severity,
        Times times,
        long count,
        int flaps,
        Told told,
        boolean muted) {

    /** PENDING: so for less than the rule asks. */
    public enum State {
        PENDING,
        OPEN,
        RESOLVED
    }

    /** @param resolvedAt null before its first end @param silencedUntil null when nobody has */
    public record Times(Instant since, Instant seenAt, Instant clearSince, Instant resolvedAt, Instant silencedUntil) {
        boolean silent(Instant now) {
            return silencedUntil != null && now.isBefore(silencedUntil);
        }
    }

    /** What people know. */
    public record Told(Severity severity, long count, Instant at) {}

    /** {@code a_1f00ba12c3d4}: made of the key, so that it is known before the alert is stored, and the same on each hub. */
    public static String name(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return "a_" + HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public String name() {
        return name(key);
    }
}
