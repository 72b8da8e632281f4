package dev.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Operation.Parameter;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Lists by cursor: {@code next} of a page is the {@code cursor} of the one after it; new entries move nothing. */
final class Paging {
    static final List<Parameter> PARAMETERS = List.of(
            Parameter.of("cursor", "\"next\" of the page before"),
            Parameter.of("limit", "items of a page, 1 to 500; 50 unless said"));

    private Paging() {}

    /** The number below which the page begins; 0 for the first page. */
    static long before(Ask ask, ToLongFunction<String> number) {
        return ask.query("cursor")
                .map(cursor -> {
                    try {
                        return number.applyAsLong(cursor);
                    } catch (IllegalArgumentException e) {
                        throw Declined.badRequest("cursor is \"" + cursor + "\"; write \"next\" of the page before");
                    }
                })
                .orElse(0L);
    }

    /** @param found one more than the page has, when there are more */
    static <T> ObjectNode page(Ask ask, List<T> found, Function<T, ObjectNode> line, Function<T, String> name) {
        List<T> items = found.subList(0, Math.min(found.size(), ask.limit()));
        return Json.items(items, line)
                .put("next", found.size() > items.size() ? name.apply(items.get(items.size() - 1)) : null);
    }
}
