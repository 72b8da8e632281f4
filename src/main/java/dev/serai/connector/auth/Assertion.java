package dev.serai.connector.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Text;
import dev.serai.connector.Values;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.stream.Stream;

/**
 * A signed JWT by which a service says for whom it acts, or a client who it is (RFC 7523).
 *
 * @param subject empty when it acts for itself
 * @param audience empty where the vendor asks for none
 * @param life from {@code iat} to {@code exp}
 */
public record Assertion(Key key, Text issuer, Text subject, Text audience, Duration life) {

    /** How it is signed (RFC 7518, 3.1): PKCS #1 v1.5, PSS, or ECDSA with P-256. */
    public enum Algorithm {
        RS256("RSA"),
        PS256("RSA"),
        ES256("EC");

        private final String family;

        Algorithm(String family) {
            this.family = family;
        }
    }

    /**
     * What it is signed with.
     *
     * @param pem a private key as PKCS #8, in PEM; a secret
     * @param id empty when the vendor needs none
     */
    public record Key(Text pem, Text id, Algorithm algorithm) {}

    /** @param moment by the vendor's clock, which refuses what seems to be of tomorrow or of yesterday */
    String sign(Values values, String scopes, Auth.Moment moment) {
        Instant now = moment.now();
        var claims = new JWTClaimsSet.Builder()
                .issuer(values.fill(issuer))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(life)))
                .jwtID(moment.nonce());
        String forWhom = values.fill(audience);
        if (!forWhom.isEmpty()) {
            claims.audience(forWhom);
        }
        String whom = values.fill(subject);
        if (!whom.isEmpty()) {
            claims.subject(whom);
        }
        if (!scopes.isEmpty()) {
            claims.claim("scope", scopes);
        }
        var header = new JWSHeader.Builder(JWSAlgorithm.parse(key.algorithm.name())).type(JOSEObjectType.JWT);
        String id = values.fill(key.id);
        if (!id.isEmpty()) {
            header.keyID(id);
        }
        var jwt = new SignedJWT(header.build(), claims.build());
        try {
            jwt.sign(signer(values));
        } catch (JOSEException | GeneralSecurityException | IllegalArgumentException e) {
            throw unfit(values);
        }
        return jwt.serialize();
    }

    private JWSSigner signer(Values values) throws GeneralSecurityException, JOSEException {
        // line breaks become \n where a key passes through an environment
        String pem = values.fillLines(key.pem).replace("\\n", "\n");
        String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        PrivateKey secret = KeyFactory.getInstance(key.algorithm.family)
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        return secret instanceof ECPrivateKey curve ? new ECDSASigner(curve) : new RSASSASigner(secret);
    }

    private ConnectorRefused unfit(Values values) {
        String kind = key.algorithm == Algorithm.ES256 ? "EC key of the curve P-256" : "RSA key of 2048 bits or more";
        return new ConnectorRefused(values.connector() + ": setting " + String.join(", ", key.pem.settings())
                + " holds no private " + kind + ", as " + key.algorithm
                + " needs it; a PEM that begins with BEGIN PRIVATE"
                + " KEY is needed (openssl pkcs8 -topk8 -nocrypt -in key.pem)");
    }

    Stream<Text> texts() {
        return Stream.of(key.id, issuer, subject, audience);
    }
}
