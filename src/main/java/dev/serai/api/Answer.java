package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;

/** What is answered when nothing is wrong. @param body JSON; a text node of an operation that answers text */
public record Answer(int status, JsonNode body) {
    static Answer of(JsonNode body) {
        return new Answer(200, body);
    }

    static Answer created(JsonNode body) {
        return new Answer(201, body);
    }
}
