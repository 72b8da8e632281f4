package dev.serai.route;

import dev.serai.connector.Connector;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.TreeSet;

/**
 * Recognises the credential of a connection without keeping it: a salted hash, cut so short that many secrets share it
 * and none can be found by it, and still too long for two credentials of one connection to meet.
 */
final class Credential {
    private static final int SALT_BYTES = 16;
    private static final int KEPT_BYTES = 4;

    private Credential() {}

    static String newSalt() {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return HexFormat.of().formatHex(salt);
    }

    /** Of the secrets as they are set now. */
    static String fingerprint(Connector connector, String salt) {
        String text = salt + "\n" + String.join("\n", new TreeSet<>(connector.secrets()));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, KEPT_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The settings that hold it, in words: {@code " (setting mailchimp.api-key)"}. */
    static String settings(Connector connector) {
        var settings = connector.secretSettings();
        return settings.isEmpty() ? "" : " (setting " + String.join(", ", settings) + ")";
    }
}
