package dev.serai.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Short names for long ones, the same in Java and in SQL. */
final class Digest {
    private static final int BYTES = 16;

    private Digest() {}

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As hexadecimal digits. */
    static String sha256(String text) {
        return HexFormat.of().formatHex(sha256(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The first 16 bytes of the SHA-256 of the parts with a NUL between them, which no part may hold. */
    static byte[] of(String... parts) {
        return Arrays.copyOf(sha256(String.join("\0", parts).getBytes(StandardCharsets.UTF_8)), BYTES);
    }
}
