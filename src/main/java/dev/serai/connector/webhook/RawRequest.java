package dev.serai.connector.webhook;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.Json;
import dev.serai.connector.Urls;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request as it came in. The body is the bytes of the wire: signatures are over them, so nothing may parse, re-encode
 * or trim them before.
 *
 * @param url the full address as the sender called it ({@code https://hub.example/webhooks/hubspot}), not the one behind a
 *     proxy; some systems sign it
 * @param headers names in any case
 */
public record RawRequest(String method, String url, Map<String, String> headers, byte[] body) {

    public RawRequest {
        var anyCase = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(headers);
        headers = Collections.unmodifiableMap(anyCase);
    }

    /** The value of a header without the space around it; empty when it is missing or blank. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** The value of a query parameter of the address, decoded; empty when it is missing, blank, or comes twice. */
    public Optional<String> query(String name) {
        String called = url.split("#", 2)[0];
        int from = called.indexOf('?');
        if (from < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(FormBody.fields(called.substring(from + 1)).path(name))
                    .filter(JsonNode::isTextual)
                    .map(JsonNode::textValue)
                    .map(String::strip)
                    .filter(value -> !value.isEmpty());
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    /** The text at a dotted path of the body, which is JSON or a form; empty when it is missing, or no such body came. */
    public Optional<String> field(String path) {
        try {
            boolean form = header("Content-Type")
                    .filter(type -> type.contains(FormBody.MEDIA_TYPE))
                    .isPresent();
            JsonNode fields =
                    form ? FormBody.read(body) : JsonParts.anything(body).json();
            return Optional.of(Json.at(fields, path))
                    .filter(found -> found.isValueNode() && !found.isNull())
                    .map(JsonNode::asText)
                    .filter(value -> !value.isEmpty());
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    /** The same without what a body must not be stored with: each of these texts, as JSON and forms spell it. */
    RawRequest without(List<byte[]> secrets) {
        String text = new String(body, StandardCharsets.UTF_8);
        for (byte[] secret : secrets) {
            String plain = new String(secret, StandardCharsets.UTF_8);
            String json = new String(JsonStringEncoder.getInstance().quoteAsString(plain));
            for (String spelt : List.of(plain, json, json.replace("/", "\\/"), Urls.encode(plain))) {
                text = text.replace(spelt, "***");
            }
        }
        return new RawRequest(method, url, headers, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Neither headers nor body: they hold signatures and personal data. */
    @Override
    public String toString() {
        return method + " with " + headers.size() + " headers and " + body.length + " bytes";
    }
}
