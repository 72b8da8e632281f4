package dev.serai.connector.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a JSON body into its events without touching their bytes: white space, number formats, the order of keys and
 * repeated keys stay as they came.
 */
final class JsonParts {
    /** Real events nest a dozen levels; far below what could exhaust a stack. */
    static final int MAX_DEPTH = 200;

    /** HubSpot sends 100 and SendGrid some hundreds; above this one request would hold a commit for too long. */
    static final int MAX_EVENTS = 1_000;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    // UTF-8 or nothing; a guess would lose the byte offsets
                    .disable(JsonFactory.Feature.CHARSET_DETECTION)
                    // names come from strangers and would fill the JVM's table of interned text
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            // an amount of 1.50 is "1.50" in templates too
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final byte[] body;
    private final JsonParser parser;
    private final List<Part> parts = new ArrayList<>();

    /** @param bytes of the part, as they stand in the body */
    record Part(JsonNode json, byte[] bytes) {}

    private JsonParts(byte[] body, JsonParser parser) {
        this.body = body;
        this.parser = parser;
    }

    /** The body as the one event it is. @throws Malformed when it is not a JSON object */
    static Part whole(byte[] body) {
        return cut(body, JsonParts::takeBody).get(0);
    }

    /** The body as one event, whatever JSON it is. @throws Malformed when it is none */
    static Part anything(byte[] body) {
        return cut(body, JsonParts::takeAnything).get(0);
    }

    /**
     * The items of the array at {@code path}, in their order.
     *
     * @param path names from the outermost inwards; none when the body itself is the array
     * @throws Malformed when there is no such array, or it holds anything but objects, or too many
     */
    static List<Part> each(byte[] body, List<String> path) {
        return cut(body, cutter -> cutter.descend(path, 0));
    }

    /** Whether the body begins as a list does. */
    static boolean isList(byte[] body) {
        int at = 0;
        while (at < body.length && (body[at] == ' ' || body[at] == '\t' || body[at] == '\r' || body[at] == '\n')) {
            at++;
        }
        return at < body.length && body[at] == '[';
    }

    private interface Taking {
        void of(JsonParts cutter) throws IOException;
    }

    private static List<Part> cut(byte[] body, Taking taking) {
        requireText(body);
        try (JsonParser parser = MAPPER.createParser(body)) {
            var cutter = new JsonParts(body, parser);
            parser.nextToken();
            taking.of(cutter);
            if (parser.nextToken() != null) {
                throw new Malformed("the body goes on after the end of its JSON; one JSON value was expected");
            }
            return List.copyOf(cutter.parts);
        } catch (StreamConstraintsException | NumberFormatException e) {
            throw new Malformed("the body nests deeper than " + MAX_DEPTH
                    + " levels, or has a name, number or text longer than is read");
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new Malformed("the body is not JSON"
                    + (at == null ? "" : ": it breaks at line " + at.getLineNr() + ", column " + at.getColumnNr()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireText(byte[] body) {
        if (body.length == 0) {
            throw new Malformed("the body is empty; JSON was expected");
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
        } catch (CharacterCodingException e) {
            throw new Malformed("the body is not UTF-8 text; JSON in UTF-8 was expected");
        }
    }

    private void takeAnything() throws IOException {
        if (parser.currentToken() == null) {
            throw new Malformed("the body is blank; JSON was expected");
        }
        parts.add(new Part(MAPPER.readTree(parser), body));
    }

    private void takeBody() throws IOException {
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            throw new Malformed("the body is a list; an object was expected (a system that sends several events in one"
                    + " request needs event.split: \".\")");
        }
        take("the body");
    }

    private void descend(List<String> path, int depth) throws IOException {
        String where = depth == 0 ? "the body" : "\"" + String.join(".", path.subList(0, depth)) + "\"";
        if (depth == path.size()) {
            takeEach(where);
            return;
        }
        require(JsonToken.START_OBJECT, where, "an object with \"" + path.get(depth) + "\"");
        boolean found = false;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            boolean wanted = parser.currentName().equals(path.get(depth));
            parser.nextToken();
            if (!wanted) {
                parser.skipChildren();
            } else if (found) {
                throw new Malformed(where + " has \"" + path.get(depth) + "\" twice; once was expected");
            } else {
                found = true;
                descend(path, depth + 1);
            }
        }
        if (!found) {
            throw new Malformed(where + " has no \"" + path.get(depth) + "\"; the list of events was expected there");
        }
    }

    private void takeEach(String where) throws IOException {
        require(JsonToken.START_ARRAY, where, "a list of events");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parts.size() == MAX_EVENTS) {
                throw new Malformed(where + " has more than " + MAX_EVENTS + " events; at most that many are taken");
            }
            take("event " + (parts.size() + 1));
        }
    }

    private void take(String where) throws IOException {
        require(JsonToken.START_OBJECT, where, "an object");
        long from = parser.currentTokenLocation().getByteOffset();
        JsonNode json = MAPPER.readTree(parser);
        long to = parser.currentLocation().getByteOffset();
        boolean all = from == 0 && to == body.length;
        parts.add(new Part(json, all ? body : Arrays.copyOfRange(body, (int) from, (int) to)));
    }

    private void require(JsonToken expected, String where, String words) {
        if (parser.currentToken() != expected) {
            throw new Malformed(where + " is " + shape(parser.currentToken()) + "; " + words + " was expected");
        }
    }

    private static String shape(JsonToken token) {
        if (token == null) {
            return "blank";
        }
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "a text";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_NULL -> "null";
            default -> "true or false";
        };
    }
}
