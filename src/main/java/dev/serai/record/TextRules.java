package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;

/** Rules on text. */
final class TextRules {
    private TextRules() {}

    /** The text of a text or number. @throws Unacceptable for anything else */
    static String text(JsonNode value) {
        if (value.isTextual()) {
            return value.textValue();
        }
        if (value.isNumber()) {
            return plain(value);
        }
        throw new Unacceptable("is " + shape(value) + "; text is expected");
    }

    /** What a value is, in words and without the value. */
    static String shape(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> "a map";
            case ARRAY -> "a list";
            case BOOLEAN -> "true or false";
            case NUMBER -> "a number";
            case STRING, BINARY -> "text";
            case NULL, MISSING -> "empty";
        };
    }

    private static String plain(JsonNode number) {
        if (number.isIntegralNumber()) {
            return number.asText();
        }
        BigDecimal decimal = Numbers.decimal(number);
        return decimal.toPlainString();
    }

    static JsonNode trim(JsonNode value) {
        String text = text(value);
        String trimmed = strip(text);
        return value.isTextual() && trimmed.length() == text.length() ? value : TextNode.valueOf(trimmed);
    }

    /** As {@link String#strip()}, and no-break spaces too: copied from web pages they are common and invisible. */
    static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\uFEFF' || c == '\u200B';
    }

    static JsonNode squeeze(JsonNode value) {
        String text = text(value);
        String squeezed = squeezed(text);
        return value.isTextual() && squeezed.equals(text) ? value : TextNode.valueOf(squeezed);
    }

    static String squeezed(String given) {
        String text = strip(given);
        var squeezed = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isSpace(c)) {
                squeezed.append(c);
            } else if (!isSpace(text.charAt(i - 1))) {
                squeezed.append(' ');
            }
        }
        return squeezed.toString();
    }

    static JsonNode lower(JsonNode value) {
        String text = text(value);
        String lower = text.toLowerCase(Locale.ROOT);
        return value.isTextual() && lower.equals(text) ? value : TextNode.valueOf(lower);
    }

    static JsonNode upper(JsonNode value) {
        return TextNode.valueOf(text(value).toUpperCase(Locale.ROOT));
    }

    static JsonNode nfc(JsonNode value) {
        return TextNode.valueOf(Normalizer.normalize(text(value), Normalizer.Form.NFC));
    }

    static JsonNode slug(JsonNode value) {
        String apart = Normalizer.normalize(text(value).toLowerCase(Locale.ROOT), Normalizer.Form.NFKD);
        var slug = new StringBuilder(apart.length());
        for (int i = 0; i < apart.length(); i++) {
            char c = apart.charAt(i);
            if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
                slug.append(c);
            } else if (c == 'ß') {
                slug.append("ss");
            } else if (Character.getType(c) != Character.NON_SPACING_MARK
                    && !slug.isEmpty()
                    && slug.charAt(slug.length() - 1) != '-') {
                slug.append('-');
            }
        }
        if (!slug.isEmpty() && slug.charAt(slug.length() - 1) == '-') {
            slug.setLength(slug.length() - 1);
        }
        return TextNode.valueOf(slug.toString());
    }

    static JsonNode string(JsonNode value) {
        return value.isBoolean()
                ? JsonNodeFactory.instance.textNode(value.asText())
                : value.isTextual() ? value : TextNode.valueOf(text(value));
    }

    static JsonNode md5(JsonNode value) {
        return hash("MD5", value);
    }

    static JsonNode sha256(JsonNode value) {
        return hash("SHA-256", value);
    }

    private static JsonNode hash(String algorithm, JsonNode value) {
        byte[] bytes = text(value).getBytes(StandardCharsets.UTF_8);
        try {
            byte[] digest = MessageDigest.getInstance(algorithm).digest(bytes);
            return TextNode.valueOf(HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
