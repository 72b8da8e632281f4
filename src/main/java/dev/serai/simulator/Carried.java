package dev.serai.simulator;

import dev.serai.file.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A secret, or a token the vendor gave out, that a request carries as it is. */
final class Carried implements Scheme {
    private enum Type {
        BEARER,
        BASIC,
        HEADER,
        /** A parameter of the query. */
        QUERY,
        /** A field of the JSON body. */
        BODY
    }

    private final Type type;
    private final String name;
    private final String prefix;
    private final boolean secretIsUser;
    private final String user;
    private final Optional<OAuth> oauth;

    /** @param oauth where the vendor gives out tokens, which are taken here too */
    Carried(Yaml scheme, Optional<OAuth> oauth) {
        this.type = Type.valueOf(scheme.text("type").orElseThrow().toUpperCase(Locale.ROOT));
        this.name = scheme.text("name").orElse("Authorization");
        this.prefix = type == Type.BEARER
                ? "Bearer "
                : scheme.text("prefix").map(text -> text + " ").orElse("");
        this.secretIsUser = scheme.text("secret_in").orElse("password").equals("user");
        this.user = scheme.text("user").orElse("");
        this.oauth = oauth;
    }

    @Override
    public boolean tried(Asked asked) {
        return !value(asked).isEmpty();
    }

    @Override
    public void check(Attempt attempt) {
        String value = value(attempt.asked());
        boolean given = type != Type.BASIC
                && value.startsWith(prefix)
                && oauth.filter(door -> door.takes(value.substring(prefix.length()), attempt.now()))
                        .isPresent();
        boolean secretCounts = oauth.filter(OAuth::alone).isEmpty();
        if (!given && !(secretCounts && right(value, attempt.known().secret()))) {
            throw Scheme.wrong("the credential is not the one this vendor takes");
        }
    }

    private String value(Asked asked) {
        return switch (type) {
            case BODY -> field(asked);
            case QUERY -> asked.query(name).orElse("");
            default -> asked.header(name);
        };
    }

    private String field(Asked asked) {
        try {
            return Json.parse(asked.body()).path(name).asText();
        } catch (Refusal e) {
            return "";
        }
    }

    private boolean right(String value, String secret) {
        return type == Type.BASIC ? basic(value, secret) : value.equals(prefix + secret);
    }

    private boolean basic(String value, String secret) {
        Optional<String[]> pair = pair(value);
        if (pair.isEmpty()) {
            return false;
        }
        String[] parts = pair.get();
        return secretIsUser
                ? parts[0].equals(secret)
                : parts.length == 2 && parts[1].equals(secret) && (user.isEmpty() || parts[0].matches(user));
    }

    /** Name and password of a Basic header; empty when it is none. */
    static Optional<String[]> pair(String header) {
        String basic = "Basic ";
        if (!header.startsWith(basic)) {
            return Optional.empty();
        }
        try {
            byte[] plain = Base64.getDecoder().decode(header.substring(basic.length()));
            return Optional.of(new String(plain, StandardCharsets.UTF_8).split(":", 2));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public Set<String> headers() {
        return type == Type.QUERY || type == Type.BODY ? Set.of() : Set.of(name);
    }

    @Override
    public Set<String> parameters() {
        return type == Type.QUERY ? Set.of(name) : Set.of();
    }
}
