package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.cli.scaffold.Scaffold;
import dev.serai.cli.suite.Suite;
import dev.serai.library.LibraryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of documents as they are found: a folder that lint and the suite take, and nothing in it made up. */
class ScaffoldDocumentsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** An answer without a body. */
    private static final String DONE = "'responses': {'204': {'description': 'done'}}";

    @TempDir
    private Path mappings;

    /** Documents by the names of their folders: what is odd, and the members it has beside the usual ones. */
    private static Map<String, String> odd() {
        var odd = new LinkedHashMap<String, String>();
        odd.put("own-parameters-stand-for-those-of-the-path", """
                'paths': {'/people': {
                  'parameters': [ {'in': 'query', 'name': 'team', 'required': true, 'schema': {'type': 'string'}},
                                  {'in': 'header', 'name': 'X-Api', 'required': true, 'schema': {'type': 'string'}},
                                  {'in': 'query', 'name': 'all', 'required': true, 'schema': {'type': 'boolean'}} ],
                  'get': { 'parameters': [
                      {'in': 'query', 'name': 'team', 'required': true, 'schema': {'type': 'integer'}},
                      {'in': 'header', 'name': 'x-api', 'required': true, 'schema': {'type': 'string', 'default': '2'}},
                      {'in': 'query', 'name': 'all', 'schema': {'type': 'boolean'}} ], %s }}}""".formatted(DONE));
        odd.put("ids-stand-twice", """
                'paths': {'/people': {'get': {'operationId': 'get_teams', %1$s}}, '/teams': {'get': {%1$s}},
                          '/a': {'get': {'operationId': 'a', %1$s}}, '/b': {'get': {'operationId': 'a', %1$s}},
                          '/c': {'get': {'operationId': 'a_2', %1$s}}, '/d': {'get': {'operationId': '', %1$s}}}""".formatted(DONE));
        odd.put("paths-hold-what-no-address-may", """
                'paths': {'/my people/%%/{id}': {'get': {%1$s}}, '/größe': {'get': {%1$s}}, '/': {'get': {%1$s}},
                          '/people?sort=name': {'get': {%1$s}}, '/people#old': {'get': {%1$s}}, '/a{b': {'get': {%1$s}},
                          '/../a': {'get': {%1$s}}, 'x-more': {'get': {%1$s}}}""".formatted(DONE));
        odd.put("the-first-body-has-no-names", """
                'paths': {'/sizes': {'post': {%1$s, %2$s}}, '/people': {'post': {%1$s, %3$s}}}""".formatted(
                DONE,
                body(
                        "application/json",
                        "{'type': 'object', 'required': ['größe'], 'properties': {'größe': " + "{'type': 'string'}}}"),
                body("application/json", person())));
        odd.put("media-types-have-parameters", """
                'paths': {'/people': {'post': {%s, 'responses': {'2XX': {'content': {'application/json; charset=utf-8':
                  {'schema': {'type': 'object', 'required': ['ok'], 'properties': {'ok': {'type': 'boolean'}}}}}}}}}}""".formatted(body("application/json; charset=utf-8", person())));
        odd.put(
                "a-part-asks-for-what-another-describes",
                """
                'paths': {'/payments': {'post': {%s, %s}}}, 'components': {'schemas': {
                  'State': {'type': 'string', 'enum': ['new']},
                  'Base': {'type': 'object', 'properties': {'amount': {'type': 'integer'},
                           'state': {'allOf': [{'$ref': '#/components/schemas/State'}], 'description': 'how it goes'}}}}}""".formatted(
                                DONE,
                                body(
                                        "application/json",
                                        "{'allOf': [{'$ref': '#/components/schemas/Base'}, {'required': ['amount', 'state']}]}")));
        odd.put("files-are-sent-in-parts", """
                'paths': {'/files': {'post': {%s, %s}}}""".formatted(DONE, body("multipart/form-data", """
                {'type': 'object', 'required': ['file', 'note', 'size'], 'properties': {
                  'file': {'type': 'string', 'format': 'binary'}, 'note': {'type': 'string'}, 'size': {'type': 'integer'},
                  'more': {'type': 'array', 'items': {'type': 'string', 'format': 'binary'}}}}""")));
        odd.put("answers-have-a-name-of-their-own", """
                'paths': {'/people': {'get': {'responses': {'200': {'content': {'application/vnd.acme+json':
                  {'schema': {'type': 'object'}}}}}}}}""");
        odd.put("answers-are-no-json", """
                'paths': {'/report': {'get': {'responses': {'200': {'content': {'text/csv': {}}}}}},
                          '/invoice': {'post': {'responses': {'200': {'content': {'application/pdf': {}}}}}}}""");
        odd.put("places-are-no-parameters", """
                'paths': {'/people/{id}/teams/{teamId}': {'get': {'parameters': [
                  {'in': 'path', 'name': 'id', 'required': true, 'schema': {'type': 'integer'}},
                  {'in': 'query', 'name': 'id', 'required': true, 'schema': {'type': 'array', 'items': {'type': 'integer'}}} ],
                  %s}}}""".formatted(DONE));
        odd.put("places-are-parts-of-segments", """
                'paths': {'/contacts({id})': {'get': {%1$s}}, '/deals(\\u0027{id}\\u0027)': {'get': {%1$s}}, '/tickets/{ticketId}.json': {'get': {%1$s}},
                          '/v1/{name}:cancel': {'post': {%1$s}}}""".formatted(DONE));
        odd.put("headers-are-wanted", """
                'paths': {'/people': {'post': {'parameters': [
                    {'in': 'header', 'name': 'X-Account-Id', 'required': true, 'schema': {'type': 'integer'}},
                    {'in': 'header', 'name': 'Token', 'required': true, 'schema': {'type': 'string', 'default': 'abc'}},
                    {'in': 'header', 'name': 'X-Request-Id', 'required': true, 'schema': {'type': 'string', 'format': 'uuid'}}],
                    %s, %s}}}""".formatted(body("application/json", person()), DONE));
        odd.put("a-relative-server", """
                'servers': [{'url': '/api/v3'}], 'paths': {'/people': {'get': {%s}}}""".formatted(DONE));
        odd.put("a-server-by-http", """
                'servers': [{'url': 'http://api.example.com/v1'}], 'paths': {'/v1/people': {'get': {%s}}}""".formatted(DONE));
        odd.put("tokens-by-itself", """
                'servers': [{'url': 'https://api.example.com/v1'}],
                'paths': {'/people': {'get': {'security': [{'login': ['read']}], %1$s}},
                          '/oauth/token': {'post': {'requestBody': {'content': {'application/json': {}}}, %1$s}}},
                'components': {'securitySchemes': {'login': {'type': 'oauth2', 'flows': {'clientCredentials': {
                  'tokenUrl': 'oauth/token', 'scopes': {'read': 'to read', 'admin': 'all'}}}}}}""".formatted(DONE));
        odd.put("tokens-by-consent", """
                'paths': {'/people': {'get': {%s}}}, 'security': [{'login': []}],
                'components': {'securitySchemes': {'login': {'type': 'oauth2', 'flows': {'authorizationCode': {
                  'tokenUrl': 'https://login.example.com/{tenant}/token', 'scopes': {},
                  'authorizationUrl': 'https://www.example.com/consent?for=us'}}}}}""".formatted(DONE));
        odd.put("tokens-for-a-password", """
                'paths': {'/people': {'get': {%s}}}, 'security': [{'login': []}],
                'components': {'securitySchemes': {'login': {'type': 'oauth2', 'flows': {'password': {
                  'tokenUrl': '/oauth/token', 'scopes': {}}}}}}""".formatted(DONE));
        odd.put("signed-requests", """
                'paths': {'/people': {'get': {%s}}}, 'security': [{'signed': []}],
                'components': {'securitySchemes': {'signed': {'type': 'http', 'scheme': 'OAuth'}}}""".formatted(DONE));
        odd.put("two-keys", """
                'paths': {'/people': {'get': {%s}}}, 'security': [{'app': [], 'user': []}],
                'components': {'securitySchemes': {'app': {'type': 'apiKey', 'in': 'header', 'name': 'X-App-Key'},
                  'user': {'type': 'apiKey', 'in': 'header', 'name': 'X-User-Key'}}}""".formatted(DONE));
        odd.put("two-keys-in-the-query", """
                'paths': {'/people': {'get': {'parameters': [{'in': 'query', 'name': 'key', 'schema': {'type': 'string'}}], %s}}},
                'security': [{'app': [], 'user': []}],
                'components': {'securitySchemes': {'app': {'type': 'apiKey', 'in': 'query', 'name': 'key'},
                  'user': {'type': 'apiKey', 'in': 'query', 'name': 'token'}}}""".formatted(DONE));
        odd.put("a-proof-no-file-can-say", """
                'paths': {'/people': {'get': {%s}}}, 'security': [{'login': []}],
                'components': {'securitySchemes': {'login': {'type': 'http', 'scheme': 'digest'}}}""".formatted(DONE));
        return odd;
    }

    private static String person() {
        return "{'type': 'object', 'required': ['name'], 'properties': {'name': {'type': 'string'}}}";
    }

    private static String body(String media, String schema) {
        return "'requestBody': {'required': true, 'content': {'" + media + "': {'schema': " + schema + "}}}";
    }

    /** @param members what it has beside version, title and an address of its own, which may be among them */
    private static JsonNode document(String members) throws IOException {
        var document = (ObjectNode)
                JSON.readTree("{'openapi': '3.0.3', 'info': {'title': 'Acme', 'version': '1'},".replace('\'', '"')
                        + members.replace('\'', '"') + "}");
        if (!document.has("servers")) {
            document.putArray("servers").addObject().put("url", "https://api.example.com");
        }
        return document;
    }

    private static String connector(String members) throws IOException {
        return Scaffold.files(document(members), "acme").get("connector.yaml");
    }

    @Test
    void oddDocumentsLintCleanAndAreTried() throws IOException {
        for (var row : odd().entrySet()) {
            Scaffold.write(mappings.resolve(row.getKey()), Scaffold.files(document(row.getValue()), row.getKey()));
        }

        try (var suite = new Suite(mappings)) {
            for (String name : odd().keySet()) {
                assertThat(LibraryFolder.read(mappings, setting -> Optional.empty())
                                .connector(name)
                                .orElseThrow()
                                .operations())
                        .as(name)
                        .isNotEmpty();
                var report = suite.test(name);
                assertThat(report.failures()).as(name).isEmpty();
                // each was called, and nothing was passed over
                assertThat(report.json().findValuesAsText("state"))
                        .as(name)
                        .contains("ok")
                        .doesNotContain("unverified");
            }
        }
    }

    @Test
    void aRequiredIdempotencyKeyMakesTheWriteKeyed() throws IOException {
        String write = "'paths': {'/people': {'post': {'parameters': [{'in': 'header', 'name': '%s', 'required': %s,"
                + " 'description': '%s', 'schema': {'type': 'string', 'format': '%s'}}], " + DONE + "}}}";

        assertThat(connector(write.formatted("Idempotency-Key", "true", "", "uuid")))
                .contains("    class: keyed\n    key_kept: 1h   # TODO for how long does it know a key?\n"
                        + "    idempotency_header: \"Idempotency-Key\"\n    key_as: uuid\n")
                .doesNotContain("headers:");
        assertThat(connector(write.formatted("X-Idempotency", "false", "", "")))
                .contains("    idempotency_header: \"X-Idempotency\"\n")
                .doesNotContain("key_as");
        assertThat(connector(write.formatted("Acme-Request-Id", "false", "Makes the call idempotent.", "")))
                .contains("    class: keyed");
        assertThat(connector(write.formatted("X-Request-Id", "false", "For tracing.", "")))
                .contains(
                        "    class: once   # TODO say what sending it twice does\n    # unknown: whether it knows a repeat by"
                                + " X-Request-Id; class: keyed, idempotency_header: X-Request-Id\n");

        Scaffold.write(
                mappings.resolve("acme"),
                Scaffold.files(document(write.formatted("Idempotency-Key", "true", "", "uuid")), "acme"));
        try (var suite = new Suite(mappings)) {
            assertThat(suite.test("acme").failures()).isEmpty();
        }
    }

    @Test
    void aHeaderWithoutAValueIsASettingAndNeverASample() throws IOException {
        String connector = connector(odd().get("headers-are-wanted"));

        assertThat(connector)
                .contains("\"X-Account-Id\": \"{{acme.x-account-id}}\"   # unknown: its value")
                .contains("\"Token\": \"{{acme.token-value}}\"   # unknown: its value")
                .contains("\"X-Request-Id\": \"{x_request_id}\"   # another one for each call");
    }

    @Test
    void httpsAndAllKeysAndOAuthFlowsAreTaken() throws IOException {
        String paths = "'paths': {'/people': {'get': {" + DONE + "}}}";
        assertThat(connector(
                        "'servers': [{'url': 'http://api.example.com'}, {'url': 'https://api.example.com'}], " + paths))
                .contains("base_url: \"{{acme.base-url:https://api.example.com}}\"\n")
                .contains("# left out, another server of the document: http://api.example.com");
        assertThat(connector(odd().get("a-server-by-http")))
                .contains(
                        "base_url: \"{{acme.base-url:http://api.example.com/v1}}\"   # unknown: whether it has https;")
                .contains("path: \"/people\"");
        assertThat(connector(odd().get("a-relative-server")))
                .contains("base_url: \"{{acme.base-url}}/api/v3\"   # unknown: its host");
        assertThat(connector(odd().get("two-keys")))
                .contains("auth: { type: header, name: \"X-App-Key\", value: \"{{acme.x-app-key}}\" }\n"
                        + "headers:\n  \"X-User-Key\": \"{{acme.x-user-key}}\"\n");
        assertThat(connector(odd().get("two-keys-in-the-query")))
                .contains("auth: { type: query, name: \"key\", value: \"{{acme.key}}\" }\n")
                .contains("    query:\n      \"token\": \"{{acme.token}}\"\n");
        assertThat(connector(odd().get("tokens-by-itself")))
                .contains("  grant: client_credentials\n"
                        + "  token_url: \"{{acme.login-url:https://api.example.com}}/v1/oauth/token\"\n")
                .contains("  scopes: [ \"read\" ]")
                .contains("# left out, a token is got by it, as \"auth\" does: POST /oauth/token");
        assertThat(connector(odd().get("tokens-by-consent")))
                .contains("  grant: authorization_code\n"
                        + "  authorize_url: \"{{acme.consent-url:https://www.example.com}}/consent\"   # left out: ?for=us\n"
                        + "  token_url: \"{{acme.login-url:https://login.example.com}}/{{acme.tenant}}/token\"\n");
    }

    @Test
    void aUsersPasswordAndSignedRequestsAreTakenAndPlayed() throws IOException {
        assertThat(connector(odd().get("tokens-for-a-password")))
                .contains("  grant: password\n"
                        + "  token_url: \"{{acme.login-url:https://api.example.com}}/oauth/token\"\n"
                        + "  user: \"{{acme.user}}\"\n  password: \"{{acme.password}}\"\n")
                .doesNotContain("  client_id:");
        assertThat(connector(odd().get("signed-requests")))
                .contains("  type: oauth1\n  consumer_key: \"{{acme.consumer-key}}\"\n");
        assertThat(Scaffold.files(document(odd().get("signed-requests")), "acme")
                        .get("simulator.yaml"))
                .contains("    - { type: oauth1 }\n");
        assertThat(Scaffold.files(document(odd().get("tokens-for-a-password")), "acme")
                        .get("simulator.yaml"))
                .contains("  oauth2: { token: \"/oauth/token\", grants: [ password ], life: 1h, alone: true }");
    }

    @Test
    void aProofThatCanBeSaidIsTakenBeforeOneThatCannot() throws IOException {
        String schemes = ", 'components': {'securitySchemes': {"
                + "'page': {'type': 'oauth2', 'flows': {'implicit': {'authorizationUrl': 'https://a.example'}}},"
                + "'key': {'type': 'apiKey', 'in': 'header', 'name': 'X-Key'}, 'user': {'type': 'http', 'scheme': 'basic'}}}";
        String of =
                "'paths': {'/a': {'get': {'security': [{'user': []}], %1$s}}, '/b': {'get': {'security': [{'key': []}], %1$s}},"
                        + " '/c': {'get': {'security': [{'page': []}, {'key': []}], %1$s}}}";

        assertThat(connector(of.formatted(DONE) + ", 'security': [{'page': []}]" + schemes))
                .contains("auth: { type: header, name: \"X-Key\", value: \"{{acme.token}}\" }")
                .containsOnlyOnce("# unknown: how user is said, which it asks for");
        assertThat(connector(odd().get("a-proof-no-file-can-say")))
                .contains("# unknown: how a token is got; the document says http digest");
    }

    @Test
    void whatAFileCannotSayIsLeftOutAndMarked() throws IOException {
        String connector = connector("""
                'paths': {'/people': {'get': {%1$s}}, '/people?sort=name': {'get': {%1$s}},
                  '/files': {'post': {'servers': [{'url': 'https://upload.example.com'}], %1$s}},
                  '/teams': {'servers': [{'url': 'https://api.example.com/'}], 'get': {%1$s}}}""".formatted(DONE));

        assertThat(connector)
                .contains("# left out, a path has no query and no fragment: /people?sort=name")
                .contains("# left out, it answers at another server, https://upload.example.com: POST /files")
                .contains("  get_teams:\n")
                .doesNotContain("post_files");
    }

    @Test
    void anAnswerOfAnotherNameIsAskedForAndFilesAreNamed() throws IOException {
        assertThat(connector(odd().get("answers-have-a-name-of-their-own")))
                .contains("    headers:\n      Accept: \"application/vnd.acme+json\"\n");
        assertThat(connector(odd().get("answers-are-no-json")))
                .contains("      Accept: \"text/csv\"\n    answers: text\n")
                .contains("      Accept: \"application/pdf\"\n    answers: file\n");
        assertThat(connector(odd().get("files-are-sent-in-parts")))
                .contains("    body: multipart\n    files: [ \"file\", \"more\" ]\n");
        assertThat(connector(odd().get("media-types-have-parameters")))
                .doesNotContain("body:")
                .doesNotContain("headers:");
    }

    @Test
    void aPlaceMayBePartOfASegment() throws IOException {
        assertThat(connector(odd().get("places-are-parts-of-segments")))
                .contains("path: \"/contacts({id})\"")
                .contains("path: \"/deals('{quoted(id)}')\"")
                .contains("path: \"/tickets/{ticket_id}.json\"")
                .contains("path: \"/v1/{name}:cancel\"")
                .doesNotContain("left out");
    }

    @Test
    void aLongDocumentIsReadInYamlTooAndMakesFilesThatCanBeRead() throws IOException {
        var yaml = new StringBuilder("openapi: 3.0.3\ninfo: { title: Acme, version: '1' }\npaths:\n");
        for (String path : new String[] {"a", "b"}) {
            yaml.append("  /")
                    .append(path)
                    .append(":\n    get:\n      responses:\n        '200':\n          content:\n");
            yaml.append("            application/json:\n              schema:\n                type: object\n");
            yaml.append("                required: [ text ]\n                properties:\n                  text:\n");
            yaml.append("                    enum: [ ")
                    .append("x".repeat(450_000))
                    .append(" ]\n");
            yaml.append("                    description: ")
                    .append("y".repeat(200_000))
                    .append('\n');
        }
        Path file = Files.writeString(mappings.resolve("long.yaml"), yaml);

        Scaffold.write(mappings.resolve("acme"), Scaffold.files(Scaffold.read(file), "acme"));
        Files.delete(file);

        assertThat(Files.readString(mappings.resolve("acme/simulator.yaml")))
                .containsOnlyOnce("    answer: ")
                .contains("# left out, its answer: the samples of so many are too long for one file");
        try (var suite = new Suite(mappings)) {
            assertThat(suite.test("acme").failures()).isEmpty();
        }
    }
}
