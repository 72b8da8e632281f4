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

    private final byte[] utf8;
    private final JsonParser parser;
    private final String[] names;
    private final List<byte[]> found = new ArrayList<>();
    private boolean lists;
    /** Whether something else than a list of objects stands at the path. */
    private boolean odd;

    private Slices(byte[] utf8, JsonParser parser, String path) {
        this.utf8 = utf8;
        this.parser = parser;
        this.names = path.isEmpty() ? new String[0] : path.split("\\.");
    }

    /**
     * The objects of the list at a dotted path, of each list there where it has a {@code *}; an empty path is the whole
     * answer.
     *
     * @param utf8 JSON
     * @param mayBeAbsent whether an object in which nothing stands at the path has an empty list there
     * @return empty when there is no list of objects at that path, or no JSON
     */
    static Optional<List<byte[]>> objects(byte[] utf8, String path, boolean mayBeAbsent) {
        try (JsonParser parser = FACTORY.createParser(utf8)) {
            parser.nextToken();
            var slices = new Slices(utf8, parser, path);
            boolean absentIsEmpty = mayBeAbsent && parser.hasToken(JsonToken.START_OBJECT);
            slices.read(0);
            boolean fine = !slices.odd && (slices.lists || absentIsEmpty);
            return fine ? Optional.of(slices.found) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Reads the value where the parser stands to its end. @param depth how much of the path lies behind */
    private void read(int depth) throws IOException {
        if (depth == names.length) {
            cut();
            return;
        }
        boolean list = parser.hasToken(JsonToken.START_ARRAY);
        if (!list && !parser.hasToken(JsonToken.START_OBJECT)) {
            return;
        }
        JsonToken end = list ? JsonToken.END_ARRAY : JsonToken.END_OBJECT;
        for (int i = 0; parser.nextToken() != end; i++) {
            String name = list ? Integer.toString(i) : parser.currentName();
            if (!list) {
                parser.nextToken();
            }
            if (names[depth].equals(name) || names[depth].equals("*")) {
                read(depth + 1);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void cut() throws IOException {
        lists = true;
        if (parser.hasToken(JsonToken.VALUE_NULL)) {
            return; // how some remotes write an empty list
        }
        if (!parser.hasToken(JsonToken.START_ARRAY)) {
            odd = true;
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            long start = parser.currentTokenLocation().getByteOffset();
            // -1: not UTF-8, so there are no byte offsets
            if (!parser.hasToken(JsonToken.START_OBJECT) || start < 0) {
                odd = true;
                parser.skipChildren();
                continue;
            }
            parser.skipChildren();
            found.add(Arrays.copyOfRange(
                    utf8, (int) start, (int) parser.currentLocation().getByteOffset()));
        }
    }
}
