package dev.serai.drift;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/** Orders of a shop as they come in, never two the same: rare fields, lists of any length, words, ids as keys. */
final class Traffic {
    private static final List<String> STATES = List.of("open", "open", "open", "paid", "paid", "shipped", "returned");
    private static final List<String> CHANNELS = List.of("web", "web", "app", "phone", "partner");

    private final Random random;
    private long number = 1_000;

    Traffic(long seed) {
        random = new Random(seed);
    }

    ObjectNode order() {
        ObjectNode order = JsonNodeFactory.instance.objectNode();
        number += 1 + random.nextInt(3);
        order.put("id", number).put("state", one(STATES)).put("channel", one(CHANNELS));
        order.put("total", random.nextInt(100_000) / 100.0)
                .put("currency", one(List.of("EUR", "EUR", "EUR", "USD", "CHF")));
        order.put("placed_at", "2026-11-%02dT%02d:00:00Z".formatted(1 + random.nextInt(28), random.nextInt(24)));
        order.put("gift", random.nextInt(20) == 0).put("priority", 1 + random.nextInt(3));
        order.put("note", random.nextInt(4) == 0 ? "ring " + random.nextInt(1_000) : random.nextBoolean() ? "" : null);
        customer(order.putObject("customer"));
        lines(order.putArray("lines"));
        tags(order.putArray("tags"));
        order.putObject("stock").putObject("item_" + random.nextInt(1_000_000)).put("left", random.nextInt(9));
        rare(order);
        return order;
    }

    private void customer(ObjectNode customer) {
        customer.put("email", "c" + random.nextInt(100_000) + "@example.com").put("first_name", "Ada");
        if (random.nextInt(10) < 6) {
            customer.put("phone", "+4930" + (100_000 + random.nextInt(900_000)));
        }
        ObjectNode address = customer.putObject("address");
        address.put("city", "City " + random.nextInt(50)).put("country", one(List.of("DE", "DE", "AT", "CH", "US")));
        address.put("zip", String.valueOf(10_000 + random.nextInt(80_000)));
    }

    private void lines(ArrayNode lines) {
        int many = 1 + random.nextInt(4);
        for (int i = 0; i < many; i++) {
            ObjectNode line =
                    lines.addObject().put("sku", "S-" + random.nextInt(500)).put("count", 1 + random.nextInt(5));
            line.put("unit", one(List.of("piece", "piece", "pair", "box")));
            if (random.nextInt(3) == 0) {
                line.put("discount", random.nextInt(50));
            }
        }
    }

    private void tags(ArrayNode tags) {
        for (int i = random.nextInt(3); i > 0; i--) {
            tags.add(one(List.of("new", "vip", "b2b", "retry")));
        }
    }

    /** What most orders never have: one in 20 down to one in 20,000. */
    private void rare(ObjectNode order) {
        int once = 20;
        for (int i = 0; i < 12; i++, once = once * 9 / 5) {
            if (random.nextInt(once) == 0) {
                order.put("extra_" + (char) ('a' + i), random.nextInt(3) == 0 ? "yes" : "none at all");
            }
        }
        if (random.nextInt(400) == 0) {
            order.put("state", "lost_" + (char) ('a' + random.nextInt(3)));
        }
    }

    private String one(List<String> words) {
        return words.get(random.nextInt(words.size()));
    }
}
