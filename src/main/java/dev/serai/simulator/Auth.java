package dev.serai.simulator;

import dev.serai.file.Yaml;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** How callers prove who they are, and the one secret that does. */
final class Auth {
    private enum Type {
        BEARER,
        BASIC,
        HEADER,
        /** A parameter of the query. */
        QUERY,
        /** A field of the JSON body. */
        BODY,
        /** Standard Webhooks: an HMAC over id, time and body. */
        STANDARD_WEBHOOKS
    }

    /**
     * @param header where the credential stands: a header, a parameter of the query or a field of the body
     * @param secretIn for basic: {@code user} or {@code password}
     * @param prefix before the secret in the header
     * @param user for basic with the secret as password: the pattern of user names, empty for any
     */
    private record Scheme(Type type, String header, String prefix, String secretIn, String user) {}

    private final String initial;
    private final List<Scheme> schemes = new ArrayList<>();
    private final Optional<OAuth> oauth;
    private String secret;

    /** @param auth the {@code auth} of a vendor's file */
    Auth(Yaml auth, Expressions expressions) {
        this.initial = auth.text("secret").orElseThrow();
        this.secret = initial;
        this.oauth = auth.get("oauth2").map(oauth2 -> new OAuth(oauth2, expressions));
        auth.get("schemes")
                .orElseThrow()
                .items()
                .forEach(scheme -> schemes.add(new Scheme(
                        Type.valueOf(scheme.text("type").orElseThrow().toUpperCase(Locale.ROOT)),
                        scheme.text("type").orElseThrow().equals("standard_webhooks")
                                ? "webhook-signature"
                                : scheme.text("name").orElse("Authorization"),
                        scheme.text("prefix").map(text -> text + " ").orElse(""),
                        scheme.text("secret_in").orElse("password"),
                        scheme.text("user").orElse(""))));
    }

    String secret() {
        return secret;
    }

    /** From now on only this secret is taken, as after a rotation. */
    void rotate(String secret) {
        this.secret = secret;
    }

    /** Its token endpoint, where it has one. */
    Optional<OAuth> oauth() {
        return oauth;
    }

    void reset() {
        secret = initial;
        oauth.ifPresent(OAuth::reset);
    }

    /** Headers that carry credentials; never to be shown. */
    Set<String> headers() {
        var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(List.of("Authorization", "Proxy-Authorization", "Cookie"));
        schemes.stream().filter(scheme -> scheme.type != Type.QUERY).forEach(scheme -> names.add(scheme.header));
        return names;
    }

    /** Parameters of the query that carry credentials; never to be shown. */
    Set<String> parameters() {
        var names = new TreeSet<String>();
        schemes.stream().filter(scheme -> scheme.type == Type.QUERY).forEach(scheme -> names.add(scheme.header));
        return names;
    }

    /** @throws Refusal of kind {@code no_credential} or {@code bad_credential} */
    void check(Asked asked, Instant now) {
        boolean tried = false;
        for (Scheme scheme : schemes) {
            String value = value(scheme, asked);
            if (token(scheme, value, now) || oauth.filter(OAuth::alone).isEmpty() && right(scheme, value, asked)) {
                return;
            }
            tried |= !value.isEmpty();
        }
        throw tried
                ? new Refusal("bad_credential", "the credential is not the one this vendor takes")
                : new Refusal("no_credential", "the request carries no credential");
    }

    private static String value(Scheme scheme, Asked asked) {
        return switch (scheme.type) {
            case BODY -> field(asked, scheme.header);
            case QUERY -> asked.query(scheme.header).orElse("");
            default -> asked.header(scheme.header);
        };
    }

    private boolean token(Scheme scheme, String value, Instant now) {
        String prefix = scheme.type == Type.BEARER ? "Bearer " : scheme.prefix;
        return scheme.type != Type.BASIC
                && value.startsWith(prefix)
                && oauth.filter(o -> o.takes(value.substring(prefix.length()), now))
                        .isPresent();
    }

    private static String field(Asked asked, String name) {
        try {
            return Json.parse(asked.body()).path(name).asText();
        } catch (Refusal e) {
            return "";
        }
    }

    private boolean right(Scheme scheme, String value, Asked asked) {
        return switch (scheme.type) {
            case HEADER -> value.equals(scheme.prefix + secret);
            case BEARER -> value.equals("Bearer " + secret);
            case BODY, QUERY -> value.equals(secret);
            case STANDARD_WEBHOOKS -> List.of(value.split(" ")).contains("v1," + signature(asked));
            case BASIC -> value.startsWith("Basic ") && basic(scheme, value.substring("Basic ".length()));
        };
    }

    /** Empty when the secret is no key. */
    private String signature(Asked asked) {
        String signed = asked.header("webhook-id") + "." + asked.header("webhook-timestamp") + "." + asked.body();
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.replaceFirst("^whsec_", "")), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            return "";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean basic(Scheme scheme, String encoded) {
        try {
            String plain = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            String[] parts = plain.split(":", 2);
            if (scheme.secretIn.equals("user")) {
                return parts[0].equals(secret);
            }
            return parts.length == 2
                    && parts[1].equals(secret)
                    && (scheme.user.isEmpty() || parts[0].matches(scheme.user));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
