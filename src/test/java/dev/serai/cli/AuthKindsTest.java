package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.cli.suite.Check;
import dev.serai.cli.suite.Finding;
import dev.serai.cli.suite.Report;
import dev.serai.cli.suite.Suite;
import dev.serai.connector.Connector;
import dev.serai.connector.Request;
import dev.serai.connector.auth.Auth;
import dev.serai.file.Problem;
import dev.serai.simulator.Simulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each way to sign in that a connector file can say is tried by files alone: a folder of its own for each, which passes, and
 * others whose credential or signature is wrong, which do not.
 */
class AuthKindsTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

    /** @param auth of the connector file @param played of the simulator's */
    private record Kind(String auth, String played) {}

    /** @param right what stands in the file @param wrong what is put in its place @param message what the suite says */
    private record Wrong(String kind, String file, String right, String wrong, String message) {}

    private static final String URL = "\"{{SYS.login-url:https://login.example}}/token\"";
    private static final String TOKENS = ", life: 1h, alone: true }, schemes: [ { type: bearer } ] }";

    private static final Map<String, Kind> KINDS = kinds();

    private static Map<String, Kind> kinds() {
        var kinds = new LinkedHashMap<String, Kind>();
        kinds.put("none", new Kind("", ""));
        kinds.put("bearer", new Kind("{ type: bearer, token: \"{{SYS.key}}\" }", secret("{ type: bearer }")));
        kinds.put(
                "basic",
                new Kind(
                        "{ type: basic, user: \"{{SYS.user}}\", password: \"{{SYS.key}}\" }",
                        secret("{ type: basic, user: '.+@.+' }")));
        kinds.put(
                "header",
                new Kind(
                        "{ type: header, name: X-Key, value: \"{{SYS.key}}\" }",
                        secret("{ type: header, name: X-Key }")));
        kinds.put(
                "query",
                new Kind("{ type: query, name: key, value: \"{{SYS.key}}\" }", secret("{ type: query, name: key }")));
        kinds.put(
                "body",
                new Kind("{ type: body, name: key, value: \"{{SYS.key}}\" }", secret("{ type: body, name: key }")));
        kinds.put(
                "client-basic",
                new Kind(
                        "{ type: oauth2, grant: client_credentials, token_url: " + URL
                                + ", client_id: \"{{SYS.id}}\", client_secret: \"{{SYS.key}}\" }",
                        "{ secret: 's3cret+/ü', oauth2: { token: /token, grants: [ client_credentials ], client_auth: [ basic ]"
                                + TOKENS));
        kinds.put(
                "client-signed",
                new Kind(
                        "{ type: oauth2, grant: client_credentials, token_url: " + URL + ", client_id: \"{{SYS.id}}\","
                                + " client_auth: assertion, assertion: { key: \"{{SYS.key}}\", algorithm: PS256 } }",
                        "{ secret: s3cret, oauth2: { token: /token, client_auth: [ assertion ], assertion: { algorithm: PS256 }"
                                + TOKENS));
        kinds.put(
                "public-client",
                new Kind(
                        "{ type: oauth2, grant: authorization_code, token_url: " + URL
                                + ", authorize_url: \"{{SYS.login-url:https://login.example}}/consent\", client_id: \"{{SYS.id}}\" }",
                        "{ secret: s3cret, oauth2: { token: /token, authorize: /consent, rotates: true, client_auth: [ none ]"
                                + TOKENS));
        kinds.put(
                "refresh",
                new Kind(
                        "{ type: oauth2, grant: refresh_token, token_url: " + URL + ", client_id: \"{{SYS.id}}\","
                                + " client_secret: \"{{SYS.secret}}\", client_auth: post, refresh_token: \"{{SYS.key}}\" }",
                        "{ secret: s3cret, oauth2: { token: /token, rotates: true, client_auth: [ post ]" + TOKENS));
        kinds.put(
                "password",
                new Kind(
                        "{ type: oauth2, grant: password, token_url: " + URL + ", client_id: sugar,"
                                + " user: \"{{SYS.user}}\", password: \"{{SYS.key}}\" }",
                        "{ secret: s3cret, client: sugar, oauth2: { token: /token, grants: [ password ]" + TOKENS));
        kinds.put(
                "assertion",
                new Kind(
                        "{ type: oauth2, grant: jwt_bearer, token_url: " + URL + ", scopes: [ crm ], assertion:"
                                + " { key: \"{{SYS.key}}\", issuer: \"{{SYS.id}}\", subject: \"{{SYS.user}}\","
                                + " audience: https://login.example, algorithm: ES256 } }",
                        "{ secret: s3cret, oauth2: { token: /token, grants: [ jwt_bearer ], assertion: { audience:"
                                + " https://login.example, algorithm: ES256 }" + TOKENS));
        kinds.put(
                "session",
                new Kind(
                        "{ type: session, header: OAuth-Token, token: data.token, life: data.until, login: { url: "
                                + URL + ", body: { client: sugar, password: \"{{SYS.key}}\" } } }",
                        "{ secret: s3cret, session: { login: /token, life: 1h,"
                                + " right: '$body.client == \"sugar\" and $body.password == $secret',"
                                + " answer: '{\"data\": {\"token\": $token, \"until\": $until}}' },"
                                + " schemes: [ { type: header, name: OAuth-Token } ] }"));
        kinds.put(
                "session-signed",
                new Kind(
                        "{ type: session, prefix: Bearer, expires_in: 1h, assertion: { key: \"{{SYS.key}}\","
                                + " issuer: \"{{SYS.id}}\" }, login: { url: " + URL
                                + ", headers: { Authorization: \"Bearer {assertion}\" }, form: { a: b } } }",
                        "{ secret: s3cret, session: { login: /token, life: 1h, right: '$assertion and $body.a == \"b\"', answer:"
                                + " $token }, schemes: [ { type: bearer } ] }"));
        kinds.put(
                "oauth1",
                new Kind(
                        "{ type: oauth1, consumer_key: \"{{SYS.id}}\", consumer_secret: \"{{SYS.secret}}\","
                                + " token: \"{{SYS.token}}\", token_secret: \"{{SYS.key}}\", realm: 123_SB1 }",
                        secret("{ type: oauth1, realm: 123_SB1 }")));
        kinds.put(
                "hmac",
                new Kind(
                        "{ type: hmac, secret: \"{{SYS.key}}\", header: Authorization, prefix: \"HMAC {{SYS.id}}:\","
                                + " encoding: base64, algorithm: sha512, timestamp_header: X-Time, timestamp_unit: ms,"
                                + " nonce_header: X-Nonce,"
                                + " signs: \"{upper(method)}\\n{path}\\n{timestamp}{nonce}{header.X-App}{sha256(body)}\" }\n"
                                + "headers: { X-App: serai }",
                        secret("{ type: hmac, header: Authorization, prefix: 'HMAC client:', encoding: base64,"
                                + " algorithm: sha512, timestamp_header: X-Time, timestamp_unit: ms, nonce_header: X-Nonce,"
                                + " signs: \"{method}\\n{path}\\n{timestamp}{nonce}{header.X-App}{sha256(body)}\" }")));
        return kinds;
    }

    private static String secret(String scheme) {
        return "{ secret: s3cret, schemes: [ " + scheme + " ] }";
    }

    private static List<Wrong> wrongs() {
        var others = Map.of("EC", anotherKey("EC"), "RSA", anotherKey("RSA"));
        String refused = "add, call: SYS answered 401";
        String noToken = "sign-in, call: it got no token: the vendor answered 40";
        var wrongs = new ArrayList<Wrong>();
        for (String kind : KINDS.keySet()) {
            if (kind.equals("none") || kind.equals("public-client")) {
                continue;
            }
            boolean signsIn = KINDS.get(kind).auth.contains("{{SYS.login-url");
            boolean signed =
                    List.of("client-signed", "assertion", "session-signed").contains(kind);
            String key = signed ? others.get(kind.equals("assertion") ? "EC" : "RSA") : "another";
            wrongs.add(new Wrong(
                    kind,
                    "examples.yaml",
                    "operations:",
                    "settings: { SYS.key: '" + key + "' }\noperations:",
                    signsIn ? noToken : refused));
        }
        wrongs.add(
                connector("none", "writes:", "auth: { type: bearer, token: \"{{SYS.key}}\" }\nwrites:", "add, auth: "));
        wrongs.add(connector("client-basic", ", client_secret:", ", client_auth: post, client_secret:", noToken));
        wrongs.add(connector("client-signed", "PS256", "RS256", noToken));
        wrongs.add(connector("client-signed", "algorithm", "audience: https://other.example, algorithm", noToken));
        wrongs.add(connector("client-signed", "algorithm", "issuer: somebody, algorithm", noToken));
        wrongs.add(connector("client-signed", "algorithm", "subject: somebody, algorithm", noToken));
        wrongs.add(connector("public-client", "{{SYS.id}}", "somebody", noToken));
        wrongs.add(connector("refresh", ", client_auth: post", "", noToken));
        wrongs.add(connector("refresh", "{{SYS.key}}", "{{SYS.secret}}", noToken));
        wrongs.add(connector("password", "client_id: sugar", "client_id: salt", noToken));
        wrongs.add(connector("assertion", "{{SYS.id}}", "somebody", noToken));
        wrongs.add(connector("assertion", "audience: https://login", "audience: https://logon", noToken));
        wrongs.add(connector("session", "client: sugar", "client: salt", noToken));
        wrongs.add(connector("session", "header: OAuth-Token", "header: OAuth-Tokn", refused));
        wrongs.add(connector("session", "token: data.token", "token: data.tokn", "sign-in, call: it got no token"));
        wrongs.add(connector("session-signed", "{{SYS.id}}", "somebody", noToken));
        wrongs.add(connector("oauth1", "{{SYS.id}}", "somebody", refused));
        wrongs.add(connector("oauth1", "{{SYS.secret}}", "{{SYS.key}}", refused));
        wrongs.add(connector("oauth1", "123_SB1", "123_SB2", refused));
        for (var part : Map.of(
                        "HMAC {{", "HMAK {{",
                        "base64", "hex",
                        "sha512", "sha256",
                        "timestamp_unit: ms", "timestamp_unit: s",
                        "X-Time", "X-Tyme",
                        "{path}\\n", "{path}",
                        "{sha256(body)}", "{md5(body)}",
                        "{upper(method)}", "{lower(method)}")
                .entrySet()) {
            wrongs.add(connector("hmac", part.getKey(), part.getValue(), refused));
        }
        return wrongs;
    }

    private static Wrong connector(String kind, String right, String wrong, String message) {
        return new Wrong(kind, "connector.yaml", right, wrong, message);
    }

    @TempDir
    private static Path mappings;

    private static final Map<String, Wrong> WRONGS = new LinkedHashMap<>();
    private static Suite suite;

    @BeforeAll
    static void write() throws IOException {
        for (var kind : KINDS.entrySet()) {
            folder(kind.getKey(), kind.getValue());
        }
        for (Wrong wrong : wrongs()) {
            String name = "wrong-" + WRONGS.size() + "-" + wrong.kind;
            WRONGS.put(name, wrong);
            Path changed = folder(name, KINDS.get(wrong.kind)).resolve(wrong.file);
            String text = Files.readString(changed);
            String right = wrong.right.replace("SYS", name);
            assertThat(text).contains(right);
            Files.writeString(
                    changed, text.replaceFirst(Pattern.quote(right), quoted(wrong.wrong.replace("SYS", name))));
        }
        suite = new Suite(mappings);
    }

    private static String quoted(String text) {
        return Matcher.quoteReplacement(text);
    }

    @AfterAll
    static void stop() {
        suite.close();
    }

    private static Path folder(String name, Kind kind) throws IOException {
        Path folder = Files.createDirectories(mappings.resolve(name));
        Files.writeString(folder.resolve("connector.yaml"), """
                connector: SYS
                base_url: "{{SYS.base-url:https://api.example/v1}}"
                AUTH
                writes:
                  add: { method: POST, path: /people, query: { team: "b c" }, class: once }
                """.replace("AUTH", section(kind.auth))
                .replace("SYS", name));
        Files.writeString(folder.resolve("contract.json"), """
                { "openapi": "3.0.3", "info": { "title": "Acme", "version": "1" }, "paths": { "/people": { "post": {
                  "operationId": "add", "parameters": [ { "in": "query", "name": "team", "schema": { "type": "string" } } ],
                  "requestBody": { "content": { "application/json": { "schema": { "type": "object" } } } },
                  "responses": { "201": { "description": "made" } } } } },
                  "components": { "securitySchemes": { "who": { "type": "apiKey", "in": "query", "name": "key" } } } }
                """);
        Files.writeString(folder.resolve("simulator.yaml"), """
                vendor: SYS
                unknown_fields: allow
                AUTH
                errors: { body: '{"message": $message}' }
                operations:
                  add: { status: 201, answer: '{"id": 7}' }
                """.replace("AUTH", section(kind.played))
                .replace("SYS", name));
        Files.writeString(folder.resolve("examples.yaml"), "operations: { add: { body: { name: M\u00fcller } } }\n");
        return folder;
    }

    private static String section(String auth) {
        return auth.isEmpty() ? "" : "auth: " + auth;
    }

    private static String anotherKey(String family) {
        try {
            byte[] key = KeyPairGenerator.getInstance(family)
                    .generateKeyPair()
                    .getPrivate()
                    .getEncoded();
            return "-----BEGIN PRIVATE KEY-----\\n" + Base64.getEncoder().encodeToString(key)
                    + "\\n-----END PRIVATE KEY-----";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> aFolderIsAllThatAKindNeeds() {
        return KINDS.entrySet().stream()
                .map(kind -> DynamicTest.dynamicTest(kind.getKey(), () -> {
                    Report report = suite.test(kind.getKey());

                    assertThat(report.failures()).isEmpty();
                    boolean signsIn = kind.getValue().auth.contains("{{SYS.login-url");
                    assertThat(report.rows())
                            .extracting(Report.Row::name)
                            .containsExactlyElementsOf(signsIn ? List.of("sign-in", "add") : List.of("add"));
                    // each of its rows tried a refused credential, but for the one that has none
                    assertThat(report.rows())
                            .extracting(row -> row.findings().get(Check.AUTH).state())
                            .containsOnly(kind.getKey().equals("none") ? Finding.State.NONE : Finding.State.OK);
                }));
    }

    @TestFactory
    Stream<DynamicTest> whatIsSaidOrSignedWronglyFails() {
        return WRONGS.entrySet().stream()
                .map(row -> DynamicTest.dynamicTest(row.getKey() + ": " + row.getValue().wrong, () -> {
                    Report report = suite.test(row.getKey());

                    assertThat(report.failures()).extracting(Problem::text).anySatisfy(said -> assertThat(said)
                            .startsWith(row.getValue().message.replace("SYS", row.getKey())));
                }));
    }

    /** What a request is sent with: as the connector of the kind builds and signs it. */
    private static Request request(Connector connector, Auth.Moment moment) {
        return connector.tokens().isPresent()
                ? connector.tokens().get().ask(connector.signIn().values(), moment)
                : connector
                        .signIn()
                        .sign(connector.build("add", JsonNodeFactory.instance.objectNode(), Map.of(), ""), moment);
    }

    private static int status(Request request) throws IOException, InterruptedException {
        var sent = HttpRequest.newBuilder(request.url())
                .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(request.body()));
        request.headers().forEach(sent::header);
        return CLIENT.send(sent.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static Connector connector(String name, Simulator simulator) throws IOException {
        var settings = new HashMap<String, String>();
        String text = Files.readString(mappings.resolve(name).resolve("connector.yaml"));
        var connector = Connector.read("f", name, text, setting -> Optional.ofNullable(settings.get(setting)));
        settings.putAll(VendorSettings.of(connector, simulator));
        return connector;
    }

    @ParameterizedTest
    @ValueSource(strings = {"oauth1", "hmac", "assertion", "client-signed", "session-signed"})
    void whatWasSentBeforeIsRefusedAndSoIsWhatWasSignedAtAnotherTime(String kind) throws Exception {
        try (var simulator = Simulator.start(mappings, 0, () -> NOW)) {
            Connector connector = connector(kind, simulator);
            Request right = request(connector, new Auth.Moment(NOW.plusSeconds(30), "n-1"));

            assertThat(status(right)).isIn(200, 201);
            assertThat(status(right)).isIn(400, 401);
            for (int off : List.of(-600, 600)) {
                var moment = new Auth.Moment(NOW.plusSeconds(off), "n" + off);
                assertThat(status(request(connector, moment))).isIn(400, 401);
            }
            assertThat(status(request(connector, new Auth.Moment(NOW, "n-2")))).isIn(200, 201);
            simulator.rotate(kind, "another");
            assertThat(status(request(connector, new Auth.Moment(NOW, "n-3")))).isIn(400, 401);
        }
    }

    @Test
    void aSignatureIsOverTheBytesOfABody() throws Exception {
        try (var simulator = Simulator.start(mappings, 0, () -> NOW)) {
            Connector connector = connector("hmac", simulator);
            Request built = new Request(
                    "POST",
                    URI.create(simulator.url("hmac") + "/people"),
                    Map.of("X-App", "serai", "Content-Type", "application/octet-stream"),
                    new byte[] {(byte) 0xff, 0, 7});
            Request signed = connector.signIn().sign(built, new Auth.Moment(NOW, "n"));
            Request other = new Request("POST", signed.url(), signed.headers(), new byte[] {(byte) 0xfe, 0, 7});

            assertThat(status(other)).isEqualTo(401);
            assertThat(status(signed)).as("let in, and of no use").isEqualTo(415);
        }
    }

    @Test
    void nothingIsAskedForATokenButTheSimulator() throws IOException {
        Path connector = folder("elsewhere", KINDS.get("client-basic")).resolve("connector.yaml");
        Files.writeString(
                connector,
                Files.readString(connector)
                        .replace("{{elsewhere.login-url:https://login.example}}", "https://login.example"));

        try (var own = new Suite(mappings)) {
            assertThat(own.test("elsewhere").failures())
                    .extracting(Problem::text)
                    .contains(
                            "sign-in, call: elsewhere: its token is asked for at https://login.example and not at the"
                                    + " simulator; make that address a setting, as in \"{{elsewhere.login-url:https://login.example}}\"");
        }
    }

    @Test
    void aServiceUserOfSalesforceIsTriedOnItsSimulatorAsTheGuideHasIt() throws IOException {
        Path salesforce = Files.createDirectories(mappings.resolve("salesforce"));
        Path service = Files.createDirectories(mappings.resolve("salesforce-service"));
        Path shipped = Path.of("mappings/salesforce");
        Files.createDirectories(salesforce.resolve("tables"));
        try (Stream<Path> files = Files.walk(shipped)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, salesforce.resolve(shipped.relativize(file).toString()));
            }
        }
        for (String copied : List.of("simulator.yaml", "contract.json", "examples.yaml")) {
            Files.copy(salesforce.resolve(copied), service.resolve(copied));
        }
        String guide = Files.readString(Path.of("docs/connections.md"), StandardCharsets.UTF_8);
        int at = guide.indexOf("connector: salesforce-service");
        Files.writeString(service.resolve("connector.yaml"), guide.substring(at, guide.indexOf("```", at)));

        try (var own = new Suite(mappings)) {
            Report report = own.test("salesforce-service");

            assertThat(report.failures()).isEmpty();
            assertThat(report.rows()).extracting(Report.Row::name).contains("sign-in", "contacts", "upsert_contacts");
        }
    }
}
