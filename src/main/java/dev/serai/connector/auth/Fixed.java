package dev.serai.connector.auth;

import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Text;
import dev.serai.connector.Values;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The same secret in every request.
 *
 * @param name the header or query parameter that carries the secret, for those kinds
 * @param user for {@code basic}; not a secret
 * @param secret password, token or value; always a secret
 */
public record Fixed(Kind kind, String name, Text user, Text secret) implements Auth {
    public static final Fixed NONE = new Fixed(Kind.NONE, "", Text.EMPTY, Text.EMPTY);

    /** Where the secret stands. */
    public enum Kind {
        NONE,
        BASIC,
        BEARER,
        HEADER,
        QUERY
    }

    @Override
    public void apply(Values values, Map<String, String> headers, Map<String, String> query) {
        switch (kind) {
            case NONE -> {}
            case BASIC -> headers.put("Authorization", "Basic " + pair(values));
            case BEARER -> headers.put("Authorization", "Bearer " + values.fill(secret));
            case HEADER -> headers.put(name, values.fill(secret));
            case QUERY -> query.put(name, values.fill(secret));
        }
    }

    @Override
    public Stream<Text> texts() {
        return Stream.of(user, secret);
    }

    @Override
    public Stream<Text> secretTexts() {
        return Stream.of(secret);
    }

    @Override
    public Set<String> secrets(Values values) {
        Set<String> secrets = Auth.shownAs(secretTexts(), values);
        if (kind == Kind.BASIC) {
            try {
                secrets.add(pair(values));
            } catch (ConnectorRefused e) {
                // no request can carry the pair either
            }
        }
        return secrets;
    }

    private String pair(Values values) {
        String pair = values.fill(user) + ":" + values.fill(secret);
        return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
