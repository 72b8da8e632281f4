package dev.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VendorDocumentTest {
    private static final String BODY = """
            { "servers": [ { "url": "https://{shop}.example/{version}/api/" }, { "url": "/api" } ],
              "components": { "schemas": {
                "Many": { "allOf": [ { "$ref": "#/components/schemas/Head" }, { "properties": { "rows": { "type": "array", "maxItems": 7 } } } ] },
                "Head": { "type": "object", "properties": { "note": { "type": "string" } } } } },
              "paths": {
                "/rows": { "post": { "operationId": "many", "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Many" } } } } },
                           "put": { "operationId": "list", "x-ours": true, "requestBody": { "content": { "application/json": { "schema": { "type": "array", "maxItems": 3, "x-added-by-us": "limit" } } } } } },
                "/api/rows/{id}": { "get": { "operationId": "row" } },
                "/files": { "servers": [ { "url": "https://files.example" } ], "get": { "operationId": "files" } } } }
            """;

    private final VendorDocument document = new VendorDocument(Json.parse(BODY));

    @Test
    void howManyRecordsACallTakesIsFoundWhereverItStands() {
        assertThat(document.most("many", List.of("rows"))).contains(new VendorDocument.Most(7, false));
        assertThat(document.most("list", List.of())).contains(new VendorDocument.Most(3, true));
        assertThat(document.most("many", List.of("note"))).isEmpty();
        assertThat(document.most("many", List.of("lines", "rows"))).isEmpty();
        assertThat(document.most("row", List.of())).isEmpty();
    }

    @Test
    void anOperationAnswersBelowItsServers() {
        assertThat(document.answersAt("many", "/v2/api/rows")).isTrue();
        assertThat(document.answersAt("many", "/api/rows")).isTrue();
        assertThat(document.answersAt("many", "/rows")).isFalse();
        assertThat(document.answersAt("many", "/v2/beta/api/rows")).isFalse();
        assertThat(document.answersAt("files", "/files")).isTrue();
        assertThat(document.answersAt("files", "/api/files")).isFalse();
    }

    @Test
    void aPathThatRepeatsThatOfItsServerIsMeantOnce() {
        assertThat(document.answersAt("row", "/api/rows/5")).isTrue();
    }

    @Test
    void whatWeAddedIsOurs() {
        assertThat(document.ours("list")).isTrue();
        assertThat(document.ours("many")).isFalse();
        assertThat(document.oursAlone()).isFalse();
    }
}
