package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * One operation of a contract, and the check whether a request fits it.
 *
 * @param id {@code operationId}, with the prefix the vendor's file gives that contract
 */
record Operation(String id, String method, PathTemplate path, Inputs inputs) {

    /**
     * What the contract says of a request.
     *
     * @param bodies by media type; empty when the operation takes no body
     */
    record Inputs(Shape path, Shape query, Shape headers, Map<String, Shape> bodies, boolean bodyRequired) {}

    /** A request that fits, with its values as JSON of the contract's types. */
    record Checked(ObjectNode path, ObjectNode query, JsonNode body) {}

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String PARTS = "multipart/form-data";

    /** @throws Refusal naming everything that does not fit */
    Checked check(Asked asked, Map<String, String> pathValues) {
        var problems = new ArrayList<Violation>();
        ObjectNode path = fields("path parameter ", inputs.path, List.copyOf(pathValues.entrySet()), problems);
        ObjectNode query = fields("query parameter ", inputs.query, Asked.pairs(asked.query()), problems);
        fields("header ", inputs.headers, headers(asked), problems);
        JsonNode body = body(asked, problems);
        if (!problems.isEmpty()) {
            throw new Refusal("invalid", problems);
        }
        return new Checked(path, query, body);
    }

    private static ObjectNode fields(
            String what, Shape shape, List<Map.Entry<String, String>> pairs, List<Violation> problems) {
        ObjectNode values = new Fields(shape).decode(pairs);
        for (Violation problem : shape.check(values)) {
            problems.add(new Violation(problem.field(), problem.rule(), what + problem.text()));
        }
        return values;
    }

    /** Only the headers the contract declares: clients send many others, and vendors let them pass. */
    private List<Map.Entry<String, String>> headers(Asked asked) {
        var declared = new ArrayList<Map.Entry<String, String>>();
        inputs.headers.schema().path("properties").fieldNames().forEachRemaining(name -> {
            if (asked.headers().containsKey(name)) {
                declared.add(Map.entry(name, asked.header(name)));
            }
        });
        return declared;
    }

    private JsonNode body(Asked asked, List<Violation> problems) {
        if (asked.body().isEmpty()) {
            if (inputs.bodyRequired) {
                problems.add(new Violation("", "missing", "the body is missing"));
            }
            return Json.MAKE.objectNode();
        }
        if (inputs.bodies.isEmpty()) {
            problems.add(new Violation("", "unknown", id + " takes no body"));
            return Json.MAKE.objectNode();
        }
        Shape shape = shape(asked.mediaType())
                .orElseThrow(() -> new Refusal("media_type", mediaTypeProblem(asked.mediaType())));
        JsonNode body =
                switch (asked.mediaType()) {
                    case FORM -> new Fields(shape).decode(Asked.pairs(asked.body()));
                    case PARTS -> new Fields(shape).decode(Parts.of(asked));
                    default -> Json.parse(asked.body());
                };
        problems.addAll(shape.check(body));
        return body;
    }

    /** A contract may name a media type with its charset. */
    private Optional<Shape> shape(String mediaType) {
        return inputs.bodies.entrySet().stream()
                .filter(body -> Asked.mediaType(body.getKey()).equals(mediaType))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private String mediaTypeProblem(String given) {
        return (given.isEmpty() ? "the body has no Content-Type" : "Content-Type " + given + " is not taken") + "; "
                + id + " takes " + String.join(" or ", new TreeSet<>(inputs.bodies.keySet()));
    }
}
