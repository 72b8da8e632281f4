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

    /** Of the secrets as they are set now. @param grant counts how often a person consented */
    static String fingerprint(Connector connector, long grant, String salt) {
        String text =
                salt + "\n" + String.join("\n", new TreeSet<>(connector.signIn().credential()))
                        + (grant == 0 ? "" : "\ngrant " + grant);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, KEPT_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a person does when it is refused. @param publicUrl where this hub is reached; empty when nobody said */
    static String advice(Connector connector, String publicUrl) {
        String name = connector.name();
        if (connector.tokens().filter(tokens -> tokens.source().needsConsent()).isPresent()) {
            return "Connect it again: "
                    + (publicUrl.isEmpty() ? "" : "Reconnect at " + publicUrl + "/connections, or ")
                    + "serai connections connect " + name + ". The runs that wait go on then.";
        }
        var settings = connector.secretSettings();
        String where = settings.isEmpty() ? "" : " (setting " + String.join(", ", settings) + ")";
        return "Renew the credential" + where
                + " and restart the hub, or put it into the encrypted store: serai connections"
                + " set " + name + " KEY; or, when it is valid again as it is: serai connections resume " + name
                + " --why REASON. The runs that wait go on then.";
    }
}
