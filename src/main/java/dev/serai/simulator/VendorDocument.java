package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a vendor's OpenAPI document says beside the form of requests: whose it is, where it answers, how many records a call takes. */
public final class VendorDocument {
    private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)}");

    private final JsonNode document;
    private final OpenApiDocument references;
    private final Map<String, Found> operations = new LinkedHashMap<>();

    /** @param shared what all methods of the path have */
    private record Found(String path, JsonNode shared, JsonNode operation) {}

    /**
     * How many records a call takes at most.
     *
     * @param ours whether we added the number, marked {@code x-added-by-us}
     */
    public record Most(int records, boolean ours) {}

    VendorDocument(JsonNode document) {
        this.document = document;
        this.references = new OpenApiDocument(document);
        document.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(method -> OpenApiDocument.METHODS.contains(method.getKey()))
                .forEach(method -> operations.put(
                        Contract.id(path.getKey(), method.getKey(), method.getValue()),
                        new Found(path.getKey(), path.getValue(), method.getValue()))));
    }

    /** Whether it is our own reading of the vendor's documentation, marked {@code "x-ours": true} under info. */
    public boolean oursAlone() {
        return document.at("/info/x-ours").asBoolean();
    }

    /** Whether this operation was added by us to the vendor's own document, marked {@code "x-ours": true}. */
    public boolean ours(String operation) {
        return Optional.ofNullable(operations.get(operation))
                .filter(found -> found.operation.path("x-ours").asBoolean())
                .isPresent();
    }

    /** The whole paths at which its servers have the operation, variables as places; none when it names no server. */
    public List<String> addresses(String operation) {
        Found found = operations.get(operation);
        return found == null
                ? List.of()
                : servers(found)
                        .map(server -> server.path("url")
                                        .asText()
                                        .replaceFirst("^[a-zA-Z][a-zA-Z0-9+.-]*:", "")
                                        .replaceFirst("^//[^/]*", "")
                                        .replaceFirst("/+$", "")
                                + found.path)
                        .distinct()
                        .toList();
    }

    private Stream<JsonNode> servers(Found found) {
        for (JsonNode level : List.of(found.operation, found.shared, document)) {
            if (!level.path("servers").isEmpty()) {
                var servers = new ArrayList<JsonNode>();
                level.path("servers").forEach(servers::add);
                return servers.stream();
            }
        }
        return Stream.empty();
    }

    /**
     * Whether a server has the operation at this path. Documents that repeat the path of the server in each of their own
     * mean it once.
     *
     * @param path whole, encoded, without query
     */
    public boolean answersAt(String operation, String path) {
        String own =
                Optional.ofNullable(operations.get(operation)).map(Found::path).orElse("");
        return addresses(operation).stream().anyMatch(address -> {
            String server = address.substring(0, address.length() - own.length());
            boolean repeated = !server.isEmpty() && own.startsWith(server + "/");
            return fits(address, path) || repeated && fits(own, path);
        });
    }

    private static boolean fits(String template, String path) {
        var regex = new StringBuilder();
        var places = PLACE.matcher(template);
        int from = 0;
        while (places.find()) {
            regex.append(Pattern.quote(template.substring(from, places.start())))
                    .append("[^/]+");
            from = places.end();
        }
        return path.matches(
                regex.append(Pattern.quote(template.substring(from))).toString());
    }

    /**
     * The {@code maxItems} of a list in the JSON body of an operation.
     *
     * @param list names from the top of the body; none when the list is the body
     * @return empty when the document does not say
     */
    public Optional<Most> most(String operation, List<String> list) {
        Found found = operations.get(operation);
        JsonNode body = found == null
                ? document.path("")
                : references.follow(found.operation.path("requestBody")).path("content");
        for (var media : body.properties()) {
            if (media.getKey().endsWith("json")) {
                return most(at(media.getValue().path("schema"), list));
            }
        }
        return Optional.empty();
    }

    /**
     * What in an answer is not as the document has it.
     *
     * @return empty when the document does not say what the operation answers; no sentences when it fits
     */
    public Optional<List<String>> unlike(String operation, JsonNode answer) {
        return Optional.ofNullable(operations.get(operation))
                .flatMap(this::answered)
                .map(schema -> Contract.answer(document, operation, schema).check(answer).stream()
                        .map(Violation::toString)
                        .toList());
    }

    /** The schema of what says that all went well; empty for one that any object would fit. */
    private Optional<JsonNode> answered(Found found) {
        for (var response : found.operation.path("responses").properties()) {
            JsonNode content = references.follow(response.getValue()).path("content");
            for (var media : content.properties()) {
                JsonNode schema = media.getValue().path("schema");
                if (response.getKey().startsWith("2") && media.getKey().endsWith("json") && saysMembers(schema)) {
                    return Optional.of(schema);
                }
            }
        }
        return Optional.empty();
    }

    private boolean saysMembers(JsonNode schema) {
        JsonNode whole = references.follow(schema);
        return Stream.of("anyOf", "oneOf", "allOf")
                .flatMap(word -> parts(whole, word))
                .map(references::follow)
                .anyMatch(part -> !part.path("properties").isEmpty()
                        || !part.path("items").isEmpty());
    }

    private JsonNode at(JsonNode schema, List<String> list) {
        JsonNode at = references.follow(schema);
        for (String name : list) {
            JsonNode whole = at;
            at = parts(whole, "allOf")
                    .map(part -> references.follow(part).path("properties").path(name))
                    .filter(member -> !member.isMissingNode())
                    .findFirst()
                    .map(references::follow)
                    .orElse(document.path(""));
        }
        return at;
    }

    /** The schema itself, and those it is put together from or leaves the choice of. */
    private static Stream<JsonNode> parts(JsonNode schema, String word) {
        var parts = new ArrayList<JsonNode>(List.of(schema));
        schema.path(word).forEach(parts::add);
        return parts.stream();
    }

    private static Optional<Most> most(JsonNode list) {
        return Optional.of(list.path("maxItems"))
                .filter(JsonNode::isInt)
                .map(most -> new Most(most.asInt(), list.has("x-added-by-us")));
    }
}
