package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HeaderElement;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.message.BasicHeaderValueParser;
import org.apache.hc.core5.http.message.ParserCursor;

/** What is no JSON, as flows and mappings see it: a file is {@code {name, type, base64}}, a text {@code {type, text}}. */
final class Content {
    private static final String ANY = "application/octet-stream";

    private Content() {}

    static ObjectNode text(Answer answer) {
        Charset charset = Optional.ofNullable(
                        ContentType.parseLenient(answer.header("Content-Type").orElse("")))
                .map(ContentType::getCharset)
                .orElse(StandardCharsets.UTF_8);
        String text = new String(answer.body(), charset);
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", answer.header("Content-Type").orElse("text/plain"))
                .put("text", text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    static ObjectNode file(Answer answer) {
        return JsonNodeFactory.instance
                .objectNode()
                .put(
                        "name",
                        answer.header("Content-Disposition")
                                .flatMap(Content::name)
                                .orElse("file"))
                .put("type", answer.header("Content-Type").orElse(ANY))
                .put("base64", Base64.getEncoder().encodeToString(answer.body()));
    }

    /** The name in {@code attachment; filename="invoice.pdf"} (RFC 6266), without folders. */
    private static Optional<String> name(String disposition) {
        HeaderElement[] elements =
                BasicHeaderValueParser.INSTANCE.parseElements(disposition, new ParserCursor(0, disposition.length()));
        if (elements.length == 0) {
            return Optional.empty();
        }
        Optional<String> encoded = Optional.ofNullable(elements[0].getParameterByName("filename*"))
                .map(NameValuePair::getValue)
                .flatMap(Content::decoded);
        return encoded.or(() -> Optional.ofNullable(elements[0].getParameterByName("filename"))
                        .map(NameValuePair::getValue))
                .map(name -> name.replaceAll(".*[/\\\\]", "").replaceAll("\\p{Cntrl}", ""))
                .filter(name -> !name.isBlank());
    }

    /** {@code UTF-8''na%C3%AFve.pdf} (RFC 8187). */
    private static Optional<String> decoded(String value) {
        String[] parts = value.split("'", 3);
        try {
            return parts.length == 3
                    ? Optional.of(URLDecoder.decode(parts[2].replace("+", "%2B"), Charset.forName(parts[0])))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Sends a file or a text as it is. @throws ConnectorRefused when it is neither */
    static void send(Requests.Draft draft, JsonNode content, Values values) {
        boolean text = content.path("text").isTextual();
        try {
            draft.body = text
                    ? content.path("text").textValue().getBytes(StandardCharsets.UTF_8)
                    : Base64.getDecoder().decode(content.path("base64").asText("?"));
        } catch (IllegalArgumentException e) {
            throw values.refused("there is nothing to send as it is; give it { type: application/pdf, base64: ... } or"
                    + " { type: text/csv, text: ... }");
        }
        String type = content.path("type").asText(text ? "text/plain" : ANY);
        draft.headers.putIfAbsent(
                "Content-Type", text ? type.replaceFirst("(?i);\\s*charset=[^;]*", "") + "; charset=utf-8" : type);
    }
}
