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
}
