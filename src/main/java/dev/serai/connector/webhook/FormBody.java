package dev.serai.connector.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A form-encoded body as the JSON object templates look into. Its only field {@code payload}, when that holds a JSON
 * object, stands for the whole (Slack's interactions, GitHub's form hooks); a field that comes twice becomes a list, and
 * {@code data[email]} a field {@code email} of {@code data}.
 */
public final class FormBody {
    public static final String MEDIA_TYPE = "application/x-www-form-urlencoded";

    private static final int MAX_FIELDS = 1_000;
    private static final Pattern BRACKETED = Pattern.compile("([^\\[\\]]+)((?:\\[[^\\[\\]]+]){1,9})");

    private FormBody() {}

    /** @throws Malformed when it is empty, not rightly encoded, or has too many fields */
    public static JsonNode read(byte[] body) {
        ObjectNode fields = fields(new String(body, StandardCharsets.ISO_8859_1));
        if (fields.isEmpty()) {
            throw new Malformed("the body is empty; form fields were expected");
        }
        JsonNode payload = fields.path("payload");
        return fields.size() == 1 && payload.isTextual() && payload.textValue().startsWith("{")
                ? JsonParts.whole(payload.textValue().getBytes(StandardCharsets.UTF_8))
                        .json()
                : nested(fields);
    }

    /** {@code data[email]=a} as {@code {"data": {"email": "a"}}}, the way PHP and its like write objects. */
    private static ObjectNode nested(ObjectNode fields) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        fields.properties().forEach(field -> {
            var name = BRACKETED.matcher(field.getKey());
            ObjectNode into = all;
            String last = field.getKey();
            if (name.matches()) {
                String[] path = (name.group(1) + name.group(2).replace("]", "")).split("\\[");
                for (int i = 0; i < path.length - 1 && into != null; i++) {
                    JsonNode next = into.path(path[i]);
                    into = next.isMissingNode() ? into.putObject(path[i]) : next instanceof ObjectNode o ? o : null;
                }
                last = path[path.length - 1];
            }
            if (into == null || into.has(last)) {
                all.set(field.getKey(), field.getValue()); // a name that is both a value and an object
            } else {
                into.set(last, field.getValue());
            }
        });
        return all;
    }

    /** Each name and its values, one after the other, sorted by name; empty when the body is no form. */
    static Optional<byte[]> sorted(byte[] body) {
        try {
            var text = new StringBuilder();
            ObjectNode fields = fields(new String(body, StandardCharsets.ISO_8859_1));
            var names = new TreeSet<String>();
            fields.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                text.append(name);
                JsonNode value = fields.get(name);
                if (value.isArray()) {
                    value.forEach(one -> text.append(one.textValue()));
                } else {
                    text.append(value.textValue());
                }
            }
            return names.isEmpty()
                    ? Optional.empty()
                    : Optional.of(text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    /** The fields as they are written, none interpreted. */
    static ObjectNode fields(String encoded) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        String[] pairs = encoded.split("&", MAX_FIELDS + 1);
        if (pairs.length > MAX_FIELDS) {
            throw new Malformed("the form has more than " + MAX_FIELDS + " fields; at most that many are read");
        }
        for (String pair : pairs) {
            String[] nameAndValue = pair.split("=", 2);
            if (!pair.isEmpty()) {
                add(fields, decode(nameAndValue[0]), nameAndValue.length < 2 ? "" : decode(nameAndValue[1]));
            }
        }
        return fields;
    }

    private static void add(ObjectNode fields, String name, String value) {
        if (!fields.has(name)) {
            fields.put(name, value);
        } else if (fields.get(name).isArray()) {
            fields.withArray(name).add(value);
        } else {
            JsonNode first = fields.get(name);
            fields.putArray(name).add(first).add(value);
        }
    }

    /** Decodes byte by byte and then as strict UTF-8, because the JDK would turn broken UTF-8 into question marks. */
    private static String decode(String text) {
        try {
            byte[] bytes = URLDecoder.decode(text, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new Malformed("the form is not rightly encoded; percent-encoded UTF-8 was expected");
        }
    }
}
