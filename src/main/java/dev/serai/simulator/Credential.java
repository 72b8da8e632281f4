package dev.serai.simulator;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What the one caller of a simulated vendor proves itself with. Each part has a value of its own, so that one in the place of
 * another is refused. Private keys are made when somebody asks for them: a vendor that was asked for none knows none. They take
 * long to make, so until a vendor's credential is replaced it has those of all vendors of this process.
 */
public final class Credential {
    private static final int RSA_BITS = 2048;
    private static final Map<String, KeyPair> USUAL = new ConcurrentHashMap<>();

    private final String client;
    private final String secret;
    private final Function<String, KeyPair> maker;
    private final Map<String, KeyPair> keys = new HashMap<>();

    private Credential(String client, String secret, Function<String, KeyPair> maker) {
        this.client = client;
        this.secret = secret;
        this.maker = maker;
    }

    static Credential first(String client, String secret) {
        return new Credential(client, secret, family -> USUAL.computeIfAbsent(family, Credential::generate));
    }

    /** Another one of the same client: no key of the one before is among its own. */
    Credential replaced(String other) {
        return new Credential(client, other, Credential::generate);
    }

    /** Who it is: client id, consumer key, issuer of assertions, id of a key. */
    public String client() {
        return client;
    }

    /** The key, token or password; of a client or consumer its secret. */
    public String secret() {
        return secret;
    }

    /** Of the user, for the grant {@code password}. */
    public String password() {
        return secret + "-password";
    }

    /** A refresh token that was made by hand. */
    public String refreshToken() {
        return secret + "-refresh";
    }

    /** The token of OAuth 1.0a. */
    public String token() {
        return secret + "-token";
    }

    public String tokenSecret() {
        return secret + "-token-secret";
    }

    /**
     * The private key whose public half the vendor knows from now on, as PEM of PKCS #8 on one line: breaks are written \n.
     *
     * @param algorithm RS256, PS256 or ES256
     */
    public synchronized String privateKey(String algorithm) {
        byte[] key = keys.computeIfAbsent(family(algorithm), maker).getPrivate().getEncoded();
        return "-----BEGIN PRIVATE KEY-----\\n" + Base64.getEncoder().encodeToString(key)
                + "\\n-----END PRIVATE KEY-----";
    }

    synchronized Optional<PublicKey> publicKey(String algorithm) {
        return Optional.ofNullable(keys.get(family(algorithm))).map(KeyPair::getPublic);
    }

    private static String family(String algorithm) {
        return algorithm.startsWith("ES") ? "EC" : "RSA";
    }

    private static KeyPair generate(String family) {
        try {
            var generator = KeyPairGenerator.getInstance(family);
            if (family.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            } else {
                generator.initialize(RSA_BITS);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
