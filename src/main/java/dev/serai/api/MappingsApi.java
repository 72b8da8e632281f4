package dev.serai.api;

import static dev.serai.api.Operation.get;
import static dev.serai.api.Operation.post;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.file.Suggest;
import dev.serai.library.Library;
import dev.serai.mapping.Explained;
import dev.serai.mapping.Mapping;
import dev.serai.mapping.Refused;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Mapping files as they are live, and what they make of a record. */
final class MappingsApi {
    private final Supplier<Library> library;

    MappingsApi(Supplier<Library> library) {
        this.library = library;
    }

    List<Operation> operations() {
        return List.of(
                get("/mappings", "list_mappings", "The mapping files that are live")
                        .answers("MappingList", this::list),
                post(
                                "/mappings/{system}/{mapping}/try",
                                "try_mapping",
                                "What a mapping makes of a record, field by field; nothing is kept")
                        .body("Trial")
                        .answers("Tried", this::tryOut));
    }

    private Answer list(Ask ask) {
        return Answer.of(Json.items(
                library.get().mappings().values().stream()
                        .sorted(Comparator.comparing(Mapping::name))
                        .toList(),
                mapping -> Json.object()
                        .put("mapping", mapping.name())
                        .put("description", mapping.description())
                        .put("from", mapping.from())
                        .put("to", mapping.to().orElse(null))));
    }

    private Answer tryOut(Ask ask) {
        String name = ask.path().get("system") + "/" + ask.path().get("mapping");
        Library now = library.get();
        Mapping mapping = now.mapping(name)
                .orElseThrow(() -> Declined.notFound("there is no mapping " + name + "; "
                        + Suggest.hint(name, now.mappings().keySet())));
        JsonNode record = ask.body().path("record");
        if (record.isMissingNode()) {
            throw Declined.badRequest("\"record\" is missing; it is what the mapping reads");
        }
        Map<String, String> parameters = new HashMap<>();
        ask.body()
                .path("parameters")
                .properties()
                .forEach(p -> parameters.put(p.getKey(), p.getValue().asText()));
        return Answer.of(tried(mapping, record, parameters));
    }

    /** What it makes of a record, or why nothing, and each field with its rules. */
    static ObjectNode tried(Mapping mapping, JsonNode record, Map<String, String> parameters) {
        ObjectNode json = Json.object().put("mapping", mapping.name());
        try {
            json.set("result", mapping.apply(record, parameters));
        } catch (Refused e) {
            ArrayNode problems = json.putArray("problems");
            e.problems().forEach(problem -> problems.add(problem.toString()));
        }
        json.set("fields", Json.list(mapping.explain(record, parameters), MappingsApi::field));
        return json;
    }

    private static ObjectNode field(Explained field) {
        ObjectNode json = Json.object().put("field", field.field()).put("from", field.source());
        json.set("steps", Json.list(field.steps(), step -> {
            ObjectNode line = Json.object().put("rule", step.rule());
            step.value().ifPresent(value -> line.set("value", value));
            return line;
        }));
        field.after().ifPresent(value -> json.set("value", value));
        field.problem().ifPresent(problem -> json.put("problem", problem.sentence()));
        return json;
    }
}
