package dev.serai.connector;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a request proves who sends it.
 *
 * @param name the header or query parameter that carries the secret, for those kinds
 * @param user for {@code basic}; not a secret
 * @param secret password, token or value; always a secret
 */
record Auth(Kind kind, String name, Text user, Text secret) {
    static final Auth NONE = new Auth(Kind.NONE, "", Text.EMPTY, Text.EMPTY);

    enum Kind {
        NONE,
        BASIC,
        BEARER,
        HEADER,
        QUERY
    }

    /** Adds what the remote asks for. */
    void apply(Values values, Map<String, String> headers, Map<String, String> query) {
        switch (kind) {
            case NONE -> {}
            case BASIC -> headers.put("Authorization", "Basic " + pair(values));
            case BEARER -> headers.put("Authorization", "Bearer " + values.fill(secret));
            case HEADER -> headers.put(name, values.fill(secret));
            case QUERY -> query.put(name, values.fill(secret));
        }
    }

    /** The secrets as they are set now and as they look inside a request; what is not set is left out. */
    Set<String> secrets(Values values) {
        var secrets = new TreeSet<String>();
        for (String setting : secret.settings()) {
            values.settings().get(setting).ifPresent(value -> {
                secrets.add(value);
                secrets.add(Urls.encode(value));
            });
        }
        if (kind == Kind.BASIC) {
            try {
                secrets.add(pair(values));
            } catch (ConnectorRefused e) {
                // no request can carry the pair either
            }
        }
        secrets.removeIf(String::isBlank);
        return secrets;
    }

    private String pair(Values values) {
        String pair = values.fill(user) + ":" + values.fill(secret);
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
