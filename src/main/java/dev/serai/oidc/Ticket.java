package dev.serai.oidc;

import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.Nonce;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * What a browser holds while its person is at the issuer: one random secret. State, nonce and verifier follow from it, each by a
 * hash that tells nothing of the others, so whoever comes back with another state is another browser, and any hub can tell.
 */
public record Ticket(String secret) {
    /** 32 bytes in base64url. */
    private static final String SHAPE = "[A-Za-z0-9_-]{43}";

    /** @throws IllegalArgumentException when it is no such secret */
    public Ticket {
        if (!secret.matches(SHAPE)) {
            throw new IllegalArgumentException("not a ticket");
        }
    }

    public static boolean is(String secret) {
        return secret.matches(SHAPE);
    }

    State state() {
        return new State(derived("state"));
    }

    Nonce nonce() {
        return new Nonce(derived("nonce"));
    }

    CodeVerifier verifier() {
        return new CodeVerifier(derived("verifier"));
    }

    private String derived(String purpose) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((purpose + '\0' + secret).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** No secret. */
    @Override
    public String toString() {
        return "Ticket";
    }
}
