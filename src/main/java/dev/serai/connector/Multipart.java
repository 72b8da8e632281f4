package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.apache.hc.client5.http.entity.mime.HttpMultipartMode;
import org.apache.hc.client5.http.entity.mime.MultipartEntityBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;

/**
 * A JSON object as {@code multipart/form-data}. A field that is a file is {@code {name, type, base64}} or a list of such;
 * any other is text, an object or a list its JSON.
 */
final class Multipart {
    private static final ContentType TEXT = ContentType.TEXT_PLAIN.withCharset(StandardCharsets.UTF_8);

    private Multipart() {}

    static void put(Requests.Draft draft, JsonNode object, List<String> files, Values values) {
        var parts = MultipartEntityBuilder.create()
                .setMode(HttpMultipartMode.EXTENDED)
                .setCharset(StandardCharsets.UTF_8)
                .setBoundary("serai-" + UUID.randomUUID());
        object.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (!files.contains(field.getKey())) {
                parts.addTextBody(field.getKey(), value.isContainerNode() ? value.toString() : text(value), TEXT);
            } else if (value.isArray()) {
                value.forEach(file -> add(parts, field.getKey(), file, values));
            } else if (!value.isNull()) {
                add(parts, field.getKey(), value, values);
            }
        });
        HttpEntity entity = parts.build();
        var bytes = new ByteArrayOutputStream();
        try {
            entity.writeTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        draft.body = bytes.toByteArray();
        draft.headers.put("Content-Type", entity.getContentType());
    }

    private static String text(JsonNode value) {
        return value.isNull() ? "" : value.asText();
    }

    private static void add(MultipartEntityBuilder parts, String name, JsonNode file, Values values) {
        try {
            byte[] content = Base64.getDecoder().decode(file.path("base64").asText());
            String type = file.path("type").asText("application/octet-stream");
            parts.addBinaryBody(
                    name, content, ContentType.parse(type), file.path("name").asText("file"));
        } catch (IllegalArgumentException e) {
            throw values.refused(
                    "\"" + name + "\" is not a file; give { name: invoice.pdf, type: application/pdf, base64: ... }");
        }
    }
}
