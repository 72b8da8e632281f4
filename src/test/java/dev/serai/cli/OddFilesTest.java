package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.cli.scaffold.Scaffold;
import dev.serai.simulator.Simulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is odd in the files of one system is told of that system, and the others are tried all the same. */
class OddFilesTest {
    private static final String OPERATIONS = """
            "/people": {
              "get": { "operationId": "list_people", "parameters": [
                  { "in": "query", "name": "limit", "required": true,
                    "schema": { "type": "integer", "minimum": 1, "exclusiveMinimum": true } } ],
                "responses": { "200": { "description": "fine", "content": { "application/json": { "schema": {
                  "type": "array", "minItems": 1, "items": { "$ref": "#/paths/~1people/post/requestBody/content/application~1json/schema" } } } } } } },
              "post": { "operationId": "create_person", "requestBody": { "required": true, "content": { "application/json": { "schema": {
                  "type": "object", "required": ["email", "age"], "properties": {
                    "email": { "type": "string" }, "age": { "type": "integer", "minimum": 0, "exclusiveMinimum": true },
                    "mother": { "$ref": "#/components/schemas/Mother" } } } } } },
                "responses": { "201": { "description": "made" } } } },
            "/people/{id}": {
              "put": { "operationId": "update_person",
                "parameters": [ { "in": "path", "name": "id", "required": true, "schema": { "type": "integer" } } ],
                "requestBody": { "content": { "application/json": { "schema": {
                  "$ref": "#/paths/~1people/post/requestBody/content/application~1json/schema" } } } },
                "responses": { "200": { "description": "fine" } } } }
            """;

    @TempDir
    private Path folder;

    private Path mappings;

    @BeforeEach
    void otherSystems() throws IOException {
        mappings = Files.createDirectories(folder.resolve("mappings"));
        Path pagerduty = Path.of("mappings/pagerduty");
        try (var files = Files.walk(pagerduty)) {
            for (Path file : files.toList()) {
                Files.copy(file, mappings.resolve("pagerduty").resolve(pagerduty.relativize(file)));
            }
        }
    }

    private static String document(String security, String paths) {
        return """
                { "openapi": "3.0.3", "info": { "title": "Tally", "version": "1" },
                  "servers": [ { "url": "https://api.tally.example/v1" } ],
                  "components": { "securitySchemes": { "who": %s },
                    "schemas": { "Mother": { "oneOf": [ { "$ref": "#/components/schemas/Mother" } ] } } },
                  "paths": { %s } }
                """.formatted(security, paths);
    }

    private Path begun(String security) throws IOException {
        Path source = Files.writeString(folder.resolve("tally.json"), document(security, OPERATIONS));
        var called = serai("connector", "scaffold", source.toString(), "--name", "tally");
        assertThat(called.err()).isEmpty();
        assertThat(called.code()).isZero();
        return mappings.resolve("tally");
    }

    private Called serai(String... args) {
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--mappings", mappings.toString()));
        return Called.serai(all.toArray(String[]::new));
    }

    private Called tested() {
        return serai("connector", "test", "--all");
    }

    /** One thing is wrong in one system, and the other is fine. */
    private void isTheOneFailure(String message) {
        var called = tested();

        assertThat(called.err()).isEmpty();
        assertThat(called.code()).isEqualTo(1);
        assertThat(called.out())
                .contains(message)
                .containsPattern("trigger +unverified +ok")
                .containsPattern("2 connectors, \\d+ rows: \\d+ ok, 1 failed,");
    }

    @Test
    void aKeyInTheQueryAndSchemasOfEveryKindAreBegunLintedAndTried() throws IOException {
        Path tally = begun("{ \"type\": \"apiKey\", \"in\": \"query\", \"name\": \"api_key\" }");

        assertThat(Files.readString(tally.resolve("connector.yaml")))
                .contains("auth: { type: query, name: \"api_key\", value: \"{{tally.token}}\" }");
        Path routes = Files.createDirectories(folder.resolve("routes"));
        Files.copy(Path.of("routes/errors.camel.yaml"), routes.resolve("errors.camel.yaml"));
        Files.writeString(routes.resolve("people.camel.yaml"), """
                - route:
                    id: people
                    routeConfigurationId: write
                    from: { uri: "event:contact.created", steps: [ { to: { id: create, uri: "connector:tally/create_person" } } ] }
                """);
        var lint = serai("lint", "--routes", routes.toString());
        assertThat(lint.code()).as(lint.out() + lint.err()).isZero();
        var called = tested();
        assertThat(called.out())
                .containsPattern("create_person +ok +ok +ok +ok +ok")
                .containsPattern("update_person +ok +ok +ok +ok +ok")
                .contains(" 0 failed,");
        assertThat(called.code()).isZero();
    }

    @Test
    void aKeyInTheQueryStandsInNoLedger() throws Exception {
        begun("{ \"type\": \"apiKey\", \"in\": \"query\", \"name\": \"api_key\" }");
        try (var simulator = Simulator.start(mappings, 0, InstantSource.system())) {
            String url = simulator.url("tally") + "/people?limit=2&api_key=" + simulator.secret("tally");
            var answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(simulator.ledger().calls("tally"))
                    .extracting(call -> call.asked().query())
                    .containsExactly("limit=2&api_key=***");
        }
    }

