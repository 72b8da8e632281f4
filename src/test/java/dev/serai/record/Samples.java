package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;

/** Values as remote systems send them, and values nobody sends. The same random gives the same values. */
public final class Samples {
    private static final List<String> WORTHY = List.of(
            " Ada@Example.COM ",
            "a@b.co",
            "+1 (415) 555-2671",
            "(415) 555-2671",
            "030/1234-56",
            "United States",
            "de",
            "DEU",
            "Côte d’Ivoire",
            "1755810000",
            "1755810000123",
            "2025-08-21T21:00:00+02:00",
            "Thu, 21 Aug 2025 21:00:00 GMT",
            "12.50",
            "-0",
            "1e3",
            "1e999999999",
            "0x1F",
            "EUR",
            "usd",
            "yes",
            "OFF",
            "https://Example.com/a?b=c",
            "//x",
            "Ada King Lovelace",
            "\u00a0",
            "",
            "e\u0301",
            "İstanbul",
            "ǅ",
            "ΑΣ",
            "\ud83d\ude00",
            "\ud83d",
            "null",
            "NaN",
            "1970-01-01T00:00:00Z",
            "ß",
            "a b",
            "{x}",
            "$1",
            "\u0000");

    private static final String LETTERS = "aB9 .@-+_:/éßÉİ\u0301\u00a0\ud83d\ude00\t\n,;'\"\\{}()0";

    private Samples() {}

    public static String text(Random random, String salt) {
        String worthy = WORTHY.get(random.nextInt(WORTHY.size()));
        int kind = random.nextInt(4);
        if (kind == 0) {
            return worthy;
        }
        if (kind == 1) {
            return worthy + WORTHY.get(random.nextInt(WORTHY.size())) + salt;
        }
        var text = new StringBuilder(kind == 2 ? worthy : "");
        for (int i = random.nextInt(12); i > 0; i--) {
            text.insert(random.nextInt(text.length() + 1), LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    public static JsonNode json(Random random, int depth) {
        var make = JsonNodeFactory.instance;
        switch (random.nextInt(depth > 0 ? 9 : 7)) {
            case 0:
                return NullNode.instance;
            case 1:
                return BooleanNode.valueOf(random.nextBoolean());
            case 2:
                return make.numberNode(random.nextLong());
            case 3:
                return make.numberNode(new BigDecimal("1e" + (random.nextInt(2_000_000) - 1_000_000)));
            case 4:
                return make.numberNode(random.nextGaussian() * 1e6);
            case 7:
                var list = make.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(json(random, depth - 1));
                }
                return list;
            case 8:
                var map = make.objectNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.set(text(random, ""), json(random, depth - 1));
                }
                return map;
            default:
                return TextNode.valueOf(text(random, ""));
        }
    }

    /** Nearly a record of that kind: its required fields and some others, most of them right, some nearly so. */
    static JsonNode record(Random random, RecordSchema schema) {
        return like(random, schema.source(), 0);
    }

    private static JsonNode like(Random random, JsonNode schema, int depth) {
        if (random.nextInt(60) == 0) {
            return json(random, 1);
        }
        var make = JsonNodeFactory.instance;
        return switch (schema.path("type").asText()) {
            case "object" -> {
                var object = make.objectNode();
                schema.path("required")
                        .forEach(name -> object.set(
                                name.asText(),
                                like(random, schema.path("properties").path(name.asText()), depth + 1)));
                schema.path("properties").properties().forEach(field -> {
                    if (random.nextInt(5) == 0) {
                        object.set(field.getKey(), like(random, field.getValue(), depth + 1));
                    }
                });
                yield object;
            }
            case "array" -> make.arrayNode().add(like(random, schema.path("items"), depth + 1));
            case "number" -> make.numberNode(random.nextDouble());
            case "integer" -> make.numberNode(random.nextInt(9) - 1);
            case "boolean" -> BooleanNode.valueOf(random.nextBoolean());
            default -> TextNode.valueOf(form(random, schema));
        };
    }

    private static String form(Random random, JsonNode schema) {
        if (schema.has("enum")) {
            return schema.path("enum")
                    .path(random.nextInt(schema.path("enum").size()))
                    .asText();
        }
        List<String> some = schema.path("format").asText().equals("date-time")
                ? List.of(
                        "2026-01-31T12:00:00Z", "2024-02-29T00:00:00.123Z", "2023-02-29T00:00:00Z", "2026-01-31 12:00")
                : schema.path("format").asText().equals("uri")
                        ? List.of("https://a.example/b?c=d", "http://a.example", "a b", "https://ex ample/")
                        : List.of(
                                "a@b.example",
                                "+4930123456",
                                "DE",
                                "EUR",
                                "US-CA",
                                "Europe/Berlin",
                                "UTC",
                                "de",
                                "pt-BR",
                                "a@b@c.example",
                                "a@b.c\n",
                                "+49\n",
                                "De",
                                "Europe/",
                                "\u0130@b.c");
        return random.nextInt(30) == 0 ? text(random, "") : fitting(some, schema, random);
    }

    /** Mostly one that has the pattern, so that whole records have a chance. */
    private static String fitting(List<String> some, JsonNode schema, Random random) {
        String pattern = schema.path("pattern").asText();
        String pick = some.get(random.nextInt(some.size()));
        return pattern.isEmpty() || random.nextInt(20) == 0
                ? pick
                : some.stream()
                        .filter(text -> text.matches(pattern))
                        .findFirst()
                        .orElse(pick);
    }
}
