package dev.serai.connector;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Cuts the records out of an answer without touching a byte of them. */
final class Slices {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Slices() {}

    /**
     * The objects of the list at a dotted path, an empty path being the whole answer.
     *
     * @param utf8 JSON
     * @return empty when there is no list of objects at that path, or no JSON
     */
    static Optional<List<byte[]>> objects(byte[] utf8, String path) {
        try (JsonParser parser = FACTORY.createParser(utf8)) {
            parser.nextToken();
            for (String name : path.isEmpty() ? new String[0] : path.split("\\.")) {
                if (!enter(parser, name)) {
                    return Optional.empty();
                }
            }
            return cut(parser, utf8);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean enter(JsonParser parser, String name) throws IOException {
        if (!parser.hasToken(JsonToken.START_OBJECT)) {
            return false;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean found = parser.currentName().equals(name);
            parser.nextToken();
            if (found) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }

    private static Optional<List<byte[]>> cut(JsonParser parser, byte[] utf8) throws IOException {
        if (parser.hasToken(JsonToken.VALUE_NULL)) {
            return Optional.of(List.of()); // how some remotes write an empty list
        }
        if (!parser.hasToken(JsonToken.START_ARRAY)) {
            return Optional.empty();
        }
        var slices = new ArrayList<byte[]>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            long start = parser.currentTokenLocation().getByteOffset();
            // -1: not UTF-8, so there are no byte offsets
            if (!parser.hasToken(JsonToken.START_OBJECT) || start < 0) {
                return Optional.empty();
            }
            parser.skipChildren();
            slices.add(Arrays.copyOfRange(
                    utf8, (int) start, (int) parser.currentLocation().getByteOffset()));
        }
        return Optional.of(slices);
    }
}
