package dev.serai.simulator;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.serai.file.Yaml;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Judges the JWTs by which a caller says for whom it acts, or who it is (RFC 7523, 3). */
final class Assertions {
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration SLACK = Duration.ofMinutes(1);

    private final String door;
    private final boolean mustNameUs;
    private final Set<String> audiences = new HashSet<>();
    private final Set<String> algorithms = new HashSet<>();
    private final Fresh fresh = new Fresh();

    /**
     * @param door path where they are shown; by its address the vendor is always meant
     * @param mustNameUs whether one for nobody in particular is refused
     * @param file {@code assertion} of the vendor's file
     */
    Assertions(String door, boolean mustNameUs, Optional<Yaml> file) {
        this.door = door;
        this.mustNameUs = mustNameUs;
        file.flatMap(at -> at.get("audience")).ifPresent(at -> audiences.addAll(texts(at)));
        algorithms.addAll(file.flatMap(at -> at.get("algorithm"))
                .map(Assertions::texts)
                .orElse(List.of("RS256", "PS256", "ES256")));
    }

    /** A text, or a list of such. */
    static List<String> texts(Yaml at) {
        return at.isList() ? at.items().stream().map(Yaml::text).toList() : List.of(at.text());
    }

    /** What it claims. @throws Refusal of kind {@code bad_credential} that says why it does not count */
    JWTClaimsSet check(String text, Attempt attempt) {
        try {
            SignedJWT jwt = SignedJWT.parse(text);
            if (!jwt.verify(verifier(jwt.getHeader().getAlgorithm().getName(), attempt.known()))) {
                throw Scheme.wrong("the assertion is not signed with the key that is registered");
            }
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            require(attempt.known().client().equals(claims.getIssuer()), "iss is not who the key belongs to");
            require(isForUs(claims.getAudience(), attempt), "aud is not this vendor");
            times(claims, attempt.now());
            if (claims.getJWTID() != null) {
                fresh.once(claims.getJWTID());
            }
            return claims;
        } catch (ParseException | JOSEException e) {
            throw Scheme.wrong("the assertion can't be read");
        }
    }

    private JWSVerifier verifier(String algorithm, Credential known) throws JOSEException {
        require(algorithms.contains(algorithm), "the assertion is signed by " + algorithm + ", which is not taken");
        PublicKey key = known.publicKey(algorithm)
                .orElseThrow(() -> Scheme.wrong("no key for " + algorithm + " is registered"));
        return key instanceof ECPublicKey curve ? new ECDSAVerifier(curve) : new RSASSAVerifier((RSAPublicKey) key);
    }

    private boolean isForUs(List<String> named, Attempt attempt) {
        return named.isEmpty()
                ? !mustNameUs && audiences.isEmpty()
                : named.stream()
                        .anyMatch(name -> audiences.contains(name)
                                || name.equals(attempt.address())
                                || name.equals(attempt.address() + door));
    }

    private static void times(JWTClaimsSet claims, Instant now) {
        Optional<Instant> issued = Optional.ofNullable(claims.getIssueTime()).map(Date::toInstant);
        Optional<Instant> end = Optional.ofNullable(claims.getExpirationTime()).map(Date::toInstant);
        require(issued.filter(at -> at.isAfter(now.plus(SLACK))).isEmpty(), "iat is still to come");
        require(end.filter(now::isBefore).isPresent(), "exp is over, or there is none");
        require(!end.orElseThrow().isAfter(now.plus(LONGEST).plus(SLACK)), "exp is more than an hour away");
    }

    static void require(boolean right, String otherwise) {
        if (!right) {
            throw Scheme.wrong(otherwise);
        }
    }

    void reset() {
        fresh.clear();
    }
}
