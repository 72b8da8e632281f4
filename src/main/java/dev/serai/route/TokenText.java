package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.connector.Connector;
import dev.serai.connector.auth.Token;
import dev.serai.connector.auth.Token.ConsentEnd;
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
 */
record TokenText(Token token, String seed) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static TokenText of(Connector connector, Token token) {
        return new TokenText(token, seed(connector));
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
                    string(json, "consent_ends")
                            .map(end -> new ConsentEnd(
                                    Instant.parse(end),
                                    json.path("consent_stands").asBoolean())),
                    fields);
            return new TokenText(token, json.path("seed").asText());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        token.consentEnd()
                .ifPresent(end -> json.put("consent_ends", end.at().toString()).put("consent_stands", end.stands()));
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
