package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * How the record of a write becomes the body of its request.
 *
 * @param wrap dotted path it is put under, empty for none
 * @param list whether it goes into a list of one
 * @param fields what is added to it and left out of it
 * @param with what stands beside it; its places are filled by arguments and the record
 * @param files names of the fields that are files; for {@link Encoding#MULTIPART}
 */
record Body(
        Encoding encoding, String wrap, boolean list, Fields fields, Optional<JsonTemplate> with, List<String> files) {

    /**
     * @param defaults what is sent where the record has no such field
     * @param without dotted paths of fields that this write leaves out
     */
    record Fields(Optional<JsonTemplate> defaults, List<String> without) {}

    /** How it is written. */
    enum Encoding {
        JSON,
        /** {@code application/x-www-form-urlencoded}, nested names in brackets: {@code metadata[crm_id]=42}. */
        FORM,
        /** {@code multipart/form-data}: each field a part, some of them files. */
        MULTIPART,
        /** A file or a text as it is: {@code {type, base64}} or {@code {type, text}}. */
        RAW,
        NONE
    }

    /** The record with all that goes around it. @throws ConnectorRefused when something can't stand beside a record that is no object */
    JsonNode around(JsonNode given, Values values) {
        JsonNode record = chosen(given, values);
        JsonNode inside = wrap.isEmpty() ? beside(record, values) : record;
        JsonNode listed = list ? JsonNodeFactory.instance.arrayNode().add(inside) : inside;
        return wrap.isEmpty() ? listed : beside(Json.wrapped(wrap, listed), values);
    }

    private JsonNode chosen(JsonNode given, Values values) {
        boolean asGiven = fields.defaults().isEmpty() && fields.without().isEmpty();
        if (asGiven || !(given instanceof ObjectNode object)) {
            return given;
        }
        ObjectNode chosen = object.deepCopy();
        fields.without().forEach(path -> remove(chosen, path));
        fields.defaults()
                .ifPresent(defaults -> defaults.fill(values).properties().forEach(each -> {
                    if (chosen.path(each.getKey()).isMissingNode()) {
                        chosen.set(each.getKey(), each.getValue());
                    }
                }));
        return chosen;
    }

    private static void remove(ObjectNode from, String path) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            from.remove(path);
        } else if (from.get(path.substring(0, dot)) instanceof ObjectNode inner) {
            remove(inner, path.substring(dot + 1));
        }
    }

    private JsonNode beside(JsonNode json, Values values) {
        if (with.isEmpty()) {
            return json;
        }
        if (!(json instanceof ObjectNode object)) {
            throw values.refused("\"with\" can only stand beside the fields of an object; give it a JSON object");
        }
        ObjectNode copy = object.deepCopy();
        Json.merge(copy, with.get().fill(values));
        return copy;
    }
}
