package dev.serai.cli.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.cli.scaffold.OpenApi.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Recognises a list by its parameters and its answer; whether it tells what changed, only a person can say. */
final class Paging {
    private static final Set<String> SIZES =
            Set.of("limit", "per_page", "page_size", "pageSize", "count", "page[size]");
    private static final Set<String> TOKENS =
            Set.of("cursor", "after", "starting_after", "page_token", "pageToken", "next_token", "page[after]");
    private static final Set<String> SINCE = Set.of(
            "since",
            "updated_since",
            "modified_since",
            "modifiedSince",
            "updated_after",
            "modified_after",
            "since_last_changed",
            "updated_at_min",
            "start_time");

    private Paging() {}

    /** Lines that say how the read could become a stream; none when it is no list. */
    static List<String> hint(Operation operation, OpenApi document) {
        Set<String> names = operation.queryNames();
        Optional<String> size = first(names, SIZES);
        Optional<String> token = first(names, TOKENS);
        String type = token.isPresent()
                ? "cursor"
                : names.contains("offset") ? "offset" : names.contains("page") ? "page" : "";
        if (size.isEmpty() && type.isEmpty()) {
            return List.of();
        }
        var hints = new ArrayList<String>();
        String into = token.orElse(type);
        hints.add("a list"
                + records(operation, document).map(at -> "; records: " + at).orElse("")
                + (type.isEmpty()
                        ? ""
                        : "; pagination: { type: " + type + ", into: " + Lines.quoted(into)
                                + size.map(name -> ", size_into: " + Lines.quoted(name))
                                        .orElse("") + " }"));
        hints.add("unknown: "
                + first(names, SINCE)
                        .map(name -> "by which field \"" + name + "\" lists; make it a stream once you know")
                        .orElse("whether it can be asked for what changed, as a stream must"));
        return hints;
    }

    private static Optional<String> first(Set<String> names, Set<String> wanted) {
        return names.stream().filter(wanted::contains).sorted().findFirst();
    }

    private static Optional<String> records(Operation operation, OpenApi document) {
        return document.answer(operation).schema().map(document::resolve).flatMap(schema -> {
            for (var member : schema.path("properties").properties()) {
                JsonNode value = document.resolve(member.getValue());
                if (value.path("type").asText().equals("array")) {
                    return Optional.of(member.getKey());
                }
            }
            return Optional.empty();
        });
    }
}
