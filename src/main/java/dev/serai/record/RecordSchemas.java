package dev.serai.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.SchemaException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The canonical records; each is a JSON Schema (2020-12) in the jar, {@code /schema/records/<name>.schema.json}. */
public final class RecordSchemas {
    private static final List<String> NAMES = List.of(
            "contact",
            "company",
            "lead",
            "deal",
            "subscription",
            "order",
            "product",
            "ticket",
            "invoice",
            "marketing_event",
            "customer_converted");

    private static final Map<String, RecordSchema> ALL = load();

    private RecordSchemas() {}

    public static Optional<RecordSchema> of(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    /**
     * A record of one's own.
     *
     * @param json its JSON Schema
     * @throws Unacceptable when it is none
     */
    public static RecordSchema read(String name, String json) {
        try {
            JsonNode schema = new ObjectMapper().readTree(json);
            if (!schema.path("type").asText().equals("object")) {
                throw new Unacceptable("is not the schema of a record; \"type\": \"object\" is expected");
            }
            return new RecordSchema(name, schema);
        } catch (JsonProcessingException e) {
            throw new Unacceptable("is not JSON: line " + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr());
        } catch (SchemaException e) {
            throw new Unacceptable("is not a JSON Schema: " + e.getMessage());
        }
    }

    /** In the order of the reference. */
    public static Set<String> names() {
        return ALL.keySet();
    }

    private static Map<String, RecordSchema> load() {
        var all = new LinkedHashMap<String, RecordSchema>();
        var json = new ObjectMapper();
        for (String name : NAMES) {
            String resource = "/schema/records/" + name + ".schema.json";
            try (InputStream in = RecordSchemas.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException("no schema " + resource + " in the jar");
                }
                all.put(name, new RecordSchema(name, json.readTree(in)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all;
    }
}
