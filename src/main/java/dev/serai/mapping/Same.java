package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;

/** When two values are the same to a person. */
final class Same {
    private Same() {}

    /** Numbers by value: 10 and 10.00 are the same amount. */
    static boolean value(JsonNode a, JsonNode b) {
        return a.isNumber() && b.isNumber() ? a.decimalValue().compareTo(b.decimalValue()) == 0 : a.equals(b);
    }
}
