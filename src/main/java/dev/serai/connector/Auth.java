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

    /** The secret as it is set now and as it looks inside a request; empty when a setting is missing. */
    Set<String> secrets(Values values) {
        var secrets = new TreeSet<String>();
        try {
            String plain = values.fill(secret);
            secrets.add(plain);
            secrets.add(Urls.encode(plain));
            if (kind == Kind.BASIC) {
                secrets.add(pair(values));
            }
        } catch (ConnectorRefused e) {
            return secrets; // no request with it can be built either
        }
        secrets.remove("");
        return secrets;
    }

    private String pair(Values values) {
        String pair = values.fill(user) + ":" + values.fill(secret);
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
