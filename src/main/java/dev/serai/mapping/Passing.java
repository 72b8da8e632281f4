package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.file.Place;

/** Hears of values that a table does not list and lets pass: {@code unknown: pass}. */
public interface Passing {
    Passing UNHEARD = (field, table, value, personal) -> {};

    /**
     * @param field the target; under each: that of the item
     * @param table where the table stands
     * @param personal whether the value may be shown to masks only
     */
    void passed(String field, Place table, JsonNode value, boolean personal);
}
