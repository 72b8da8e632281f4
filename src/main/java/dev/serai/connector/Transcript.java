package dev.serai.connector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Calls as JSON, for people and for tests: {@code {method, path, query, headers, body}} and {@code {status, headers, body}}. Of
 * headers only those that matter, and nothing of a credential.
 */
public final class Transcript {
    private static final Pattern ASKED = Pattern.compile(
            "content-type|accept|accept-language|if-match|prefer|idempotency-key|x-http-method-override");
    private static final Pattern ANSWERED =
            Pattern.compile("content-type|retry-after|.*(request|correlation|trace)-?id");
    private static final String HIDDEN = "***";

    private final String base;
    private final UnaryOperator<String> masking;

    private Transcript(String base, UnaryOperator<String> masking) {
        this.base = base;
        this.masking = masking;
    }

    /** Of calls of a connection, as it is now: with its token, where it has one. */
    public static Transcript of(Connector connector) {
        String base;
        try {
            base = connector.address().replaceAll("/+$", "");
        } catch (ConnectorRefused e) {
            base = "";
        }
        return new Transcript(base, connector.signIn().masking());
    }

    /** The path is cut at its slashes, below the base address, and decoded as the query is. */
    public ObjectNode request(Request request) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("method", request.method());
        String address = request.url().toString();
        String below = !base.isEmpty() && address.startsWith(base) ? address.substring(base.length()) : rest(request);
        int query = below.indexOf('?');
        ArrayNode path = json.putArray("path");
        Stream.of((query < 0 ? below : below.substring(0, query)).split("/"))
                .filter(segment -> !segment.isEmpty())
                .forEach(segment -> path.add(hidden(decoded(segment))));
        ObjectNode asked = json.putObject("query");
        if (query >= 0) {
            pairs(below.substring(query + 1), asked);
        }
        headers(json.putObject("headers"), request.headers(), ASKED);
        body(json, request.headers(), request.body());
        return json;
    }

    public ObjectNode answer(Answer answer) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("status", answer.status());
        headers(json.putObject("headers"), answer.headers(), ANSWERED);
        body(json, answer.headers(), answer.body());
        return json;
    }

    /** The answer that {@link #answer} told. */
    public static Answer answer(JsonNode told) {
        var headers = new java.util.HashMap<String, String>();
        told.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asText()));
        JsonNode body = told.path("body");
        String text =
                body.isMissingNode() ? "" : body.isTextual() && !isJson(headers) ? body.textValue() : body.toString();
        return new Answer(told.path("status").asInt(), headers, text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isJson(Map<String, String> headers) {
        return headers.getOrDefault("content-type", "").contains("json");
    }

    private static String rest(Request request) {
        String query = request.url().getRawQuery();
        return request.url().getRawPath() + (query == null ? "" : "?" + query);
    }

    private void pairs(String encoded, ObjectNode into) {
        for (String pair : encoded.split("&")) {
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = hidden(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            into.put(name, into.has(name) ? into.get(name).asText() + "," + value : value);
        }
    }

    private void headers(ObjectNode json, Map<String, String> headers, Pattern matter) {
        headers.forEach((name, value) -> {
            String small = name.toLowerCase(Locale.ROOT);
            if (matter.matcher(small).matches()) {
                json.put(small, hidden(value));
            }
        });
    }

    private void body(ObjectNode json, Map<String, String> headers, byte[] body) {
        if (body.length == 0) {
            return;
        }
        String type = headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("content-type"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
        String text = new String(body, StandardCharsets.UTF_8);
        if (type.startsWith("application/x-www-form-urlencoded")) {
            pairs(text, json.putObject("body"));
            return;
        }
        try {
            JsonNode read = Answer.JSON.readTree(body);
            json.set("body", read == null || read.isMissingNode() ? TextNode.valueOf(hidden(text)) : hidden(read));
        } catch (JsonProcessingException e) {
            json.put("body", hidden(text));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private JsonNode hidden(JsonNode json) {
        if (json.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            json.properties().forEach(field -> object.set(field.getKey(), hidden(field.getValue())));
            return object;
        }
        if (json.isArray()) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            json.forEach(item -> list.add(hidden(item)));
            return list;
        }
        return json.isTextual() ? TextNode.valueOf(hidden(json.textValue())) : json;
    }

    private String hidden(String text) {
        return text.isEmpty() || text.equals(HIDDEN) ? text : masking.apply(text);
    }

    private static String decoded(String encoded) {
        try {
            return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return encoded;
        }
    }
}
