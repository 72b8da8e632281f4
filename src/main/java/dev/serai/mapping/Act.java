package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;

/** Something done to a value on its way into a field. */
interface Act {
    /** As an explanation names it. */
    String name();

    /** The value after it, or null when there is none. @throws dev.serai.record.Unacceptable when it is refused */
    JsonNode apply(JsonNode value, Given given);
}
