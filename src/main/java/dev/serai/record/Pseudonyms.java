package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.function.Function;

/**
 * Other people in place of those in a payload: the same value always becomes the same one, of the same form. Letters stay letters,
 * digits digits; an address stays one, at example.com, and a phone number keeps all but its last four digits.
 */
public final class Pseudonyms {
    private static final int KEPT_PHONE_TAIL = 4;

    private final byte[] salt;

    /** @param salt chance: without it nobody finds the names again by trying */
    public Pseudonyms(byte[] salt) {
        this.salt = salt.clone();
    }

    /**
     * A payload without the people in it.
     *
     * @param personal by dotted path, list positions as {@code *}: whether a value is to be replaced
     */
    public JsonNode of(JsonNode json, Function<String, Optional<Boolean>> personal, boolean strict) {
        return of("", json, personal, strict);
    }

    private JsonNode of(String path, JsonNode json, Function<String, Optional<Boolean>> personal, boolean strict) {
        if (json.isObject()) {
            var object = JsonNodeFactory.instance.objectNode();
            json.properties()
                    .forEach(field -> object.set(
                            field.getKey(),
                            of(
                                    path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                                    field.getValue(),
                                    personal,
                                    strict)));
            return object;
        }
        if (json.isArray()) {
            var list = JsonNodeFactory.instance.arrayNode();
            json.forEach(item -> list.add(of(path.isEmpty() ? "*" : path + ".*", item, personal, strict)));
            return list;
        }
        if (json.isNull() || json.isBoolean()) {
            return json;
        }
        boolean replace = personal.apply(path).orElseGet(() -> strict && !Masks.isPlain(path, json))
                || Masks.isTelling(path)
                || json.isTextual() && !Masks.inText(json.textValue()).equals(json.textValue());
        return replace ? other(json) : json;
    }

    private JsonNode other(JsonNode value) {
        if (!value.isTextual()) {
            return value.isIntegralNumber() ? LongNode.valueOf(Long.parseLong(same(value.asText(), 1))) : value;
        }
        String text = value.textValue();
        int at = text.indexOf('@');
        boolean address = at > 0 && at == text.lastIndexOf('@') && text.indexOf('.', at) > 0 && text.indexOf(' ') < 0;
        if (address) {
            return TextNode.valueOf(same(text.substring(0, at), 0) + "@example.com");
        }
        boolean phone = text.strip().startsWith("+") && text.length() > KEPT_PHONE_TAIL;
        return TextNode.valueOf(same(text, phone ? text.length() - KEPT_PHONE_TAIL : 0));
    }

    /** Of the same form. @param kept characters at the beginning that stay */
    private String same(String text, int kept) {
        byte[] chance = digest(text);
        var other = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int n = chance[i % chance.length] & 0xff;
            if (i < kept) {
                other.append(c);
            } else if (Character.isDigit(c)) {
                other.append((char) ('0' + n % 10));
            } else if (Character.isUpperCase(c)) {
                other.append((char) ('A' + n % 26));
            } else {
                other.append(Character.isLetter(c) ? (char) ('a' + n % 26) : c);
            }
        }
        return other.toString();
    }

    private byte[] digest(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            return digest.digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
