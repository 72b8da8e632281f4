package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.schibsted.spt.data.jslt.Expression;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * One page of a collection: {@code where} keeps, {@code sort} orders, else they come as created ({@code descending} turns round), the page
 * begins at {@code offset} or behind the record whose key is {@code after}, and has {@code limit} records.
 */
final class Listing {
    /** Far above any vendor's page, for lists without pages. */
    private static final int NO_LIMIT = 10_000;

    private final Map<String, Expression> parts;
    private final Map<String, JsonNode> variables;
    private final String collection;
    private final Instant newest;

    /** @param newest what was made later is not shown yet */
    Listing(Map<String, Expression> parts, Map<String, JsonNode> variables, String collection, Instant newest) {
        this.parts = parts;
        this.variables = variables;
        this.collection = collection;
        this.newest = newest;
    }

    /** {@code $records}, {@code $total} before paging, {@code $more}, {@code $next} (an offset), {@code $last}. */
    Map<String, JsonNode> of(Store store) {
        List<Store.Stored> all = store.all(collection).stream()
                .filter(stored -> !stored.made().isAfter(newest))
                .filter(stored -> !parts.containsKey("where")
                        || on("where", stored.json()).asBoolean())
                .toList();
        boolean descending = on("descending", NullNode.getInstance()).asBoolean();
        if (parts.containsKey("sort")) {
            all = sorted(all, descending ? -1 : 1);
        } else if (descending) {
            all = new ArrayList<>(all);
            Collections.reverse(all);
        }
        int from = Math.min(all.size(), start(all));
        int to = Math.min(all.size(), from + limit());
        ArrayNode records = Json.MAKE.arrayNode();
        all.subList(from, to).forEach(stored -> records.add(stored.json()));
        return Map.of(
                "records", records,
                "total", Json.MAKE.numberNode(all.size()),
                "more", Json.MAKE.booleanNode(to < all.size()),
                "next", Json.MAKE.numberNode(to),
                "last", to > from ? all.get(to - 1).json() : NullNode.getInstance());
    }

    private List<Store.Stored> sorted(List<Store.Stored> all, int turn) {
        return all.stream()
                .map(stored -> Map.entry(on("sort", stored.json()), stored))
                .sorted((a, b) -> turn * Expressions.order(a.getKey(), b.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private int start(List<Store.Stored> all) {
        String after = on("after", NullNode.getInstance()).asText("");
        for (int i = 0; i < all.size() && !after.isEmpty(); i++) {
            if (all.get(i).key().equals(after)) {
                return i + 1;
            }
        }
        return Math.max(0, on("offset", NullNode.getInstance()).asInt(0));
    }

    private int limit() {
        int limit = on("limit", NullNode.getInstance()).asInt(NO_LIMIT);
        return Math.max(0, Math.min(NO_LIMIT, limit));
    }

    private JsonNode on(String part, JsonNode record) {
        Expression expression = parts.get(part);
        return expression == null ? NullNode.getInstance() : expression.apply(variables, record);
    }
}
