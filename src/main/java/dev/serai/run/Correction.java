package dev.serai.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.flipkart.zjsonpatch.CompatibilityFlags;
import com.flipkart.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;

/** What a person changes in a payload: all of it, or parts of it by an RFC 6902 patch. */
public final class Correction {
    /** Operations of one patch at most: each walks through the payload. */
    private static final int MOST_OPERATIONS = 100;

    /** What an operation needs beside its path. */
    private static final Map<String, String> NEEDS = Map.of(
            "add", "value", "replace", "value", "test", "value", "move", "from", "copy", "from", "remove", "path");

    /** Numbers are written as they came: 1.10 stays 1.10. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final byte[] whole;
    private final ArrayNode patch;

    private Correction(byte[] whole, ArrayNode patch) {
        this.whole = whole;
        this.patch = patch;
    }

    /** The payload can't be corrected so, and why; holds nothing of the payload. */
    public static final class Refused extends Exception {
        Refused(String why) {
            super(why, null, false, false);
        }
    }

    /** Another payload in its place; must be JSON where the one that arrived is said to be. */
    public static Correction whole(byte[] payload) {
        return new Correction(payload.clone(), null);
    }

    /** @throws IllegalArgumentException saying what is wrong with the patch */
    public static Correction patch(String text) {
        JsonNode read;
        try {
            read = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the patch is not JSON: " + place(e));
        }
        if (!(read instanceof ArrayNode operations) || operations.isEmpty()) {
            throw new IllegalArgumentException("the patch must be a list of operations, such as"
                    + " [{\"op\":\"replace\",\"path\":\"/email\",\"value\":\"ada@example.com\"}]");
        }
        if (operations.size() > MOST_OPERATIONS) {
            throw new IllegalArgumentException("the patch has " + operations.size() + " operations; at most "
                    + MOST_OPERATIONS + " are taken: split it");
        }
        for (int i = 0; i < operations.size(); i++) {
            check("operation " + (i + 1), operations.get(i));
        }
        return new Correction(null, operations);
    }

    private static void check(String where, JsonNode operation) {
        String op = operation.path("op").asText();
        if (!NEEDS.containsKey(op)) {
            throw new IllegalArgumentException(where + ": \"op\" must be one of "
                    + String.join(", ", List.of("add", "remove", "replace")) + ", move, copy, test");
        }
        pointer(where, operation, "path");
        String needed = NEEDS.get(op);
        if (needed.equals("from")) {
            pointer(where, operation, "from");
        } else if (!operation.has(needed)) {
            throw new IllegalArgumentException(where + ": " + op + " needs a \"" + needed + "\"");
        }
    }

    private static void pointer(String where, JsonNode operation, String name) {
        JsonNode pointer = operation.path(name);
        if (!pointer.isTextual()
                || !pointer.asText().isEmpty() && !pointer.asText().startsWith("/")) {
            throw new IllegalArgumentException(
                    where + ": \"" + name + "\" must be a JSON pointer, such as \"/properties/email\"");
        }
    }

    /**
     * The corrected payload.
     *
     * @param contentType of the payload that arrived
     */
    public byte[] of(String contentType, byte[] payload) throws Refused {
        if (whole != null) {
            if (isJson(contentType)) {
                read("the new payload", whole);
            }
            return whole.clone();
        }
        JsonNode before = read("its payload can't be patched, it", payload);
        JsonNode after = applied(before, patch);
        if (after == null) {
            throw new Refused(firstMisfit(before));
        }
        return after.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** @return null when it does not fit */
    private static JsonNode applied(JsonNode before, JsonNode operations) {
        try {
            return JsonPatch.apply(operations, before, EnumSet.of(CompatibilityFlags.FORBID_REMOVE_MISSING_OBJECT));
        } catch (RuntimeException e) {
            // its own exceptions quote the payload, and an index such as /tags/99999999999 brings others
            return null;
        }
    }

    /** Which operation it is, in our words: the library's would quote the payload. */
    private String firstMisfit(JsonNode before) {
        JsonNode at = before;
        for (int i = 0; i < patch.size(); i++) {
            JsonNode operation = patch.get(i);
            JsonNode next = applied(at, JsonNodeFactory.instance.arrayNode().add(operation));
            if (next == null) {
                String op = operation.path("op").asText();
                return "operation " + (i + 1) + " of the patch: " + op + " "
                        + operation.path("path").asText() + ": "
                        + (op.equals("test")
                                ? "the payload has another value, or none"
                                : "the payload has no such place");
            }
            at = next;
        }
        return "the patch does not fit";
    }

    private static JsonNode read(String what, byte[] payload) throws Refused {
        try {
            JsonNode read = JSON.readTree(payload);
            if (read == null || read.isMissingNode()) {
                throw new Refused(what + " is empty");
            }
            return read;
        } catch (JsonProcessingException e) {
            throw new Refused(what + " is not JSON: " + place(e));
        } catch (IOException e) {
            throw new Refused(what + " is not JSON");
        }
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null
                ? "it breaks off"
                : "line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
    }

    /** As an RFC 6902 patch: what it changes, for whoever looks later. */
    public String asPatch() {
        if (patch != null) {
            return patch.toString();
        }
        var operation =
                JsonNodeFactory.instance.objectNode().put("op", "replace").put("path", "");
        try {
            operation.set("value", JSON.readTree(whole));
        } catch (IOException e) {
            operation.put("value", new String(whole, StandardCharsets.UTF_8));
        }
        return JsonNodeFactory.instance.arrayNode().add(operation).toString();
    }

    /**
     * What somebody made of a payload, made again.
     *
     * @param patch as {@link #asPatch} wrote it
     * @throws IllegalArgumentException when it is not kept any more
     */
    public static byte[] again(String patch, String contentType, byte[] payload) throws Refused {
        Correction correction = patch(patch);
        JsonNode first = correction.patch.get(0);
        if (!first.path("op").asText().equals("replace")
                || !first.path("path").asText().isEmpty()) {
            return correction.of(contentType, payload);
        }
        JsonNode whole = first.path("value");
        String text = whole.isTextual() && !isJson(contentType) ? whole.textValue() : whole.toString();
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isJson(String contentType) {
        return contentType.toLowerCase(Locale.ROOT).contains("json");
    }

    /** What it touches, as JSON pointers; "" is everything. */
    public List<String> paths() {
        return patch == null
                ? List.of("")
                : StreamSupport.stream(patch.spliterator(), false)
                        .filter(operation -> !operation.path("op").asText().equals("test"))
                        .map(operation -> operation.path("path").asText())
                        .distinct()
                        .toList();
    }
}
