package dev.serai.store;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Encrypts what is kept in the database (AES-256-GCM, as compact JWE) with keys that are not. The first key writes, all of
 * them read.
 */
public final class Seal {
    private static final int KEY_BYTES = 32;
    private static final int KID_LENGTH = 8;
    public static final String NO_KEY = "secrets and tokens are kept encrypted and no key is set: put one into"
            + " serai.secrets.key (make it: openssl rand -hex 32), on all hubs the same, and restart";

    private final Map<String, OctetSequenceKey> keys = new LinkedHashMap<>();

    private Seal(List<byte[]> keys) {
        for (byte[] key : keys) {
            try {
                var jwk = new OctetSequenceKey.Builder(key).build();
                this.keys.put(jwk.computeThumbprint().toString().substring(0, KID_LENGTH), jwk);
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /**
     * Reads {@code serai.secrets.key}.
     *
     * @param keys 32 bytes each, as 64 hexadecimal digits or as base64, parted by commas or white space; none at all is
     *     allowed, and then nothing can be kept
     * @throws IllegalArgumentException saying which key is unfit, never its value
     */
    public static Seal of(String keys) {
        var read = new ArrayList<byte[]>();
        for (String key : keys.isBlank() ? new String[0] : keys.strip().split("[,\\s]+")) {
            read.add(bytes(key, read.size() + 1));
        }
        return new Seal(read);
    }

    private static byte[] bytes(String key, int number) {
        byte[] bytes = {};
        try {
            bytes = key.matches("[0-9a-fA-F]{64}")
                    ? HexFormat.of().parseHex(key)
                    : Base64.getDecoder().decode(key.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            // no base64 is as wrong as too few bytes
        }
        if (bytes.length != KEY_BYTES) {
            throw new IllegalArgumentException("serai.secrets.key: key " + number
                    + " is not 32 bytes as hexadecimal digits or base64; make one: openssl rand -hex 32");
        }
        return bytes;
    }

    /** Whether anything can be kept. */
    public boolean usable() {
        return !keys.isEmpty();
    }

    /** The id of the key that writes. @throws Unusable when there is none */
    String kid() {
        return keys.keySet().stream().findFirst().orElseThrow(() -> new Unusable(NO_KEY));
    }

    /** @param connection and name of the row it is for: nowhere else it can be opened */
    String seal(String connection, String name, String text) {
        var header = new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM)
                .keyID(kid())
                .customParam("connection", connection)
                .customParam("name", name)
                .build();
        var jwe = new JWEObject(header, new Payload(text));
        try {
            jwe.encrypt(new DirectEncrypter(keys.get(kid())));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jwe.serialize();
    }

    /** @throws Unusable when it was made for another row, with a key we don't have, or was changed */
    String open(String connection, String name, String sealed) {
        String what = connection + ": the stored \"" + name + "\" can't be read: ";
        try {
            var jwe = JWEObject.parse(sealed);
            var header = jwe.getHeader();
            OctetSequenceKey key = keys.get(header.getKeyID());
            if (key == null) {
                throw new Unusable(
                        keys.isEmpty()
                                ? connection + ": " + NO_KEY
                                : what + "it was encrypted with key " + header.getKeyID()
                                        + ", which is not among serai.secrets.key; add that key after the first");
            }
            if (!connection.equals(header.getCustomParam("connection"))
                    || !name.equals(header.getCustomParam("name"))) {
                throw new Unusable(what + "its row was made for another connection or name; set it anew");
            }
            jwe.decrypt(new DirectDecrypter(key));
            return jwe.getPayload().toString();
        } catch (ParseException | JOSEException e) {
            throw new Unusable(what + "it was changed by another hand; set it anew");
        }
    }

    /** A stored value can't be read, or none can be stored. The message says what to do. */
    public static final class Unusable extends RuntimeException {
        Unusable(String message) {
            super(message, null, false, false);
        }
    }
}
