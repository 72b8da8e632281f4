package dev.serai.connector.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Text;
import dev.serai.connector.Values;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.stream.Stream;

/**
 * A JWT, signed with RS256, by which a service says for whom it acts (RFC 7523).
 *
 * @param key a private RSA key as PKCS #8, in PEM; a secret
 * @param subject empty when it acts for itself
 * @param keyId empty when the vendor needs none
 * @param life from {@code iat} to {@code exp}
 */
public record Assertion(Text key, Text keyId, Text issuer, Text subject, Text audience, Duration life) {

    /** @param now by the vendor's clock, which refuses what seems to be of tomorrow or of yesterday */
    String sign(Values values, String scopes, Instant now) {
        var claims = new JWTClaimsSet.Builder()
                .issuer(values.fill(issuer))
                .audience(values.fill(audience))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(life)));
        String whom = values.fill(subject);
        if (!whom.isEmpty()) {
            claims.subject(whom);
        }
        if (!scopes.isEmpty()) {
            claims.claim("scope", scopes);
        }
        var header = new JWSHeader.Builder(JWSAlgorithm.RS256).type(JOSEObjectType.JWT);
        String id = values.fill(keyId);
        if (!id.isEmpty()) {
            header.keyID(id);
        }
        var jwt = new SignedJWT(header.build(), claims.build());
        try {
            jwt.sign(new RSASSASigner(privateKey(values)));
        } catch (JOSEException e) {
            throw unfit(values);
        }
        return jwt.serialize();
    }

    private PrivateKey privateKey(Values values) {
        // line breaks become \n where a key passes through an environment
        String pem = values.fillLines(key).replace("\\n", "\n");
        String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        try {
            byte[] der = Base64.getDecoder().decode(base64);
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw unfit(values);
        }
    }

    private ConnectorRefused unfit(Values values) {
        return new ConnectorRefused(values.connector() + ": setting " + String.join(", ", key.settings())
                + " holds no private RSA key; a PEM that begins with BEGIN PRIVATE KEY is needed (openssl pkcs8 -topk8"
                + " -nocrypt -in key.pem)");
    }

    Stream<Text> texts() {
        return Stream.of(keyId, issuer, subject, audience);
    }
}
