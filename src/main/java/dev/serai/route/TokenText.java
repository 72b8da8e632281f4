package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.connector.Connector;
import dev.serai.connector.auth.Token;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A token as it is kept, before it is encrypted.
 *
 * @param seed recognises the secrets it was asked for with: when they are changed, it counts no more
 * @param grant the consent it comes from, counted from 1; 0 for none. Stands in a column of its own
 */
record TokenText(Token token, String seed, long grant) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static TokenText of(Connector connector, Token token) {
        return new TokenText(token, seed(connector), 0);
    }

    /** @param connector without a token of its own */
    static String seed(Connector connector) {
        String text = connector.name() + "\n"
                + String.join("\n", new TreeSet<>(connector.signIn().asked()));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static TokenText read(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            var fields = new TreeMap<String, String>();
            json.path("fields")
                    .properties()
                    .forEach(f -> fields.put(f.getKey(), f.getValue().asText()));
            var token = new Token(
                    json.path("access").asText(),
                    string(json, "refresh"),
                    Instant.parse(json.path("obtained").asText()),
                    string(json, "expires").map(Instant::parse),
                    fields);
            return new TokenText(token, json.path("seed").asText(), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TokenText of(long consent) {
        return new TokenText(token, seed, consent);
    }

    private static Optional<String> string(JsonNode json, String name) {
        return Optional.of(json.path(name)).filter(JsonNode::isTextual).map(JsonNode::asText);
    }

    String write() {
        var json = JSON.createObjectNode()
                .put("access", token.access())
                .put("refresh", token.refresh().orElse(null))
                .put("obtained", token.obtainedAt().toString())
                .put("expires", token.expiresAt().map(Instant::toString).orElse(null))
                .put("seed", seed);
        var fields = json.putObject("fields");
        token.fields().forEach(fields::put);
        return json.toString();
    }

    /** Values stay out of logs. */
    @Override
    public String toString() {
        return token.toString();
    }
}
