package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.schibsted.spt.data.jslt.Expression;
import dev.serai.file.Yaml;
import java.util.HashMap;
import java.util.Map;

/** How a vendor says no: one body for all kinds of refusal, each kind with its status and its own words. */
final class Errors {
    /** The kinds Serai raises itself and the status they have unless the vendor's file says otherwise. */
    static final Map<String, Integer> STATUS = Map.ofEntries(
            Map.entry("no_credential", 401),
            Map.entry("bad_credential", 401),
            Map.entry("no_such_path", 404),
            Map.entry("no_such_method", 405),
            Map.entry("malformed", 400),
            Map.entry("media_type", 415),
            Map.entry("invalid", 400),
            Map.entry("not_found", 404),
            Map.entry("exists", 409),
            Map.entry("key_reused", 400),
            Map.entry("limited", 429),
            Map.entry("failing", 500));

    private record Kind(int status, JsonNode data, Expression body, Expression headers) {}

    private final Map<String, Kind> kinds = new HashMap<>();
    private final String contentType;

    /** @param errors the {@code errors} of a vendor's file */
    Errors(Yaml errors, Expressions expressions) {
        Expression body = expressions.compile(errors.get("body").orElseThrow());
        this.contentType = errors.text("content_type").orElse("application/json");
        STATUS.forEach((name, status) -> kinds.put(name, new Kind(status, Json.MAKE.objectNode(), body, null)));
        errors.get("kinds").ifPresent(all -> all.entries().forEach((name, kind) -> {
            int status = kind.text("status").map(Integer::parseInt).orElse(STATUS.getOrDefault(name, 400));
            Expression own = kind.get("body").map(expressions::compile).orElse(body);
            Expression headers = kind.get("headers").map(expressions::compile).orElse(null);
            kinds.put(name, new Kind(status, kind.json(), own, headers));
        }));
    }

    /**
     * The vendor's answer to a refused request. Expressions see {@code $error} (the kind as the file has it),
     * {@code $kind}, {@code $status}, {@code $message} and {@code $problems} ({@code field}, {@code rule}, {@code message}).
     */
    Answer answer(Refusal refusal, Map<String, JsonNode> variables) {
        Kind kind = kinds.getOrDefault(refusal.kind(), kinds.get("invalid"));
        return answer(refusal, kind, kind.status, variables);
    }

    /** The vendor's answer with a status of the caller's choice: 429 as when limited, else as when failing. */
    Answer answer(int status, Map<String, JsonNode> variables) {
        String name = status == 429 ? "limited" : "failing";
        return answer(new Refusal(name, "status " + status), kinds.get(name), status, variables);
    }

    private Answer answer(Refusal refusal, Kind kind, int status, Map<String, JsonNode> variables) {
        var all = new HashMap<>(variables);
        ArrayNode problems = Json.MAKE.arrayNode();
        refusal.problems()
                .forEach(p -> problems.add(Json.MAKE
                        .objectNode()
                        .put("field", p.field())
                        .put("rule", p.rule())
                        .put("message", p.text())));
        all.put("error", kind.data);
        all.put("kind", Json.MAKE.textNode(refusal.kind()));
        all.put("status", Json.MAKE.numberNode(status));
        all.put("message", Json.MAKE.textNode(kind.data.path("message").asText(refusal.getMessage())));
        all.put("problems", problems);
        ObjectNode none = Json.MAKE.objectNode();
        Answer answer = Answer.json(status, kind.body.apply(all, none)).with("Content-Type", contentType);
        return kind.headers == null ? answer : answer.with(kind.headers.apply(all, none));
    }
}
