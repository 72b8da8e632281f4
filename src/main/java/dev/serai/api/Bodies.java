package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.serai.file.Suggest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Bodies must be as the published document says: a misspelt {@code dry_run} that was passed over would be the real thing. */
final class Bodies {
    private final JsonNode schemas = OpenApi.schemas();
    private final Map<String, Schema> compiled = new ConcurrentHashMap<>();

    /** @throws Declined saying what does not fit */
    void check(String name, JsonNode body) {
        List<com.networknt.schema.Error> errors =
                compiled.computeIfAbsent(name, this::compile).validate(body);
        for (var error : errors) {
            if (error.getKeyword().equals("additionalProperties")) {
                var known = new ArrayList<String>();
                schemas.path(name).path("properties").fieldNames().forEachRemaining(known::add);
                throw Declined.badRequest("the body has \"" + error.getProperty() + "\", which is not known; "
                        + Suggest.hint(error.getProperty(), known));
            }
        }
        if (!errors.isEmpty()) {
            throw Declined.badRequest("the body does not fit " + name + ": "
                    + errors.get(0).getInstanceLocation() + " " + errors.get(0).getMessage());
        }
    }

    private Schema compile(String name) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schemas.path(name));
    }
}
