package dev.serai.cli;

import static dev.serai.cli.Called.serai;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serai.TestHub;
import dev.serai.api.Role;
import dev.serai.store.ApiTokens;
import dev.serai.store.ByHand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands over real HTTP, with a token of each role; the hub is a whole one. */
class HubElsewhereTest {
    private static final String WHY = "--why=mended";
    private static final Map<Role, Path> TOKENS = new EnumMap<>(Role.class);

    @TempDir
    private static Path folder;

    private static TestHub hub;

    @BeforeAll
    static void start() throws SQLException, IOException {
        hub = TestHub.start();
        // what a look at the alerts finds must not come between two of the same questions
        hub.column("UPDATE alert_watch SET claimed_by = 'nobody', lease_until = 'infinity' RETURNING 1");
        var tokens = new ApiTokens(hub.wiring().database().dataSource(), InstantSource.system());
        for (Role role : Role.values()) {
            String token = tokens.create(
                            role.word() + "-elsewhere", role.word(), Optional.empty(), new ByHand("x", "x"))
                    .orElseThrow();
            TOKENS.put(role, Files.writeString(folder.resolve(role.word()), token + "\n"));
        }
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @BeforeEach
    void noRuns() {
        hub.column("DELETE FROM open_run RETURNING 1");
        hub.column("DELETE FROM done_run RETURNING 1");
        hub.column("DELETE FROM event RETURNING 1");
    }

    private static void dead(int runs) {
        hub.column("INSERT INTO event (id, received_at, source, type, key, record, payload)"
                + " SELECT 1000000 + i, now() - interval '3 d', 'crm', 't', 'k' || i, 'contact:' || i,"
                + " '{\"email\": \"ada@example.com\"}' FROM generate_series(1, " + runs + ") i RETURNING 1");
        hub.column(
                "INSERT INTO open_run (id, event_id, flow, lane, state, holds, step, reason, owner, created_at, finished_at)"
                        + " SELECT 1000000 + i, 1000000 + i, 'f', 'f ' || i, 'dead', false, 'enrol',"
                        + " 'order ' || i || ' is refused', 'config', now() - interval '3 d', now() - interval '3 d'"
                        + " FROM generate_series(1, " + runs + ") i RETURNING 1");
    }

    private static Called as(Role role, String... words) {
        return at(hub.url(""), role, words);
    }

    private static Called at(String url, Role role, String... words) {
        return serai(
                Map.of(
                        "serai.hub",
                        url,
                        "serai.hub.token-file",
                        TOKENS.get(role).toString()),
                words);
    }

    private static String token(Role role) {
        try {
            return Files.readString(TOKENS.get(role)).strip();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long waiting() {
        return Long.parseLong(hub.column("SELECT count(*) FROM open_run WHERE state = 'waiting'")
                .get(0));
    }

    /** Ages go on while a test runs. */
    private static String ageless(String text) {
        return text.replaceAll("\\d+ (s|min) ago", "a moment ago").replaceAll(" +", " ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "runs show r_1000001 --payload",
                "dead-letters list --grouped",
                "dead-letters resume --all --dry-run --patch [{\"op\":\"add\",\"path\":\"/c\",\"value\":1}]",
                "prove e_1000001",
                "capsule r_1000001 --into target/capsule-elsewhere",
                "capsule r_1000001 --write",
                "capsule r_999",
                "flows show lead-created",
                "flows show lead-creatde",
                "connections list",
                "streams set crm/people 3 --dry-run",
                "drift list",
                "digest",
                "forecast",
                "forget nobody@example.com",
                "audit --limit 3"
            })
    void theSameIsToldOverHttpAndBesideTheHub(String command) {
        dead(3);
        String[] words = command.split(" ");

        // who is to be forgotten is looked for when the index has come as far as what has arrived
        Called beside = await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .until(() -> serai(hub.settings(), words), told -> !told.err().contains("index of identifiers"));
        Called elsewhere = as(Role.ADMIN, words);

        assertThat(ageless(elsewhere.out())).isEqualTo(ageless(beside.out()));
        assertThat(elsewhere.err()).isEqualTo(beside.err());
        assertThat(elsewhere.code()).isEqualTo(beside.code());
        assertThat(beside.out() + beside.err()).isNotBlank();
    }

    @Test
    void aViewerListsAndSeesNobodyButResumesNothing() {
        dead(1);

        assertThat(as(Role.VIEWER, "dead-letters", "list").out()).contains("r_1000001", "order 1 is refused");
        Called shown = as(Role.VIEWER, "runs", "show", "r_1000001", "--payload");
        assertThat(shown.out())
                .contains("payload, application/json:", "a***@e***")
                .doesNotContain("ada@example.com");
        assertThat(as(Role.VIEWER, "capsule", "r_1000001").err()).startsWith("This takes the role operator");
        Called refused = as(Role.VIEWER, "dead-letters", "resume", "r_1000001", WHY);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .isEqualTo("This takes the role operator; the token of viewer-elsewhere has viewer.\n");
        assertThat(waiting()).isZero();
    }

    @Test
    void anOperatorResumesUnderTheNameOfTheTokenAndMakesNoTokens() {
        dead(1);

        assertThat(as(Role.OPERATOR, "tokens", "list").code()).isEqualTo(2);
        assertThat(as(Role.OPERATOR, "dead-letters", "resume", "r_1000001", WHY).out())
                .startsWith("r_1000001 is due again");
        assertThat(hub.column("SELECT who FROM audit WHERE what = 'resume'")).contains("operator-elsewhere");
        Called made = as(Role.ADMIN, "tokens", "create", "made-elsewhere", "--role", "viewer");
        assertThat(made.out()).startsWith("serai_");
        assertThat(as(Role.ADMIN, "tokens", "revoke", "made-elsewhere").code()).isZero();
    }

    @Test
    void aDeadRunBecomesAFolderOfThisMachine() throws IOException {
        dead(1);
        Path made = folder.resolve("from-afar");

        Called called = as(Role.OPERATOR, "capsule", "r_1000001", "--into", made.toString());

        assertThat(called.code()).as(called.err()).isZero();
        assertThat(called.out()).startsWith("r_1000001 of f stands in " + made);
        assertThat(Files.readString(made.resolve("event.json"))).doesNotContain("ada@example.com");
    }

    @Test
    void whatAMappingThereRefusedBecomesATestOfTheFileHere() throws IOException {
        dead(1);
        hub.column("UPDATE event SET payload = '{\"id\":\"t\",\"updated_at\":\"2026-11-21T10:00:02Z\",\"properties\":"
                + "{\"email\":\"grace at home\"}}' RETURNING 1");
        hub.column(
                "UPDATE open_run SET reason = 'mapping crm/contact-to-contact refused the record: email: is no address'"
                        + " RETURNING 1");
        Path mappings = Files.createDirectories(folder.resolve("here/crm")).getParent();
        String[] words = {"capsule", "r_1000001", "--write", "--mappings", mappings.toString()};

        assertThat(as(Role.OPERATOR, words).err())
                .isEqualTo("There is no " + mappings.resolve("crm/contact-to-contact.yaml")
                        + "; name the folder with --mappings, or add the test by hand.\n");
        Path file =
                Files.writeString(mappings.resolve("crm/contact-to-contact.yaml"), "tests:\n  - name: a\nnot: last\n");
        assertThat(as(Role.OPERATOR, words).err()).contains("do not stand at the end of its file");
        Files.writeString(file, "fields: {}\ntests:\n  - name: a");

        Called called = as(Role.OPERATOR, words);

        assertThat(called.code()).as(called.err()).isZero();
        assertThat(Files.readString(file)).startsWith("fields: {}\ntests:\n  - name: a\n" + called.out());
        assertThat(called.out())
                .startsWith("  - name: \"r_1000001 was refused: email:")
                .doesNotContain("grace");
    }

    @Test
    void aWholePayloadGoesAsItIsWrittenCharacterByCharacter() throws IOException {
        dead(1);
        Path file = Files.writeString(folder.resolve("new.json"), "{ \"n\": 1.50,\n  \"n2\": 2 }");

        as(Role.OPERATOR, "runs", "resume", "r_1000001", "--payload", file.toString(), WHY);

        assertThat(hub.column("SELECT convert_from(payload, 'UTF8') FROM open_run"))
                .containsExactly(Files.readString(file));
        assertThat(as(Role.OPERATOR, "runs", "show", "r_1000001", "--payload").out())
                .contains("payload as it was corrected:\n" + Files.readString(file), "mended; payload patched by [");
    }

    @Test
    void manyAreResumedInPartsAndBecomeDueOneAfterTheOther() throws IOException {
        dead(1200);

        Called called = as(Role.OPERATOR, "runs", "resume", "--all", "--rate", "100/s", "--limit", "1100", WHY);

        assertThat(called.out())
                .startsWith("1100 runs are due again, the last of them at ")
                .endsWith("100 more fit, beyond --limit 1100; write the command again for them.\n");
        assertThat(hub.column("SELECT count(DISTINCT due_at) || ' '"
                        + " || date_trunc('milliseconds', max(due_at) - min(due_at) + interval '0.5 ms') FROM open_run"
                        + " WHERE state = 'waiting'"))
                .containsExactly("1100 00:00:10.99");
        JsonNode rest = new ObjectMapper()
                .readTree(as(Role.OPERATOR, "runs", "resume", "--all", "--json", WHY)
                        .out());
        assertThat(rest.path("resumed")).hasSize(100);
        assertThat(rest.path("left").asInt()).isZero();
    }

    @Test
    void whatAPatchDoesNotFitIsPassedOverAndNotTriedAgain() {
        dead(1200);
        hub.column("UPDATE event SET payload = 'a=1' WHERE id <= 1000600 RETURNING 1");

        Called called = as(
                Role.OPERATOR, "runs", "resume", "--all", "--patch", "[{\"op\":\"remove\",\"path\":\"/email\"}]", WHY);

        assertThat(called.code()).isEqualTo(1);
        assertThat(called.out()).startsWith("600 runs are due again");
        assertThat(called.err())
                .contains("r_1000001: its payload can't be patched")
                .contains("… and 580 more");
    }

    @Test
    void aPersonIsForgottenFromAfarAndTheCertificateChecked() throws IOException {
        Called forgotten = as(Role.ADMIN, "forget", "nobody@example.com", "--why", "asked for");
        assertThat(forgotten.code()).as(forgotten.err()).isZero();
        Path held = Files.writeString(folder.resolve("held.json"), forgotten.out());

        assertThat(as(Role.OPERATOR, "forget", "--check", held.toString()).out())
                .startsWith("Genuine: certificate f_");
        assertThat(as(Role.OPERATOR, "forget", "nobody@example.com", "--why", "asked for")
                        .code())
                .as("only admins forget")
                .isEqualTo(2);
    }

    @Test
    void manyAreGivenUpInParts() {
        dead(1200);

        assertThat(as(Role.OPERATOR, "runs", "discard", "--all", "--limit", "1100", WHY)
                        .out())
                .isEqualTo(
                        "1100 runs are given up.\n100 more fit, beyond --limit 1100; write the command again for them.\n");
    }

    @Test
    void whenTheHubGoesInTheMiddleItIsSaidHowFarItCame() throws IOException {
        dead(1200);
        try (var front = new Front(2, false)) {
            Called called = at(front.url(), Role.OPERATOR, "runs", "resume", "--all", WHY);

            assertThat(called.code()).isEqualTo(3);
            assertThat(called.err())
                    .startsWith("1000 of 1200 runs are due again. Then it ended: " + front.url() + " broke off")
                    .contains("Some more, 500 at most, may be due again as well.")
                    .endsWith("Write the command again for the rest.\n");
            assertThat(waiting()).isEqualTo(1000);
        }
        assertThat(as(Role.OPERATOR, "runs", "resume", "--all", WHY).out()).startsWith("200 runs are due again");
    }

    @Test
    void whatWasDoneWithoutAnAnswerIsNotDoneTwice() throws IOException {
        dead(3);
        try (var front = new Front(0, true)) {
            Called called = at(front.url(), Role.OPERATOR, "runs", "resume", "r_1000001", WHY);

            assertThat(called.code()).isEqualTo(3);
            assertThat(called.err()).contains("broke off", "may be due again as well");
            assertThat(waiting()).isEqualTo(1);
            assertThat(at(front.url(), Role.OPERATOR, "flows", "pause", "lead-created", WHY)
                            .err())
                    .contains("Whether it was done is not known");
        }
        assertThat(as(Role.OPERATOR, "runs", "resume", "r_1000001", WHY).err()).contains("it is waiting; only dead");
        as(Role.OPERATOR, "flows", "resume", "lead-created", WHY);
    }

    @Test
    void aWrongTokenIsToldApartFromNoneAndNeverRepeated() throws IOException {
        Path wrong = Files.writeString(folder.resolve("wrong"), "serai_not-a-token");
        Path broken = Files.writeString(folder.resolve("broken"), "serai_one\nserai_two");
        Path empty = Files.writeString(folder.resolve("empty"), "\n");
        var said = new HashMap<Path, String>();
        for (Path file : List.of(wrong, broken, empty, folder.resolve("none"))) {
            Called called = serai("runs", "list", "--hub", hub.url(""), "--hub-token-file", file.toString());
            assertThat(called.code()).as(file.toString()).isEqualTo(2);
            said.put(file, called.out() + called.err());
        }

        assertThat(said.get(wrong)).contains(hub.url(""), "does not know the token (serai.hub.token)");
        assertThat(said.get(broken)).startsWith("The token has a space, a line break");
        assertThat(said.get(empty)).startsWith("A hub elsewhere asks for a token: put it into SERAI_HUB_TOKEN");
        assertThat(said.get(folder.resolve("none"))).startsWith("--hub-token-file " + folder.resolve("none"));
        assertThat(said.values()).noneMatch(text -> text.contains("serai_"));
        Called argv = serai("runs", "list", "--hub", hub.url(""), "--set", "serai.hub.token=" + token(Role.ADMIN));
        assertThat(argv.code()).isEqualTo(2);
        assertThat(argv.err())
                .contains("others can read what stands on a command line")
                .doesNotContain("serai_");
    }

    @Test
    void anAddressThatWouldGiveTheTokenAwayIsRefusedBeforeAnythingIsSent() {
        assertThat(at("http://hub.example.com", Role.VIEWER, "runs", "list").err())
                .contains("everybody on the way could read the token", "--hub-plain-http yes");
        assertThat(at("http://localhost.example.com", Role.VIEWER, "runs", "list")
                        .code())
                .isEqualTo(2);
        assertThat(at("https://ada:secret@hub.example.com", Role.VIEWER, "runs", "list")
                        .err())
                .contains("holds a user or a password")
                .doesNotContain("secret");
        assertThat(at("hub.example.com", Role.VIEWER, "runs", "list").err())
                .contains("not the address of a hub; write it as https://hub.example.com");
        assertThat(at("file:///etc/passwd", Role.VIEWER, "runs", "list").code()).isEqualTo(2);
    }

    @Test
    void whatIsAboutThisMachineRefusesAHubElsewhere() throws IOException {
        Called lint = serai("lint", "--hub", hub.url(""));
        assertThat(lint.code()).isEqualTo(2);
        assertThat(lint.err()).startsWith("serai lint works on this machine alone, and takes no --hub\n");
        Path file = Files.writeString(folder.resolve("elsewhere.properties"), "serai.hub=" + hub.url("") + "\n");
        Called set = serai("connections", "rotate-key", "--config", file.toString());
        assertThat(set.code()).isEqualTo(2);
        assertThat(set.err()).startsWith("This works on the database itself, and serai.hub names a hub elsewhere");
        assertThat(serai("lint", "--help").out()).contains("Works on this machine alone, and takes no --hub.");
        assertThat(serai("runs", "list", "--help").out()).contains("--hub=VALUE", "--hub-token-file=VALUE");
    }

    @Test
    void whatIsNoHubIsSaid() throws IOException {
        try (var page = new Front(exchange -> answer(exchange, 200, "text/html", "<h1>Welcome</h1>"));
                var moved = new Front(exchange -> {
                    exchange.getResponseHeaders().add("Location", "https://elsewhere.example.com/");
                    answer(exchange, 302, "text/html", "");
                });
                var older = new Front(
                        exchange -> answer(
                                exchange,
                                404,
                                "application/problem+json",
                                "{\"type\":\"about:blank\",\"status\":404,\"code\":\"operation\",\"detail\":\"there is no /api\"}"));
                var busy = new Front(
                        exchange -> answer(
                                exchange,
                                503,
                                "application/problem+json",
                                "{\"type\":\"about:blank\",\"status\":503,\"code\":\"busy\",\"detail\":\"too many ask; ask again\"}"))) {
            assertThat(at(page.url(), Role.VIEWER, "runs", "list").err())
                    .isEqualTo(page.url()
                            + " answered 200 and nothing a hub would say; is serai.hub the address of a hub?\n");
            assertThat(at(moved.url(), Role.VIEWER, "runs", "list").err())
                    .contains("sends elsewhere, to https://elsewhere.example.com/");
            assertThat(at(older.url(), Role.VIEWER, "runs", "show", "r_1").err())
                    .contains("does not know what this asks; it is older than this command.");
            Called asked = at(busy.url(), Role.VIEWER, "runs", "list");
            assertThat(asked.err()).isEqualTo("Too many ask; ask again.\n");
            assertThat(asked.code()).isEqualTo(3);
            assertThat(page.asked + moved.asked).isEqualTo(2);
        }
        Called nobody = at("http://127.0.0.1:1", Role.VIEWER, "runs", "list");
        assertThat(nobody.code()).isEqualTo(3);
        assertThat(nobody.err()).startsWith("http://127.0.0.1:1 can't be reached: nothing answers there.");
    }

    /** Stands before the hub as a balancer does, and goes away after so many orders. */
    private static final class Front implements AutoCloseable {
        private static final HttpClient CLIENT = HttpClient.newHttpClient();

        private final HttpServer server;
        private int asked;

        /** What is done with a request. */
        interface Answer {
            void to(HttpExchange exchange) throws IOException;
        }

        Front(Answer answer) throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                asked++;
                answer.to(exchange);
            });
            server.start();
        }

        /** @param done whether the order behind them is still done, unanswered */
        Front(int orders, boolean done) throws IOException {
            this(new Answer() {
                private final AtomicInteger left = new AtomicInteger(orders);

                @Override
                public void to(HttpExchange exchange) throws IOException {
                    boolean order = exchange.getRequestMethod().equals("POST");
                    boolean last = order && left.getAndDecrement() <= 0;
                    if (!last || done) {
                        HttpResponse<String> answer = passed(exchange);
                        if (!last) {
                            answer(
                                    exchange,
                                    answer.statusCode(),
                                    answer.headers().firstValue("Content-Type").orElse(""),
                                    answer.body());
                        }
                    }
                    exchange.close();
                }
            });
        }

        private static HttpResponse<String> passed(HttpExchange exchange) throws IOException {
            var request = HttpRequest.newBuilder(
                            URI.create(hub.url(exchange.getRequestURI().toString())))
                    .timeout(Duration.ofMinutes(3))
                    .header("Authorization", exchange.getRequestHeaders().getFirst("Authorization"))
                    .method(
                            exchange.getRequestMethod(),
                            HttpRequest.BodyPublishers.ofByteArray(
                                    exchange.getRequestBody().readAllBytes()));
            try {
                return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }
}
