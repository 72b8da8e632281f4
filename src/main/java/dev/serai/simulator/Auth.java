package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.file.Yaml;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** How callers prove who they are, and the one credential that does. A vendor without any way to takes everybody. */
final class Auth {
    private final String vendor;
    private final Credential initial;
    private final List<Scheme> schemes = new ArrayList<>();
    private final Optional<OAuth> oauth;
    private Credential known;

    /**
     * @param vendor its name, which the paths of its callers begin with
     * @param file {@code auth} of a vendor's file
     */
    Auth(String vendor, Optional<Yaml> file, Expressions expressions) {
        this.vendor = vendor;
        this.initial = Credential.first(
                file.flatMap(auth -> auth.text("client")).orElse("client"),
                file.flatMap(auth -> auth.text("secret")).orElse("simulated"));
        this.known = initial;
        this.oauth = file.flatMap(auth -> auth.get("oauth2").or(() -> auth.get("session")))
                .map(tokens -> new OAuth(tokens, expressions));
        file.flatMap(auth -> auth.get("schemes"))
                .map(Yaml::items)
                .orElse(List.of())
                .forEach(scheme -> schemes.add(scheme(scheme)));
    }

    private Scheme scheme(Yaml scheme) {
        return switch (scheme.text("type").orElseThrow()) {
            case "standard_webhooks" -> HmacScheme.standardWebhooks();
            case "hmac" -> new HmacScheme(scheme);
            case "oauth1" -> new OAuth1Scheme(scheme);
            default -> new Carried(scheme, oauth);
        };
    }

    Credential credential() {
        return known;
    }

    /** From now on only this secret is taken, as after a rotation, and no key that was made before. */
    void rotate(String secret) {
        known = initial.replaced(secret);
    }

    /** Its token endpoint, where it has one. */
    Optional<OAuth> oauth() {
        return oauth;
    }

    /** What the token endpoint answers. @param operation as {@link OAuth#operation} names it */
    Answer token(String operation, Asked asked, Instant now, Map<String, JsonNode> variables) {
        return oauth.orElseThrow().answer(operation, attempt(asked, now), variables);
    }

    void reset() {
        known = initial;
        schemes.forEach(Scheme::reset);
        oauth.ifPresent(OAuth::reset);
    }

    /** Headers that carry credentials; never to be shown. */
    Set<String> headers() {
        var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(List.of("Authorization", "Proxy-Authorization", "Cookie"));
        schemes.forEach(scheme -> names.addAll(scheme.headers()));
        return names;
    }

    /** Parameters of the query that carry credentials; never to be shown. */
    Set<String> parameters() {
        var names = new TreeSet<String>();
        schemes.forEach(scheme -> names.addAll(scheme.parameters()));
        return names;
    }

    /** @throws Refusal of kind {@code no_credential} or {@code bad_credential} */
    void check(Asked asked, Instant now) {
        var refusal = new Refusal("no_credential", "the request carries no credential");
        for (Scheme scheme : schemes) {
            try {
                if (scheme.tried(asked)) {
                    scheme.check(attempt(asked, now));
                    return;
                }
            } catch (Refusal e) {
                refusal = e;
            }
        }
        if (!schemes.isEmpty()) {
            throw refusal;
        }
    }

    private Attempt attempt(Asked asked, Instant now) {
        return new Attempt(asked, "http://" + asked.header("Host") + "/" + vendor, known, now);
    }
}
