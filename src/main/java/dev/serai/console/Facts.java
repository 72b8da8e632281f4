package dev.serai.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Api;
import dev.serai.api.Caller;
import dev.serai.api.Role;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** The API as one visitor may use it. What it declines goes through to the visitor, as it is said. */
final class Facts {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Api api;
    private final Caller caller;

    Facts(Api api, Caller caller) {
        this.api = api;
        this.caller = caller;
    }

    Caller caller() {
        return caller;
    }

    /** Whether buttons and payloads are shown; that they work is the API's to say. */
    boolean operates() {
        return caller.role().allows(Role.OPERATOR);
    }

    JsonNode get(String path) throws SQLException {
        return get(path, Map.of());
    }

    /** @param query empty values say nothing */
    JsonNode get(String path, Map<String, String> query) throws SQLException {
        var said = new HashMap<>(query);
        said.values().removeIf(String::isBlank);
        return api.call(new Api.Request("GET", path, said, MissingNode.getInstance()), caller)
                .body();
    }

    JsonNode post(String path, ObjectNode body) throws SQLException {
        return api.call(new Api.Request("POST", path, Map.of(), body), caller).body();
    }

    /** What takes no body. */
    JsonNode post(String path) throws SQLException {
        return api.call(new Api.Request("POST", path, Map.of(), MissingNode.getInstance()), caller)
                .body();
    }

    /** Maps, lists and plain values, which templates can walk. */
    static Object plain(JsonNode json) {
        return JSON.convertValue(json, Object.class);
    }
}
