package dev.serai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.alert.Alert;
import dev.serai.simulator.Fault;
import dev.serai.store.ApiTokens;
import dev.serai.store.ByHand;
import dev.serai.store.FlowSwitches;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The API over real HTTP, on a hub with a flow that fails when its vendor does. */
class ApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Map<Role, String> TOKENS = new HashMap<>();

    private static final AtomicInteger strangers = new AtomicInteger();
    /** From where all come who have no token; from elsewhere each time while it is empty. */
    private static String stranger = "";

    @TempDir
    private static Path folder;

    private static TestHub hub;

    @BeforeAll
    static void start() throws SQLException {
        var files = new TestFolders(folder).flow("told", """
                - route:
                    id: told
                    routeConfigurationId: write
                    from:
                      uri: event:customer.converted
                      steps:
                        - setBody: { id: words, simple: '{"channel":"${body[customer][company]}","text":"a customer"}' }
                        - to: { id: tell, uri: "connector:slack/post_message" }
                """);
        files.flow("told-anew", """
                - route:
                    id: told-anew
                    routeConfigurationId: write
                    from:
                      uri: event:customer.converted?replaces=told
                      steps:
                        - setBody: { id: words-anew, simple: '{"channel":"sales","text":"a customer"}' }
                """);
        files.flow("written", """
                - route:
                    id: written
                    routeConfigurationId: write
                    from:
                      uri: event:contact.updated
                      steps:
                        - to: { id: to-contact, uri: "mapping:crm/contact-to-contact", parameters: { country: "DE" } }
                        - to: { id: to-member, uri: "mapping:mailchimp/contact-to-member" }
                """);
        var settings = files.settings();
        settings.put("serai.http.trusted-proxies", "127.0.0.1");
        settings.put("serai.retry.attempts", "0");
        settings.put("serai.alerts.every", "200ms");
        settings.put("serai.secrets.key", "0f".repeat(32));
        settings.put("salesforce.client-id", "client");
        settings.put("salesforce.client-secret", "simulated");
        hub = TestHub.with(settings);
        for (Role role : Role.values()) {
            TOKENS.put(
                    role,
                    tokens().create("a-" + role.word(), role.word(), Optional.empty(), by())
                            .orElseThrow());
        }
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static ApiTokens tokens() {
        return new ApiTokens(hub.wiring().database().dataSource(), InstantSource.system());
    }

    private static ByHand by() {
        return new ByHand("ada", "a test");
    }

    @Test
    void afterTenWrongTokensAnAddressIsToldToWaitAndARightOneIsLetIn() {
        stranger = "192.0.2.77";
        try {
            int tries = 0;
            // a minute may end meanwhile
            while (call("serai_wrong", "GET", "/overview", "").status() == 401) {
                assertThat(++tries).isLessThanOrEqualTo(20);
            }
            assertThat(tries).isGreaterThanOrEqualTo(10);
            assertThat(call("", "GET", "/overview", "").status())
                    .as("guesses nothing")
                    .isEqualTo(401);
        } finally {
            stranger = "";
        }
        assertThat(call("serai_wrong", "GET", "/overview", "").status())
                .as("from elsewhere")
                .isEqualTo(401);
        assertThat(get("/overview").status()).isEqualTo(200);
    }

    @Test
    void whatARunWasCorrectedToIsShownAlsoWhenItIsDone() {
        hub.simulator().fault("slack", Fault.status(400));
        String run = becomes("dead", convert("corrected-1"));
        hub.simulator().clearFaults("slack");
        String patch = "[{\"op\":\"replace\",\"path\":\"/customer/email\",\"value\":\"grace@example.org\"}]";

        admin("POST", "/runs/resume", "{\"runs\":[\"" + run + "\"],\"patch\":" + patch + ",\"why\":\"moved\"}");
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                        get("/runs/" + run).body().path("state").asText())
                .isEqualTo("done"));

        JsonNode payload = get("/runs/" + run + "/payload").body();
        assertThat(payload.path("corrected").asBoolean()).isTrue();
        assertThat(payload.at("/json/customer/email").asText()).isEqualTo("grace@example.org");
        hub.column("UPDATE audit SET patch = '[]' WHERE run_id = " + run.substring(2) + " RETURNING 1");
        JsonNode forgotten = get("/runs/" + run + "/payload").body();
        assertThat(forgotten.path("unsure").asText()).contains("not kept any more");
        assertThat(forgotten.at("/json/customer/email").asText()).isEqualTo("ada@example.com");
    }

    @Test
    void aViewerSeesNoNameThatAVendorRepeats() {
        hub.simulator().fault("slack", Fault.status(400));
        String receipt = convert("repeated-1");
        String run = becomes("dead", receipt);
        hub.simulator().clearFaults("slack");
        String told = "Contact ADA@example.com of Analytical Engines is archived, call 030 901820";
        hub.column(
                "UPDATE event SET payload = convert_to('{\"customer\":{\"company_name\":\"Analytical Engines\"}}', 'UTF8')"
                        + " WHERE id = " + receipt.substring(2) + " RETURNING 1");
        hub.column("UPDATE open_run SET reason = '" + told + "' WHERE id = " + run.substring(2) + " RETURNING 1");
        hub.column("UPDATE attempt SET reason = '" + told + "' WHERE run_id = " + run.substring(2) + " RETURNING 1");

        for (String path : List.of(
                "/runs/" + run,
                "/runs/" + run + "/attempts",
                "/runs?state=dead",
                "/events/" + receipt,
                "/receipts/" + receipt)) {
            assertThat(call(TOKENS.get(Role.VIEWER), "GET", path, "").body().toString())
                    .as(path)
                    .contains("Contact A***@e*** of A*** is archived, call 0***")
                    .doesNotContain("Analytical", "901820");
            assertThat(get(path).body().toString()).as(path).contains(told);
        }
        admin("POST", "/runs/discard", "{\"runs\":[\"" + run + "\"],\"why\":\"a test\"}");
    }

    @Test
    void aViewerSeesNoNameThatACorrectionBroughtInNorOneThatTheNextTookOut() {
        hub.simulator().fault("slack", Fault.status(400));
        String receipt = convert("brought-in-1");
        String run = becomes("dead", receipt);
        for (String name : List.of("Brunhilde", "Ermintrude")) {
            String patch = "[{\"op\":\"add\",\"path\":\"/customer/contact_name\",\"value\":\"" + name + "\"}]";
            int tried = get("/runs/" + run + "/attempts").body().path("items").size();
            admin("POST", "/runs/resume", "{\"runs\":[\"" + run + "\"],\"patch\":" + patch + ",\"why\":\"it is she\"}");
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                JsonNode seen = get("/runs/" + run).body();
                assertThat(seen.path("attempts")).hasSizeGreaterThan(tried);
                assertThat(seen.path("state").asText()).isEqualTo("dead");
            });
        }
        hub.simulator().clearFaults("slack");
        String told = "Neither Brunhilde nor Ermintrude is known";
        hub.column("UPDATE open_run SET reason = '" + told + "' WHERE id = " + run.substring(2) + " RETURNING 1");
        hub.column("UPDATE attempt SET reason = '" + told + "' WHERE run_id = " + run.substring(2) + " RETURNING 1");

        for (String path : List.of(
                "/runs/" + run,
                "/runs/" + run + "/attempts",
                "/runs?state=dead",
                "/dead-letters?state=dead",
                "/events/" + receipt,
                "/receipts/" + receipt,
                "/search?q=" + receipt)) {
            assertThat(call(TOKENS.get(Role.VIEWER), "GET", path, "").body().toString())
                    .as(path)
                    .contains("Neither B*** nor E*** is known")
                    .doesNotContain("Brunhilde", "Ermintrude");
            assertThat(get(path).body().toString()).as(path).contains(told);
        }
        admin("POST", "/runs/discard", "{\"runs\":[\"" + run + "\"],\"why\":\"a test\"}");
    }

    @Test
    void whereThereIsNoPayloadAViewerSeesOfAVendorsWordsNoMoreThanACode() {
        hub.simulator().fault("slack", Fault.status(400));
        List<String> runs = Stream.of("archived", "unknown")
                .map(id -> becomes("dead", convert(id)))
                .toList();
        hub.simulator().clearFaults("slack");
        List<String> said = List.of(
                "slack answered 400: Contact Ada Lovelace is archived; renew it", "slack answered 400: user_not_found");
        for (int i = 0; i < runs.size(); i++) {
            hub.column("UPDATE open_run SET reason = '" + said.get(i) + "' WHERE id = "
                    + runs.get(i).substring(2) + " RETURNING id");
        }
        hub.column(
                "INSERT INTO alert (name, key, rule, signal, state, severity, since, seen_at, resolved_at, count, body)"
                        + " VALUES ('a_of_people', 'k', 'r', 'breaker_open', 'resolved', 'info', now(), now(), now(), 1,"
                        + " '{\"reason\":\"" + said.get(0) + "\",\"pattern\":\"" + said.get(0)
                        + "\"}') RETURNING name");

        for (String path :
                List.of("/dead-letters?flow=told", "/alerts?state=resolved", "/alerts/a_of_people", "/digest")) {
            String seen = call(TOKENS.get(Role.VIEWER), "GET", path, "").body().toString();
            assertThat(seen).as(path).doesNotContain("Lovelace");
            if (!path.equals("/digest")) { // which tells of the most frequent
                assertThat(seen).as(path).containsPattern("slack answered (N|400): …");
                assertThat(get(path).body().toString()).as(path).contains("Ada Lovelace is archived");
            }
        }
        assertThat(call(TOKENS.get(Role.VIEWER), "GET", "/dead-letters?flow=told", "")
                        .body()
                        .toString())
                .contains("slack answered N: user_not_found");
        admin("POST", "/runs/discard", "{\"runs\":[\"" + String.join("\",\"", runs) + "\"],\"why\":\"a test\"}");
    }

    @Test
    void aViewerCannotSpellANameByAFilter() {
        for (String list : List.of("/runs", "/dead-letters")) {
            for (String word : List.of("reason", "pattern")) {
                Reply refused = call(TOKENS.get(Role.VIEWER), "GET", list + "?" + word + "=a", "");

                assertThat(refused.status()).isEqualTo(403);
                assertThat(refused.detail())
                        .isEqualTo(word + " looks through what vendors said, people included, and takes the role"
                                + " operator; the token of a-viewer has viewer: narrow it by flow, step, connection or"
                                + " record");
                assertThat(call(TOKENS.get(Role.OPERATOR), "GET", list + "?" + word + "=a", "")
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void whatNoTextOfTheDatabaseCanHoldIsRefusedWithItsPlaceAndNothingIsDone() {
        for (String path : List.of(
                "/runs?flow=%00",
                "/runs?pattern=a%00",
                "/events?type=%00",
                "/audit?who=%00",
                "/search?q=%00x",
                "/dead-letters?step=%00")) {
            Reply refused = get(path);
            String word = path.replaceAll(".*\\?(.*)=.*", "$1");
            assertThat(refused.status()).as(path).isEqualTo(400);
            assertThat(refused.detail())
                    .isEqualTo(word + " has the character U+0000 in it, which no text here may have; leave it out");
        }
        for (String path : List.of("/stream/crm/a%00b", "/connection/crm%00", "/alert/a%00")) {
            Reply refused = get(path.replaceFirst("/([a-z]+)/", "/$1s/"));
            assertThat(refused.status()).as(path).isEqualTo(400);
            assertThat(refused.detail()).startsWith(path.split("/")[1] + " has the character U+0000 in it");
        }
        assertThat(admin("POST", "/runs/discard", "{\"all\":true,\"why\":\"x\\u0000\"}")
                        .detail())
                .startsWith("why has the character U+0000 in it");
        assertThat(admin("POST", "/runs/discard", "{\"filter\":{\"flow\":\"\\u0000\"},\"why\":\"x\"}")
                        .detail())
                .startsWith("filter.flow has the character U+0000 in it");
    }

    @Test
    void whatAFlowGivesAMappingIsNotMadeUpByAPreview() {
        hub.crm("{\"id\":\"p1\",\"updated_at\":\"2026-11-21T10:00:01Z\",\"properties\":{\"email\":\"a@example.com\"}}");
        var run = new String[1];
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            JsonNode items = get("/runs?flow=written").body().path("items");
            assertThat(items).isNotEmpty();
            run[0] = items.at("/0/run").asText();
        });

        JsonNode preview = admin("POST", "/runs/" + run[0] + "/preview", "{}").body();

        assertThat(preview.path("tried")).isEmpty();
        assertThat(preview.path("not_tried").findValuesAsText("mapping"))
                .containsExactly("crm/contact-to-contact", "mailchimp/contact-to-member");
        assertThat(preview.at("/not_tried/0/why").asText())
                .isEqualTo("the flow gives crm/contact-to-contact country, which is known when it runs");
    }

    /** What came back. */
    private record Reply(int status, JsonNode body) {
        String detail() {
            return body.path("detail").asText();
        }
    }

    private static Reply call(String token, String method, String path, String body) {
        var request = HttpRequest.newBuilder(URI.create(hub.url(Api.BASE + path)))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (!TOKENS.containsValue(token)) { // of somebody else each time: wrong tokens are counted
            int n = strangers.incrementAndGet();
            request.header("X-Forwarded-For", stranger.isEmpty() ? "198.18." + n / 250 + "." + n % 250 : stranger);
        }
        try {
            HttpResponse<String> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Reply(answer.statusCode(), JSON.readTree(answer.body()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Reply admin(String method, String path, String body) {
        return call(TOKENS.get(Role.ADMIN), method, path, body);
    }

    private static Reply get(String path) {
        return admin("GET", path, "");
    }

    static Stream<Operation> operations() {
        return ApiParts.operations().stream();
    }

    /** Calls operations and notes which; each answer must be what the document says. */
    private static final class Tour {
        private static final String SOMEBODY = "@example.com";

        private final Set<String> visited = new TreeSet<>();
        /** Whether there was anybody whom a viewer must not see. */
        private boolean people;

        JsonNode call(String id, String path, String body) {
            Operation operation =
                    operations().filter(o -> o.id().equals(id)).findFirst().orElseThrow();
            Reply reply = admin(operation.route().method(), path, body);
            assertThat(reply.status()).as(id + ": " + reply.body()).isBetween(200, 201);
            assertThat(misfits(operation.answers(), reply.body()))
                    .as(id + ": " + reply.body())
                    .isEmpty();
            visited.add(id);
            people |= reply.body().toString().contains(SOMEBODY);
            if (operation.route().method().equals("GET") && operation.role() == Role.VIEWER) {
                Reply seen = ApiTest.call(TOKENS.get(Role.VIEWER), "GET", path, "");
                assertThat(seen.status()).as(id).isEqualTo(200);
                assertThat(seen.body().toString()).as(id).doesNotContain(SOMEBODY);
            }
            return reply.body();
        }

        private static java.util.List<com.networknt.schema.Error> misfits(String schema, JsonNode answer) {
            ObjectNode document = JSON.createObjectNode().put("$ref", "#/components/schemas/" + schema);
            document.putObject("components").set("schemas", OpenApi.schemas());
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(document)
                    .validate(answer);
        }
    }

    @Test
    void everyOperationAnswersAsItsDocumentSays() {
        var tour = new Tour();
        hub.simulator().fault("slack", Fault.status(400).times(3));
        String receipt = convert("tour-1");
        String dead = becomes("dead", receipt);
        String given = becomes("dead", convert("tour-2"));
        becomes("dead", convert("tour-3"));
        hub.simulator().fault("slack", Fault.drop().times(20));
        String doubted = becomes("in_doubt", convert("tour-4"));
        hub.simulator().clearFaults("slack");

        assertThat(tour.call("show_overview", "/overview", "").path("dead").asInt())
                .isGreaterThanOrEqualTo(3);
        assertThat(tour.call("list_flows", "/flows", "").path("items").findValuesAsText("flow"))
                .contains("told");
        assertThat(tour.call("search", "/search?q=" + receipt, "").path("events"))
                .hasSize(1);
        assertThat(tour.call("explain_field", "/why?q=" + receipt + "&field=phone", "")
                        .path("items"))
                .isEmpty();
        assertThat(tour.call("export_person", "/export?q=" + receipt, "")
                        .at("/events/0/json/event_id")
                        .asText())
                .isEqualTo("tour-1");
        String nobody = "{\"identifiers\":[\"nobody@example.com\"],\"why\":\"asked for\"";
        await().pollDelay(Duration.ZERO)
                .untilAsserted(() -> assertThat(tour.call("erase_person", "/erasures", nobody + ",\"dry_run\":true}")
                                .path("events")
                                .asInt(-1))
                        .isZero());
        String erasure = tour.call("erase_person", "/erasures", nobody + "}")
                .path("erasure")
                .asText();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(tour.call("show_erasure", "/erasures/" + erasure, "")
                                .at("/certificate/certificate")
                                .asText())
                        .isEqualTo(erasure));
        tour.call("list_erasures", "/erasures", "");
        certificates(tour, erasure);
        assertThat(tour.call("show_flow", "/flows/told", "").at("/steps/1/what").asText())
                .isEqualTo("slack/post_message");
        tour.call("switch_flow", "/flows/told/switch", "{\"state\":\"paused\",\"why\":\"a test\"}");
        cancelAndReplay(tour, dead);
        tour.call("switch_flow", "/flows/told/switch", "{\"state\":\"on\",\"why\":\"a test\"}");
        tour.call("share_flow", "/flows/told-anew/canary", "{\"share\":0,\"why\":\"a test\"}");
        hub.column("INSERT INTO cursor (connection, stream, value) VALUES ('crm', 'people', '7') RETURNING value");
        assertThat(tour.call("list_sources", "/sources", "").path("items").findValuesAsText("source"))
                .contains("api");
        assertThat(tour.call("list_streams", "/streams", "")
                        .at("/items/0/cursor")
                        .asText())
                .isEqualTo("7");
        tour.call("show_stream", "/streams/crm/people", "");
        tour.call("set_stream", "/streams/crm/people/cursor", "{\"cursor\":\"3\",\"dry_run\":true}");
        assertThat(hub.column("SELECT value FROM cursor")).containsExactly("7");
        tour.call("set_stream", "/streams/crm/people/cursor", "{\"cursor\":\"3\",\"why\":\"two days are missing\"}");
        assertThat(hub.column("SELECT value FROM cursor")).containsExactly("3");
        tour.call("list_drift", "/drift?all=true", "");
        hub.column("INSERT INTO drift (source, type, kind, path, event_id, since, found_at)"
                + " VALUES ('crm', 't', 'new', 'x', 1, now(), now()) RETURNING 1");
        String drift =
                tour.call("list_drift", "/drift", "").at("/items/0/drift").asText();
        tour.call("show_drift", "/drift/" + drift, "");
        assertThat(tour.call(
                                "accept_drift",
                                "/drift/accept",
                                "{\"drifts\":[\"" + drift + "\"],\"why\":\"their version 3\"}")
                        .path("accepted")
                        .asInt())
                .isEqualTo(1);
        assertThat(tour.call("list_settings", "/settings", "").toString())
                .contains("serai.retry.attempts", "\"from\":\"flag\"")
                .doesNotContain(TestHub.API_KEY);
        assertThat(tour.call("list_events", "/events?type=customer.converted&limit=2", "")
                        .path("items"))
                .hasSize(2);
        assertThat(tour.call("show_event", "/events/" + receipt, "")
                        .at("/runs/0/state")
                        .asText())
                .isEqualTo("dead");
        assertThat(tour.call("show_event_payload", "/events/" + receipt + "/payload", "")
                        .at("/json/event_id")
                        .asText())
                .isEqualTo("tour-1");
        assertThat(tour.call("list_runs", "/runs?state=dead&flow=told", "")
                        .path("items")
                        .findValuesAsText("run"))
                .contains(dead, given);
        assertThat(tour.call("show_run", "/runs/" + dead, "").path("attempts")).isNotEmpty();
        assertThat(tour.call("list_steps", "/runs/" + dead + "/steps", "").path("items"))
                .hasSize(1);
        assertThat(tour.call("list_attempts", "/runs/" + dead + "/attempts", "").path("items"))
                .isNotEmpty();
        tour.call("show_receipt", "/receipts/" + receipt, "");
        assertThat(tour.call("list_doubts", "/in-doubt", "").at("/items/0/run").asText())
                .isEqualTo(doubted);
        tour.call("show_run_payload", "/runs/" + dead + "/payload", "");
        assertThat(tour.call("preview_run", "/runs/" + dead + "/preview", "{}").path("tried"))
                .as("told has no mapping")
                .isEmpty();
        assertThat(tour.call("list_dead_letters", "/dead-letters?state=dead", "")
                        .at("/patterns/0/runs")
                        .asInt())
                .isGreaterThanOrEqualTo(3);
        assertThat(tour.call("show_doubt", "/runs/" + doubted + "/doubt", "")
                        .path("step")
                        .asText())
                .isEqualTo("tell");
        alerts(tour);
        systems(tour, doubted);
        JsonNode capsule = tour.call("show_capsule", "/runs/" + dead + "/capsule", "");
        assertThat(capsule.at("/calls/0/answer/status").asInt()).isEqualTo(400);
        assertThat(capsule.at("/calls/0/request/method").asText()).isEqualTo("POST");
        assertThat(capsule.toString())
                .doesNotContain("ada@example.com", hub.simulator().secret("slack"), "Lovelace");
        mappingTest(tour);
        tour.call("settle_run", "/runs/" + doubted + "/settle", "{\"outcome\":\"done\",\"why\":\"Slack shows it\"}");
        JsonNode cost = tour.call("resume_runs", "/runs/resume", "{\"filter\":{\"flow\":\"told\"},\"dry_run\":true}")
                .at("/cost/0");
        assertThat(cost.path("connection").asText()).isEqualTo("slack");
        assertThat(cost.path("calls").asInt()).isGreaterThanOrEqualTo(3);
        assertThat(cost.path("limit").asInt()).isPositive();
        tour.call("resume_runs", "/runs/resume", "{\"runs\":[\"" + dead + "\"],\"why\":\"mended\"}");
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                        get("/runs/" + dead).body().path("state").asText())
                .isEqualTo("done"));
        tour.call("discard_runs", "/runs/discard", "{\"runs\":[\"" + given + "\"],\"why\":\"not needed\"}");
        tour.call("list_mappings", "/mappings", "");
        JsonNode tried = tour.call(
                "try_mapping",
                "/mappings/mailchimp/contact-to-member/try",
                "{\"record\":{\"email\":\" Ada@Example.com\"}}");
        assertThat(tried.at("/result/email_address").asText()).isEqualTo("ada@example.com");
        tour.call("list_troubled_connections", "/connections/troubled", "");
        await().untilAsserted(() -> assertThat(
                        get("/connections/slack").body().path("error_percent").asDouble())
                .isPositive());
        assertThat(tour.call("show_connection", "/connections/slack", "")
                        .path("state")
                        .asText())
                .isEqualTo("fine");
        assertThat(tour.call("list_connections", "/connections", "")
                        .path("items")
                        .findValuesAsText("connection"))
                .contains("slack", "mailchimp");
        assertThat(tour.call("check_connection", "/connections/mailchimp/check", "")
                        .path("words")
                        .asText())
                .isNotEmpty();
        tour.call("list_polls", "/polls", "");
        assertThat(tour.call("forecast", "/forecast?records=1000&flow=told", "")
                        .at("/items/0/connection")
                        .asText())
                .isEqualTo("slack");
        assertThat(get("/forecast?records=1000&write=slack/post_mesage").detail())
                .contains("write: slack/post_mesage: slack has", "post_message");
        assertThat(get("/forecast?records=many&flow=told").detail()).contains("records: many");
        tour.call("show_connection_history", "/connections/slack/history?since=1h", "");
        assertThat(tour.call("list_quotas", "/quotas", "").path("items").findValuesAsText("connection"))
                .contains("slack");
        hub.column("INSERT INTO breaker (connection, operation, state, since, until) VALUES"
                + " ('x', 'a', 'open', now(), now() + interval '1 h'), ('x', 'b', 'open', now(), now() + interval '1 h')"
                + " RETURNING 1");
        assertThat(tour.call("list_breakers", "/breakers", "").path("items")).hasSize(2);
        tour.call("try_breaker", "/breakers/x/a/try", "{\"why\":\"they are back\"}");
        tour.call("close_breaker", "/breakers/x/b/close", "{\"why\":\"they are back\"}");
        assertThat(hub.column(
                        "SELECT state || (until <= now()) FROM breaker WHERE connection = 'x' AND until IS NOT NULL"
                                + " UNION SELECT state FROM breaker WHERE operation = 'b'"))
                .containsExactlyInAnyOrder("opentrue", "closed");
        JsonNode link = tour.call("reconnect_connection", "/connections/salesforce/reconnect", "");
        assertThat(link.path("open").asText()).startsWith(hub.url("/connections/salesforce/connect?once="));
        assertThat(link.path("callback").asText()).isEqualTo(hub.url("/oauth/callback"));
        tour.call("resume_connection", "/connections/slack/resume", "{\"why\":\"back\"}");
        tour.call("create_token", "/tokens", "{\"token\":\"short-lived\",\"role\":\"viewer\",\"expires_in\":\"1h\"}");
        tour.call("list_tokens", "/tokens", "");
        tour.call("revoke_token", "/tokens/short-lived", "");
        JsonNode audit = tour.call("list_audit", "/audit", "");
        assertThat(audit.path("items").findValuesAsText("who")).contains("a-admin");

        assertThat(tour.people).isTrue();
        assertThat(tour.visited)
                .isEqualTo(operations().map(Operation::id).collect(Collectors.toCollection(TreeSet::new)));
    }

    private static void systems(Tour tour, String doubted) {
        String asked = get("/runs/" + doubted).body().at("/event/receipt").asText();
        JsonNode row = tour.call("show_systems", "/systems?q=" + asked, "").at("/records/0/systems/0");
        assertThat(row.path("connection").asText()).isEqualTo("slack");
        assertThat(row.path("state").asText()).isEqualTo("in_doubt");
        String repair = row.at("/repair/repair").asText();
        assertThat(repair).startsWith("settle:" + doubted + ":");
        String order = "{\"q\":\"" + asked + "\",\"repair\":\"" + repair + "\",\"dry_run\":true}";
        assertThat(tour.call("repair_system", "/systems/repair", order)
                        .path("words")
                        .asText())
                .startsWith("look at slack for post_message");
    }

    private static void mappingTest(Tour tour) {
        hub.column("""
                WITH e AS (INSERT INTO event (id, source, type, key, record, payload) VALUES (200000, 'crm', 't', 'k', 'contact:t',
                             '{"id":"t","updated_at":"2026-11-21T10:00:02Z","properties":{"email":"grace at home"}}') RETURNING id)
                INSERT INTO open_run (id, event_id, flow, lane, state, holds, finished_at, reason)
                SELECT 200000, id, 'gone', 'gone 1', 'dead', false, now(),
                       'mapping crm/contact-to-contact refused the record: email: is no address' FROM e RETURNING 1""");
        JsonNode test = tour.call("show_mapping_test", "/runs/r_200000/mapping-test", "");
        assertThat(test.path("mapping").asText()).isEqualTo("crm/contact-to-contact");
        assertThat(test.path("test").asText()).startsWith("  - name:").doesNotContain("grace");
        hub.column("DELETE FROM open_run WHERE id = 200000 RETURNING 1");
    }

    private static void certificates(Tour tour, String erasure) {
        String held = get("/erasures/" + erasure).body().path("certificate").toPrettyString();
        for (String each : List.of(held, held.replace("asked for", "not asked for"), "{}")) {
            JsonNode checked = tour.call("check_certificate", "/certificates/check", "{\"certificate\":" + each + "}");
            assertThat(checked.path("genuine").asBoolean()).as(each).isEqualTo(each.equals(held));
        }
        assertThat(admin("POST", "/certificates/check", "{\"certificate\":\"f_7\"}")
                        .status())
                .isEqualTo(400);
    }

    /** While the flow is paused. */
    private static void cancelAndReplay(Tour tour, String dead) {
        await().until(() -> hub.wiring().hub().flowState("told") == FlowSwitches.State.PAUSED);
        String receipt = convert("tour-5");
        JsonNode would = tour.call("cancel_runs", "/runs/cancel", "{\"filter\":{\"flow\":\"told\"},\"dry_run\":true}");
        assertThat(would.path("cancelled").asInt()).isEqualTo(1);
        assertThat(would.at("/waiting/0/flow").asText()).isEqualTo("told");
        String waiting = would.at("/waiting/0/oldest").asText();
        JsonNode done = tour.call(
                "cancel_runs",
                "/runs/cancel",
                "{\"runs\":[\"" + waiting + "\",\"" + dead + "\"],\"why\":\"sent by mistake\"}");
        assertThat(done.path("cancelled").asInt()).isEqualTo(1);
        assertThat(done.at("/refused/0/why").asText()).contains("it is dead; only runs that wait");
        assertThat(get("/runs/" + waiting).body().path("state").asText()).isEqualTo("done");
        assertThat(get("/runs/" + waiting).body().path("reason").asText())
                .isEqualTo("cancelled by a-admin: sent by mistake");
        assertThat(get("/runs/" + waiting).body().at("/by_hand/0/what").asText())
                .isEqualTo("cancel");

        String again = "{\"flow\":\"told\",\"events\":[\"" + receipt + "\"]";
        JsonNode tried = tour.call("replay_events", "/events/replay", again + ",\"dry_run\":true}");
        assertThat(tried.path("events")).hasSize(1);
        assertThat(tried.path("again").asInt()).isEqualTo(1);
        assertThat(tried.path("runs")).isEmpty();
        JsonNode replayed = tour.call("replay_events", "/events/replay", again + ",\"why\":\"it was right\"}");
        String fresh = replayed.at("/runs/0").asText();
        assertThat(fresh).isNotEqualTo(waiting);
        assertThat(get("/runs/" + fresh).body().at("/by_hand/0/what").asText()).isEqualTo("replay");
        assertThat(admin("POST", "/events/replay", again + ",\"unless_since\":\"now\",\"why\":\"x\"}")
                        .detail())
                .contains("unless_since: write asked_at");
        assertThat(tour.call("replay_events", "/events/replay", again + ",\"why\":\"once more\"}")
                        .path("open")
                        .asInt())
                .isEqualTo(1);
        tour.call("cancel_runs", "/runs/cancel", "{\"runs\":[\"" + fresh + "\"],\"why\":\"enough\"}");
        assertThat(admin("POST", "/events/replay", "{\"flow\":\"told\",\"filter\":{},\"dry_run\":true}")
                        .detail())
                .contains("\"since\" or \"record\"");
        assertThat(admin("POST", "/events/replay", "{\"flow\":\"tld\",\"events\":[\"e_1\"],\"dry_run\":true}")
                        .detail())
                .contains("did you mean \"told\"?");
    }

    private static void alerts(Tour tour) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                        get("/alerts").body().path("items").findValuesAsText("signal"))
                .contains("repeated_pattern", "in_doubt"));
        JsonNode open = tour.call("list_alerts", "/alerts", "");
        String alert = open.at("/items/0/alert").asText();
        assertThat(tour.call("show_alert", "/alerts/" + alert, "")
                        .at("/facts/flow")
                        .asText())
                .isEqualTo("told");
        tour.call("acknowledge_alert", "/alerts/" + alert + "/acknowledge", "{\"why\":\"I see to it\"}");
        JsonNode silent =
                tour.call("silence_alert", "/alerts/" + alert + "/silence", "{\"for\":\"4h\",\"why\":\"a test\"}");
        assertThat(silent.path("acknowledged_by").asText()).isEqualTo("a-admin");
        assertThat(admin("POST", "/alerts/" + alert + "/silence", "{\"for\":\"ever\",\"why\":\"x\"}")
                        .detail())
                .contains("write 30m, 4h or 7d");
        assertThat(get("/alerts/a_none").status()).isEqualTo(404);
        assertThat(tour.call("show_digest", "/digest", "").path("text").asText())
                .contains("Dead letters now, by pattern:");
        assertThat(tour.call("show_runbook", "/runbooks/validation", "")
                        .path("markdown")
                        .asText())
                .startsWith("# ");
        assertThat(get("/runbooks/nothing").status()).isEqualTo(404);
    }

    @Test
    void theDigestNamesTokensToAdminsOnly() {
        JsonNode seen = call(TOKENS.get(Role.VIEWER), "GET", "/digest", "").body();
        JsonNode full = get("/digest").body();

        assertThat(full.path("access").findValuesAsText("token")).contains("a-viewer", "a-admin");
        assertThat(full.path("text").asText()).contains("a-viewer (viewer)");
        assertThat(seen.path("tokens_used").asInt()).isGreaterThanOrEqualTo(1);
        assertThat(seen.has("access")).isFalse();
        assertThat(seen.path("text").asText()).doesNotContain("a-viewer (viewer)");
    }

    @Test
    void aPageOfAlertsGoesOnWhereTheOneBeforeEnded() {
        List<String> keys = List.of("one", "two", "three", "four", "five");
        for (String key : keys) {
            hub.column(
                    "INSERT INTO alert (name, key, rule, signal, state, severity, since, seen_at, resolved_at, count, body)"
                            + " SELECT '" + Alert.name(key) + "', '" + key
                            + "', 'r', 'lag', 'resolved', 'info', t, t, t, 1, '{}'"
                            + " FROM (SELECT date_trunc('hour', now()) AS t) one RETURNING name");
        }
        var names = new ArrayList<String>();
        String next = "";
        while (next != null) {
            JsonNode page = get("/alerts?limit=2&state=resolved&cursor=" + next).body();
            names.addAll(page.path("items").findValuesAsText("alert"));
            next = page.hasNonNull("next")
                    ? URLEncoder.encode(page.path("next").asText(), StandardCharsets.UTF_8)
                    : null;
        }

        assertThat(names)
                .doesNotHaveDuplicates()
                .containsAll(keys.stream().map(Alert::name).toList());
        assertThat(get("/alerts?cursor=x").detail()).contains("write \"next\" of the page before");
    }

    @ParameterizedTest
    @MethodSource("operations")
    void withoutATokenOfTheRoleNothingIsDone(Operation operation) {
        String path = operation.route().path().replaceAll("\\{\\w+}", "x");
        String method = operation.route().method();
        Role needed = RoleMatrix.roles().get(operation.id());

        assertThat(call("", method, path, "").status()).isEqualTo(401);
        assertThat(call("serai_not-a-token", method, path, "").status()).isEqualTo(401);
        assertThat(call(TestHub.API_KEY, method, path, "").status())
                .as("the key of the doors")
                .isEqualTo(401);
        for (Role role : Role.values()) {
            if (!role.allows(needed)) {
                Reply reply = call(TOKENS.get(role), method, path, "");
                assertThat(reply.status()).as(role.word()).isEqualTo(403);
                assertThat(reply.detail()).contains(needed.word());
            }
        }
    }

    /** No role has gone up either: who may do what is what people have agreed on. */
    @Test
    void eachOperationTakesTheRoleThatIsWrittenDown() {
        assertThat(operations().collect(Collectors.toMap(Operation::id, Operation::role)))
                .isEqualTo(RoleMatrix.roles());
    }

    @Test
    void callsThatMayGoOnPastAVendorsNoAreNotedAndAConnectionThatIsNotThereIsSaid() {
        hub.column(
                "INSERT INTO quota (connection, operation, state) SELECT 'stripe', '', jsonb_build_object('closed_until',"
                        + " (extract(epoch FROM now()) * 1000)::bigint + 3600000) RETURNING 1");

        Reply opened = admin("POST", "/connections/stripe/resume", "{\"why\":\"they raised it\"}");

        assertThat(opened.body().path("touched").asInt()).isEqualTo(1);
        JsonNode noted = get("/audit?about=stripe&action=resume").body().path("items");
        assertThat(noted).hasSize(1);
        assertThat(noted.at("/0/who").asText()).isEqualTo("a-admin");
        assertThat(noted.at("/0/why").asText()).isEqualTo("they raised it");
        assertThat(hub.column("SELECT state ->> 'closed_until' FROM quota WHERE connection = 'stripe'"))
                .containsExactly("0");
        Reply unknown = admin("POST", "/connections/strpe/resume", "{\"why\":\"x\"}");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.detail()).contains("there is no connection strpe", "stripe");
    }

    @Test
    void anAccountThatNobodyCanConnectIsSaidBeforeThereIsALink() {
        assertThat(admin("POST", "/connections/mailchimp/reconnect", "").detail())
                .contains("mailchimp is not connected by consent");
        assertThat(admin("POST", "/connections/zoho/reconnect", "").detail()).contains("zoho lacks", "set them first");
        assertThat(admin("POST", "/connections/salesfrce/reconnect", "").status())
                .isEqualTo(404);
    }

    @Test
    void whoIsForgottenIsWrittenDownAndErasedBehindTheAnswer() throws SQLException {
        try (var slow = hub.wiring().database().dataSource().getConnection();
                var statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute(
                    "INSERT INTO event (source, type, key, record, payload) VALUES ('crm', 't', 'k', 'contact:0', '')");

            Reply begun =
                    admin("POST", "/erasures", "{\"identifiers\":[\"nobody.else@example.com\"],\"why\":\"asked for\"}");

            assertThat(begun.status()).isEqualTo(200);
            assertThat(begun.body().path("state").asText())
                    .as("the index can't come to an event that is not committed")
                    .isEqualTo("open");
            slow.rollback();
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                            get("/erasures/" + begun.body().path("erasure").asText())
                                    .body()
                                    .path("state")
                                    .asText())
                    .isEqualTo("done"));
        }
    }

    @Test
    void aViewerSeesNobodyAndThatOthersDidIsNoted() {
        String receipt = convert("masked-1");
        String path = "/events/" + receipt + "/payload";

        Reply seen = call(TOKENS.get(Role.VIEWER), "GET", path, "");
        Reply open = call(TOKENS.get(Role.OPERATOR), "GET", path, "");

        assertThat(seen.body().toString())
                .doesNotContain("ada@example.com")
                .contains("a***@e***", "2026-11-21T09:00:00Z", "\"masked\":true");
        assertThat(open.body().at("/json/customer/email").asText()).isEqualTo("ada@example.com");
        assertThat(get("/audit").body().path("items").findValuesAsText("what"))
                .contains("saw the payload of " + receipt);
    }

    @Test
    void theAuditIsNarrowedAndReadPageByPageWithoutALoss() {
        hub.column("INSERT INTO audit (at, who, what) SELECT '2026-01-01T12:00:00Z', 'eve', 'try ' || n"
                + " FROM generate_series(1, 5) n RETURNING 1");
        var seen = new ArrayList<String>();
        String next = "";
        while (next != null) {
            JsonNode page = get("/audit?who=eve&action=try&since=2026-01-01&until=2026-01-02&limit=2&cursor=" + next)
                    .body();
            seen.addAll(page.path("items").findValuesAsText("what"));
            next = page.hasNonNull("next")
                    ? URLEncoder.encode(page.path("next").asText(), StandardCharsets.UTF_8)
                    : null;
        }

        assertThat(seen).containsExactly("try 5", "try 4", "try 3", "try 2", "try 1");
        assertThat(get("/audit?who=eve&cursor=2026-01-01T12:00:01Z").body().path("items"))
                .as("a cursor as it was before")
                .hasSize(5);
        assertThat(get("/audit?cursor=x").detail()).contains("write \"next\" of the page before");
        assertThat(get("/audit?since=yesterday").detail()).contains("since: yesterday: not a time");
    }

    @Test
    void viewersChangeNothing() {
        assertThat(operations().filter(o -> !o.route().method().equals("GET"))).allMatch(o -> o.role() != Role.VIEWER);
    }

    @Test
    void aListGoesOnWhereItEndedWhateverArrivesMeanwhile() {
        String first = convert("page-1");
        String second = convert("page-2");
        Reply page = get("/events?limit=1");
        convert("page-3");

        Reply next = get("/events?limit=1&cursor=" + page.body().path("next").asText());

        assertThat(page.body().at("/items/0/receipt").asText()).isEqualTo(second);
        assertThat(next.body().at("/items/0/receipt").asText()).isEqualTo(first);
    }

    @Test
    void whatDoesNotFitIsRefusedWithWhatToWrite() {
        assertThat(get("/runs?stat=dead").detail())
                .isEqualTo("there is no parameter \"stat\"; did you mean \"state\"?");
        assertThat(get("/runs?state=deed").detail()).contains("did you mean \"dead\"?");
        assertThat(get("/runs?limit=0").detail()).contains("from 1 to 500");
        assertThat(get("/runs?state=dead&state=done").detail()).contains("given twice");
        assertThat(get("/runs?cursor=yesterday").detail()).contains("\"next\" of the page before");
        assertThat(get("/runs/r_999999").status()).isEqualTo(404);
        assertThat(get("/runs/everything").status()).isEqualTo(404);
        assertThat(get("/nothing").status()).isEqualTo(404);
        assertThat(admin("PUT", "/runs", "").status()).isEqualTo(405);
        assertThat(admin("POST", "/runs/resume", "not json").detail()).contains("not a JSON object");
        assertThat(admin("POST", "/runs/resume", "").detail()).contains("a body is needed");
        assertThat(get("/mappings/mailchimp/contact-to-membr/try").status()).isEqualTo(405);
    }

    @Test
    void whatWouldTakeTooLongIsGivenUpWithAWordOfHowToNarrowIt() throws SQLException {
        try (var slow = hub.wiring().database().dataSource().getConnection();
                var statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute("LOCK TABLE done_run IN ACCESS EXCLUSIVE MODE");

            Reply reply = get("/runs?reason=typo");

            slow.rollback();
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.body().path("code").asText()).isEqualTo("too_much");
            assertThat(reply.detail())
                    .isEqualTo(
                            "that is too much to look through within 3 seconds; narrow it by flow, record, since, state");
        }
        assertThat(get("/runs?reason=typo").status()).isEqualTo(200);
    }

    @Test
    void alsoWhatCountsAndTriesDeadLettersHasAnEndAndWhatIsDoneHasNone() throws Exception {
        var people = Executors.newFixedThreadPool(3);
        try (var slow = hub.wiring().database().dataSource().getConnection();
                var statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute("LOCK TABLE step IN ACCESS EXCLUSIVE MODE");
            String filter = "{\"filter\":{\"connection\":\"nobody\"}";

            Future<Reply> count = people.submit(() -> get("/dead-letters?connection=nobody"));
            Future<Reply> trial = people.submit(() -> admin("POST", "/runs/resume", filter + ",\"dry_run\":true}"));
            Future<Reply> done = people.submit(() -> admin("POST", "/runs/discard", filter + ",\"why\":\"test\"}"));

            for (Future<Reply> look : List.of(count, trial)) {
                assertThat(look.get().status()).isEqualTo(503);
                assertThat(look.get().detail())
                        .startsWith("that is too much to look through within 3 seconds; narrow it by flow");
            }
            assertThat(done.isDone()).isFalse();
            slow.rollback();
            assertThat(done.get().status()).isEqualTo(200);
        } finally {
            people.shutdownNow();
        }
    }

    @Test
    void noOrderNamesMoreRunsThanItMayTakeUp() {
        String names = IntStream.rangeClosed(1, 10_001)
                .mapToObj(i -> "\"r_" + i + "\"")
                .collect(Collectors.joining(","));
        for (String deed : List.of("resume", "discard")) {
            Reply reply = admin("POST", "/runs/" + deed, "{\"runs\":[" + names + "],\"why\":\"x\"}");

            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.detail()).containsPattern("/runs must have at most 10.?000 items");
        }
    }

    @Test
    void aMisspeltDryRunIsNotTheRealThing() {
        Reply reply = admin("POST", "/runs/resume", "{\"filter\":{\"flow\":\"told\"},\"dryrun\":true,\"why\":\"x\"}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.detail()).contains("\"dryrun\"", "did you mean \"dry_run\"?");
    }

    @Test
    void nobodyChangesAnythingWithoutAReason() {
        assertThat(admin("POST", "/runs/resume", "{\"filter\":{\"flow\":\"told\"}}")
                        .detail())
                .contains("\"why\" is missing");
        assertThat(admin("POST", "/runs/resume", "{\"filter\":{\"flo\":\"told\"},\"why\":\"x\"}")
                        .detail())
                .contains("did you mean \"flow\"?");
        assertThat(admin("POST", "/runs/resume", "{\"why\":\"x\"}").detail()).contains("\"runs\"", "\"filter\"");
    }

    @Test
    void aTokenThatIsOverOrTakenBackOpensNothing() throws SQLException {
        String over = tokens().create("over", "admin", Optional.of(Instant.now().minusSeconds(1)), by())
                .orElseThrow();
        String taken = tokens().create("taken", "admin", Optional.empty(), by()).orElseThrow();
        assertThat(call(taken, "GET", "/overview", "").status()).isEqualTo(200);
        tokens().revoke("taken", by());

        assertThat(call(over, "GET", "/overview", "").status()).isEqualTo(401);
        assertThat(call(taken, "GET", "/overview", "").status()).isEqualTo(401);
    }

    @Test
    void ofATokenOnlyItsDigestIsKept() {
        String secret = TOKENS.get(Role.ADMIN);

        assertThat(hub.column("SELECT t::text FROM api_token t")).isNotEmpty().noneMatch(row -> row.contains(secret));
    }

    @Test
    void theDocumentIsThereForEverybodyAndNamesEveryOperation() {
        Reply document = call("", "GET", "/openapi.json", "");

        assertThat(document.status()).isEqualTo(200);
        assertThat(document.body().findValuesAsText("operationId"))
                .containsExactlyElementsOf(operations().map(Operation::id).toList());
        var schemas = new TreeSet<String>();
        document.body().at("/components/schemas").fieldNames().forEachRemaining(schemas::add);
        assertThat(document.body().findValuesAsText("$ref"))
                .allMatch(ref -> schemas.contains(ref.replace("#/components/schemas/", "")));
    }

    private static String convert(String id) {
        String body = "{\"event_id\":\"" + id + "\",\"occurred_at\":\"2026-11-21T09:00:00Z\",\"source\":\"shop\","
                + "\"customer\":{\"email\":\"ada@example.com\",\"company\":\"sales\"}}";
        return hub.post(
                        "/v1/events/customer.converted",
                        body.getBytes(),
                        Map.of("Authorization", "Bearer " + TestHub.API_KEY))
                .body()
                .path("receipt")
                .asText();
    }

    /** @return the name of its run, once it is in that state */
    private static String becomes(String state, String receipt) {
        await(receipt).atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                        get("/events/" + receipt).body().at("/runs/0/state").asText())
                .isEqualTo(state));
        return get("/events/" + receipt).body().at("/runs/0/run").asText();
    }
}
