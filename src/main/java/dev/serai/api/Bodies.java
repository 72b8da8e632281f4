package dev.serai.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.serai.file.Suggest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bodies must be as the published document says: a misspelt {@code dry_run} that was passed over would be the real thing, and a
 * word of a filter that says nothing would mean every run there is.
 */
final class Bodies {
    private static final String REF = "$ref";
    private static final String SCHEMAS = "#/components/schemas/";
    private static final String DEFINITIONS = "#/$defs/";
    private static final Set<String> OF_TEXTS = Set.of("type", "minLength", "pattern");
    private static final int LONGEST = 60;

    private final JsonNode schemas = OpenApi.schemas();
    private final JsonNode definitions = definitions(schemas);
    private final Map<String, Schema> compiled = new ConcurrentHashMap<>();

    /** @throws Declined saying what does not fit */
    void check(String name, JsonNode body) {
        List<Error> errors = compiled.computeIfAbsent(name, this::compile).validate(body);
        for (Error error : errors) {
            if (error.getKeyword().equals("additionalProperties")) {
                throw unknown(name, error);
            }
        }
        if (!errors.isEmpty()) {
            throw misfit(name, body, errors.get(0));
        }
    }

    private Declined unknown(String name, Error error) {
        String place = error.getInstanceLocation().toString();
        var known = new ArrayList<String>();
        at(name, place).path("properties").fieldNames().forEachRemaining(known::add);
        String hint = Suggest.hint(error.getProperty(), known);
        return Declined.badRequest(
                place.isEmpty()
                        ? "the body has \"" + error.getProperty() + "\", which is not known; " + hint
                        : dotted(place) + " has no word \"" + error.getProperty() + "\"; " + hint);
    }

    private Declined misfit(String name, JsonNode body, Error error) {
        String place = error.getInstanceLocation().toString();
        if (OF_TEXTS.contains(error.getKeyword())
                && at(name, place).path("type").asText().equals("string")) {
            String value = body.at(place).toString();
            return Declined.badRequest(dotted(place) + " is "
                    + (value.length() > LONGEST ? value.substring(0, LONGEST) + "…" : value)
                    + "; a text that says something is expected here"
                    + (place.startsWith("/filter/") ? ", or leave the word out if it does not matter" : ""));
        }
        return Declined.badRequest("the body does not fit " + name + ": " + place + " " + error.getMessage());
    }

    /** {@code filter.flow} of {@code /filter/flow}. */
    private static String dotted(String place) {
        return place.substring(1).replace('/', '.');
    }

    /** The schema of a place of a body. */
    private JsonNode at(String name, String place) {
        JsonNode schema = schemas.path(name);
        for (String part : place.split("/")) {
            if (!part.isEmpty()) {
                schema = part.matches("\\d+")
                        ? schema.path("items")
                        : schema.path("properties").path(part);
            }
            if (schema.has(REF)) {
                schema = schemas.path(schema.path(REF).asText().replace(SCHEMAS, ""));
            }
        }
        return schema;
    }

    private Schema compile(String name) {
        ObjectNode document = Json.object().put(REF, DEFINITIONS + name);
        document.set("$defs", definitions);
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(document);
    }

    /** The same, where a schema alone has what it refers to. */
    private static JsonNode definitions(JsonNode schemas) {
        try {
            return new ObjectMapper().readTree(schemas.toString().replace(SCHEMAS, DEFINITIONS));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
