package dev.serai.simulator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.file.FileRefused;
import dev.serai.file.Place;
import dev.serai.file.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The one JSON reader and writer of this room: keeps every digit, refuses a member that stands twice. */
final class Json {
    static final JsonNodeFactory MAKE = JsonNodeFactory.instance;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonParser.Feature.AUTO_CLOSE_SOURCE)
            .build();

    private Json() {}

    /** @throws Refusal of kind {@code malformed}, with the place but without the text */
    static JsonNode parse(String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            if (node == null || node.isMissingNode()) {
                throw new Refusal("malformed", "the body is empty");
            }
            return node;
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new Refusal(
                    "malformed",
                    "the body is not JSON" + (at == null ? "" : " at " + at.getLineNr() + ":" + at.getColumnNr()));
        }
    }

    /** @param shown as messages name it @throws FileRefused when it is no JSON, at its line and column */
    static JsonNode file(Path file, String shown) {
        try {
            return MAPPER.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            var place = at == null ? Place.whole(shown) : new Place(shown, at.getLineNr(), at.getColumnNr());
            throw new FileRefused(
                    List.of(new Problem(place, "this is no JSON: " + e.getOriginalMessage() + "; correct it")));
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read " + shown, e);
        }
    }

    static byte[] bytes(JsonNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** {@code name} as a JSON Pointer token. */
    static String token(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
