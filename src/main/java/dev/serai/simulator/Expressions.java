package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.Function;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.Parser;
import com.schibsted.spt.data.jslt.filters.JsonFilter;
import dev.serai.file.FileRefused;
import dev.serai.file.Yaml;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Compiles the JSLT expressions of a vendor's file. Beside JSLT's own functions they may use {@code md5(text)},
 * {@code uuid-of(text)}, {@code pad(number, width)}, {@code merge(old, new)}, {@code order(a, b)},
 * {@code records-of(collection)}, {@code find(collection, key)} and {@code find-by(collection, path, text)}.
 */
final class Expressions {
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern DECIMAL = Pattern.compile("-?\\d{1,30}(\\.\\d{1,30})?");

    private final List<Function> functions;

    Expressions(Store store) {
        this.functions = List.of(
                new Named("md5", 1, a -> text(md5(a[0].asText()))),
                new Named("uuid-of", 1, a -> text(uuid(a[0].asText()))),
                new Named("pad", 2, a -> text(String.format("%0" + a[1].asInt() + "d", a[0].asLong()))),
                new Named("merge", 2, a -> merge(a[0], a[1])),
                new Named("order", 2, a -> Json.MAKE.numberNode(order(a[0], a[1]))),
                new Named("records-of", 1, a -> all(store, a[0].asText())),
                new Named("find", 2, a -> orNull(store.get(a[0].asText(), a[1].asText()))),
                new Named("find-by", 3, a -> orNull(store.find(a[0].asText(), a[1].asText(), a[2].asText("")))));
    }

    /** @throws FileRefused at the expression's place */
    Expression compile(Yaml at) {
        try {
            return new Parser(new StringReader(at.text()))
                    .withFunctions(functions)
                    // JSLT leaves out empty lists and objects as well; an API answers them
                    .withObjectFilter((JsonFilter) value -> !value.isNull())
                    .compile();
        } catch (JsltException e) {
            throw new FileRefused(List.of(at.problem(at.place(), e.getMessage())));
        }
    }

    private interface Body {
        JsonNode call(JsonNode[] arguments);
    }

    private record Named(String name, int arguments, Body body) implements Function {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public int getMinArguments() {
            return arguments;
        }

        @Override
        public int getMaxArguments() {
            return arguments;
        }

        @Override
        public JsonNode call(JsonNode input, JsonNode[] given) {
            return body.call(given);
        }
    }

    private static JsonNode text(String text) {
        return Json.MAKE.textNode(text);
    }

    private static JsonNode all(Store store, String collection) {
        ArrayNode all = Json.MAKE.arrayNode();
        store.all(collection).forEach(stored -> all.add(stored.json()));
        return all;
    }

    private static JsonNode orNull(Optional<Store.Stored> stored) {
        return stored.map(Store.Stored::json).orElse(NullNode.getInstance());
    }

    private static String uuid(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Members of {@code change} over those of {@code old}, objects member by member; null clears. */
    static JsonNode merge(JsonNode old, JsonNode change) {
        if (!(change instanceof ObjectNode changes)) {
            return change.isMissingNode() ? old : change;
        }
        ObjectNode merged = old instanceof ObjectNode before ? before.deepCopy() : Json.MAKE.objectNode();
        changes.properties().forEach(member -> {
            JsonNode before = merged.path(member.getKey());
            merged.set(
                    member.getKey(),
                    member.getValue().isObject() ? merge(before, member.getValue()) : member.getValue());
        });
        return merged;
    }

    /**
     * Negative, zero or positive as {@code a} comes before, with or after {@code b}: numbers by value, an instant
     * against milliseconds since 1970 or another instant by time, everything else as text.
     */
    static int order(JsonNode a, JsonNode b) {
        BigDecimal left = number(a);
        BigDecimal right = number(b);
        return left != null && right != null
                ? left.compareTo(right)
                : Integer.signum(a.asText("").compareTo(b.asText("")));
    }

    private static BigDecimal number(JsonNode value) {
        if (value.isNumber()) {
            return value.decimalValue();
        }
        String text = value.asText("");
        if (DECIMAL.matcher(text).matches()) {
            return new BigDecimal(text);
        }
        if (text.length() < 20 || text.charAt(10) != 'T') {
            return null;
        }
        try {
            return BigDecimal.valueOf(OffsetDateTime.parse(text).toInstant().toEpochMilli());
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    static JsonNode instant(Instant instant) {
        return text(MILLIS.format(instant));
    }
}