    @Test
    void aKeyThatTheDocumentListsAmongTheParametersTooIsSentOnce() throws IOException {
        String listed = "\"parameters\": [ { \"in\": \"query\", \"name\": \"api_key\", \"required\": true,"
                + " \"schema\": { \"type\": \"string\" } },";
        String operations = OPERATIONS.replace("\"parameters\": [", listed);
        Path source = Files.writeString(
                folder.resolve("tally.json"),
                document("{ \"type\": \"apiKey\", \"in\": \"query\", \"name\": \"api_key\" }", operations));

        var files = Scaffold.files(Scaffold.read(source), "tally");
        Scaffold.write(mappings.resolve("tally"), files);

        assertThat(files.get("connector.yaml")).containsOnlyOnce("api_key");
        assertThat(tested().code()).isZero();
    }

    @Test
    void aContractThatIsNoJsonIsOneFailureAtItsLine() throws IOException {
        Path tally = begun("{ \"type\": \"http\", \"scheme\": \"bearer\" }");
        Files.writeString(tally.resolve("contract.json"), "{ \"openapi\": \"3.0.3\",\n  \"paths\": [ }");

        isTheOneFailure("mappings/tally/contract.json:2:14: contract.json, contract: this is no JSON: ");
    }

    @Test
    void anAddressThatIsNoSettingCanNotBeSimulatedAndNothingIsSentThere() throws IOException {
        Path connector = begun("{ \"type\": \"http\", \"scheme\": \"bearer\" }").resolve("connector.yaml");
        Files.writeString(
                connector,
                Files.readString(connector)
                        .replace(
                                "\"{{tally.base-url:https://api.tally.example/v1}}\"", "https://api.tally.example/v1"));

        var called = tested();

        assertThat(called.code()).isEqualTo(1);
        assertThat(called.out())
                .contains(
                        "create_person, contract: tally: its calls lead to api.tally.example and not to the simulator; make"
                                + " its address a setting, as in base_url: \"{{tally.base-url:https://api.tally.example}}\"")
                .containsPattern("trigger +unverified +ok");
    }

    @Test
    void aContractThatLeadsNowhereIsOneFailureWithThePlace() throws IOException {
        Path contract = begun("{ \"type\": \"http\", \"scheme\": \"bearer\" }").resolve("contract.json");
        Files.writeString(
                contract, Files.readString(contract).replace("\"#/components/schemas/Mother\"", "\"#/nowhere\""));

        var called = tested();

        assertThat(called.code()).isEqualTo(1);
        assertThat(called.out())
                .contains(
                        "mappings/tally/contract.json: contract.json, contract: at /paths/~1people/post/requestBody/content/"
                                + "application~1json/schema/properties/mother: the $ref \"#/nowhere\" leads nowhere; correct it")
                .containsPattern("trigger +unverified +ok");
    }

    @Test
    void aSchemaNobodyCanReadFailsTheCallsThatNeedItAlone() throws IOException {
        Path contract = begun("{ \"type\": \"http\", \"scheme\": \"bearer\" }").resolve("contract.json");
        String text = Files.readString(contract);
        int limit = text.indexOf("\"name\" : \"limit\"");
        Files.writeString(
                contract,
                text.substring(0, limit)
                        + text.substring(limit)
                                .replaceFirst("\"type\" : \"integer\"", "\"type\" : \"string\", \"pattern\": \"(\""));

        isTheOneFailure(
                "list_people, contract: contract.json: the query parameters of list_people can't be read as a schema (");
    }

    @Test
    void aSlipInTheExamplesIsOneFailure() throws IOException {
        Path examples = begun("{ \"type\": \"http\", \"scheme\": \"bearer\" }").resolve("examples.yaml");
        String right = Files.readString(examples);

        Files.writeString(examples, right + "seed: { people: [ { id: 1 } ] }\n");
        isTheOneFailure(
                "mappings/tally/examples.yaml: examples.yaml, contract: under seed: \"people\" is no collection of tally");

        Files.writeString(examples, right.replace("operations:", "operatons:"));
        isTheOneFailure("mappings/tally/examples.yaml:2:1: examples.yaml, contract: \"operatons\" is not known");

        Files.write(examples, new byte[] {(byte) 0xC3, (byte) 0x28});
        isTheOneFailure("mappings/tally/examples.yaml: examples.yaml, contract: can't be read (");
    }

    @Test
    void aDocumentThatCantBeBegunFromIsRefusedWithThePlaceAndWhatToDo() throws IOException {
        isRefused("{ \"openapi\": \"3.0.3\",\n  \"paths\": [ }", ": line 2, column 14: this is no JSON: ");
        isRefused("openapi: '3.0.3'\n  paths: {}\n", "tally.doc:2:");
        isRefused(
                "{ \"openapi\": \"3.0.3\", \"paths\": [] }",
                ": this is no OpenAPI document: an object with \"paths\" is needed; put the system's own there");
        isRefused(
                document("{}", "\"/a\": { \"get\": { \"parameters\": [ { \"$ref\": \"shared.yaml#/a\" } ] } }"),
                ": at /paths/~1a/get/parameters/0: the $ref \"shared.yaml#/a\" leads to another document; put both into one");
        isRefused(
                document("{}", "\"/a\": { \"get\": \"see there\" }"),
                ": at /paths/~1a/get: an operation is an object, and this is none; correct it or leave it out");
    }

    private void isRefused(String document, String message) throws IOException {
        Path source = Files.writeString(folder.resolve("tally.doc"), document);

        var called = serai("connector", "scaffold", source.toString(), "--name", "tally");

        assertThat(called.err()).contains(message);
        assertThat(called.code()).isEqualTo(2);
        assertThat(mappings.resolve("tally")).doesNotExist();
    }
}
