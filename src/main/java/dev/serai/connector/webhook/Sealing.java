package dev.serai.connector.webhook;

import dev.serai.connector.webhook.Scheme.Encoding;
import dev.serai.connector.webhook.SignedText.Place;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How a key of ours judges what a request carries.
 *
 * @param algorithm as Java calls it; empty where nothing is computed
 */
record Sealing(Kind kind, String algorithm) {
    static final Sealing HMAC_SHA256 = new Sealing(Kind.HMAC, "HmacSHA256");
    static final Sealing ED25519 = new Sealing(Kind.PUBLIC_KEY, "Ed25519");
    static final Sealing ECDSA = new Sealing(Kind.PUBLIC_KEY, "SHA256withECDSA");
    static final Sealing EQUAL = new Sealing(Kind.EQUAL, "");

    enum Kind {
        /** A keyed hash over the signed text. */
        HMAC,
        /** A plain hash over text in which the secret stands. */
        DIGEST,
        /** A signature that anybody can check and only the sender can make. */
        PUBLIC_KEY,
        /** The secret itself; nothing of the request is covered. */
        EQUAL
    }

    /** What tells whether a request's signature fits, once the key has seen what is signed. */
    @FunctionalInterface
    interface Seal {
        Predicate<String> over(SignedText signed, Map<Place, byte[]> values);
    }

    /** @param key as {@link Secrets} reads it: the secret's bytes, or the DER form of a public key */
    Seal with(byte[] key, Encoding encoding) {
        return switch (kind) {
            case HMAC -> {
                var secret = new SecretKeySpec(key, algorithm);
                yield (signed, values) -> encoding.same(mac(secret, signed, values));
            }
            case DIGEST -> (signed, values) -> encoding.same(digest(key, signed, values));
            case PUBLIC_KEY -> {
                PublicKey made = publicKey(key);
                yield (signed, values) -> given -> encoding.bytes(given)
                        .filter(s -> verifies(made, s, signed, values))
                        .isPresent();
            }
            case EQUAL -> {
                // hashed, so that neither length nor content of the secret shows in the time it takes
                byte[] expected = sha256(key);
                yield (signed, values) ->
                        given -> MessageDigest.isEqual(expected, sha256(given.getBytes(StandardCharsets.UTF_8)));
            }
        };
    }

    private byte[] mac(SecretKeySpec key, SignedText signed, Map<Place, byte[]> values) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(key);
            signed.feed(values, mac::update);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] digest(byte[] secret, SignedText signed, Map<Place, byte[]> values) {
        try {
            var all = new EnumMap<Place, byte[]>(values);
            all.put(Place.SECRET, secret);
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            signed.feed(all, digest::update);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean verifies(PublicKey key, byte[] signature, SignedText signed, Map<Place, byte[]> values) {
        try {
            Signature check = Signature.getInstance(algorithm);
            check.initVerify(key);
            signed.feed(values, piece -> update(check, piece));
            return check.verify(signature);
        } catch (SignatureException e) {
            return false; // not even the form of a signature
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void update(Signature check, byte[] piece) {
        try {
            check.update(piece);
        } catch (SignatureException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Raw Ed25519 keys have 32 bytes; before them stands what DER says of their kind (RFC 8410). */
    static Optional<byte[]> der(byte[] key, Sealing sealing) {
        byte[] der = key;
        if (sealing.equals(ED25519) && key.length == 32) {
            byte[] head = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
            der = new byte[head.length + 32];
            System.arraycopy(head, 0, der, 0, head.length);
            System.arraycopy(key, 0, der, head.length, 32);
        }
        try {
            sealing.publicKey(der);
            return Optional.of(der);
        } catch (IllegalStateException e) {
            return Optional.empty();
        }
    }

    private PublicKey publicKey(byte[] der) {
        try {
            return KeyFactory.getInstance(equals(ED25519) ? "Ed25519" : "EC")
                    .generatePublic(new X509EncodedKeySpec(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What {@code basic} carries. */
    static String pair(String user, String password) {
        return Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}
