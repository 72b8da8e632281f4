package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.cli.scaffold.Scaffold;
import dev.serai.cli.suite.Suite;
import dev.serai.library.LibraryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A folder begun from a vendor's document lints clean, and its connector keeps to that document. */
class ScaffoldTest {
    @TempDir
    private Path mappings;

    static Stream<Path> contracts() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("mappings"), 2)) {
            return files
                    .filter(file -> file.endsWith("contract.json"))
                    // a receiver, with nothing to begin a folder from
                    .filter(file -> !file.startsWith("mappings/webhook-out"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void whatIsBegunWorksAtOnce(Path contract) throws IOException {
        var files = Scaffold.files(Scaffold.read(contract), "acme");
        Scaffold.write(mappings.resolve("acme"), files);

        var library = LibraryFolder.read(mappings, name -> Optional.empty());
        assertThat(library.connector("acme").orElseThrow().operations()).isNotEmpty();
        try (var suite = new Suite(mappings)) {
            assertThat(suite.test("acme").failures()).isEmpty();
        }
    }

    @Test
    void whatTheDocumentDoesNotSayIsMarked() throws IOException {
        var files = Scaffold.files(Scaffold.read(Path.of("mappings/pipedrive/contract.json")), "acme");

        assertThat(files.get("connector.yaml"))
                .contains("base_url: \"{{acme.base-url:https://api.pipedrive.com/api/v2}}\"")
                .contains("auth: { type: header, name: \"x-api-token\", value: \"{{acme.token}}\" }")
                .contains("class: once   # TODO say what sending it twice does")
                .contains(
                        "# a list; records: data; pagination: { type: cursor, into: \"cursor\", size_into: \"limit\" }")
                .contains("# unknown: by which field \"updated_since\" lists; make it a stream once you know");
        assertThat(files.get("record-to-add-deal.yaml") + files.get("record-to-add-person.yaml"))
                .contains("required: true");
    }

    @Test
    void anAccountsPartOfTheAddressIsASettingAndAWriteHasOneMapOfHeaders() throws IOException {
        Path document = Files.writeString(mappings.resolve("mail.json"), """
                { "openapi": "3.0.3", "info": { "title": "Mail", "version": "1" },
                  "servers": [ { "url": "https://{shop}.{region}.example/api",
                                 "variables": { "shop": { "default": "your-store" },
                                                "region": { "enum": ["eu", "us"], "default": "eu" } } } ],
                  "paths": { "/profiles": { "post": { "operationId": "create_profile",
                    "parameters": [ { "in": "header", "name": "revision", "required": true,
                                      "schema": { "type": "string", "default": "2026-07-15" } } ],
                    "requestBody": { "content": { "application/vnd.api+json": { "schema": { "type": "object",
                      "properties": { "email": { "type": "string" } } } } } },
                    "responses": { "201": { "description": "made" } } } } } }
                """);

        var files = Scaffold.files(Scaffold.read(document), "acme");
        Scaffold.write(mappings.resolve("acme"), files);

        assertThat(files.get("connector.yaml"))
                .contains("base_url: \"{{acme.base-url:https://{{acme.shop}}.eu.example/api}}\"")
                .containsOnlyOnce("headers:")
                .contains("\"revision\": \"2026-07-15\"")
                .contains("Content-Type: \"application/vnd.api+json\"");
        assertThat(LibraryFolder.read(mappings, name -> Optional.empty()).connector("acme"))
                .isPresent();
    }

    @Test
    void theCommandWritesAFolderOnce() throws IOException {
        Path contract = Path.of("mappings/brevo/contract.json").toAbsolutePath();
        String folder = mappings.toString();

        var first = Called.serai("connector", "scaffold", contract.toString(), "--name", "acme", "--mappings", folder);
        var again = Called.serai("connector", "scaffold", contract.toString(), "--name", "acme", "--mappings", folder);

        assertThat(first.out()).contains("Look for \"unknown\" and \"TODO\" in them");
        assertThat(first.code()).isZero();
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err()).contains("acme is there already; give another --name, or delete it");
    }

    @Test
    void anotherKindOfDocumentIsRefused() throws IOException {
        Path swagger = Files.writeString(mappings.resolve("swagger.json"), "{\"swagger\": \"2.0\"}");

        var called = Called.serai("connector", "scaffold", swagger.toString(), "--mappings", mappings.toString());

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err()).contains("this is no OpenAPI 3 document");
    }
}
