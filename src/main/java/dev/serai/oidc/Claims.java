package dev.serai.oidc;

import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What we read of an ID token that was found to be good. */
final class Claims {
    private static final int LONGEST_NAME = 100;
    /** As OpenID Connect allows it. */
    private static final int LONGEST_SUBJECT = 255;

    private static final int MARK_BYTES = 6;

    private Claims() {}

    static Identity identity(IDTokenClaimsSet token, String roles, String nonce) {
        String subject = token.getSubject().getValue();
        String name = Stream.of("preferred_username", "email")
                .map(token::getStringClaim)
                .filter(value -> value != null && !value.isBlank())
                .findFirst()
                .orElse(subject);
        return new Identity(
                // brackets hold the mark, and nobody writes one into a name
                line(name.replaceAll("[\\p{Ps}\\p{Pe}]", " "), LONGEST_NAME),
                line(subject, LONGEST_SUBJECT),
                mark(token.getIssuer().getValue(), subject),
                values(token, roles),
                nonce);
    }

    /** What is shown and noted. */
    private static String line(String text, int longest) {
        String line = text.replaceAll("[\\p{Cntrl}\\p{Cf}]", " ").strip();
        return line.length() <= longest ? line : line.substring(0, longest - 1) + "…";
    }

    /** An issuer gives a subject away once, and it does not change. */
    private static String mark(String issuer, String subject) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((issuer + "\n" + subject).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, MARK_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A claim by its whole name, for some names are addresses with dots in them, else by its dotted path. An address counts only
     * when the issuer says that it is verified: anybody may write anybody's into a profile.
     */
    private static Set<String> values(IDTokenClaimsSet token, String path) {
        boolean unverified = path.equals("email") && !"true".equals(String.valueOf(token.getClaim("email_verified")));
        Map<String, Object> all = token.toJSONObject();
        Object found = unverified ? null : all.containsKey(path) ? all.get(path) : walk(all, path);
        var values = new LinkedHashSet<String>();
        if (found instanceof Collection<?> list) {
            list.stream().filter(String.class::isInstance).forEach(value -> values.add((String) value));
        } else if (found instanceof String text) {
            values.add(text);
        }
        return Set.copyOf(values);
    }

    private static Object walk(Map<String, Object> all, String path) {
        Object here = all;
        for (String name : path.split("\\.")) {
            here = here instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return here;
    }
}
