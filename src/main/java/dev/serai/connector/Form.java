package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A JSON object as a form: nested names in brackets, {@code metadata[crm_id]=42&items[0][price]=7}. */
public final class Form {
    private Form() {}

    /** Null is sent as an empty value: a form has no other word for it. */
    public static String encode(JsonNode object) {
        var pairs = new ArrayList<String>();
        object.properties().forEach(field -> add(Urls.encode(field.getKey()), field.getValue(), pairs));
        return String.join("&", pairs);
    }

    private static void add(String name, JsonNode value, List<String> pairs) {
        if (value.isObject()) {
            value.properties()
                    .forEach(field -> add(name + "[" + Urls.encode(field.getKey()) + "]", field.getValue(), pairs));
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                add(name + "[" + i + "]", value.get(i), pairs);
            }
        } else {
            pairs.add(name + "=" + (value.isNull() ? "" : Urls.encode(value.asText())));
        }
    }
}
