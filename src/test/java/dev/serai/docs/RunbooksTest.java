package dev.serai.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.alert.Signal;
import dev.serai.cli.CommandsOnHub;
import dev.serai.facts.RunFacts;
import dev.serai.facts.Runbooks;
import dev.serai.run.ErrorClass;
import dev.serai.simulator.Fault;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of each runbook, run as they are written on a hub whose vendor plays the trouble; afterwards it is gone. */
class RunbooksTest {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

    @TempDir
    private static Path folder;

    private static TestHub hub;

    @BeforeAll
    static void start() {
        var files = new TestFolders(folder).flow("orders", """
                - route:
                    id: orders
                    routeConfigurationId: write
                    from:
                      uri: event:contact.updated?source=crm
                      steps:
                        - choice:
                            id: where
                            when:
                              - simple: "${body[to]} == 'list'"
                                steps:
                                  - setBody: { id: member, simple: '{"email_address":"${body[text]}@example.com","status_if_new":"subscribed"}' }
                                  - to: { id: put, uri: "connector:mailchimp/upsert_member?list=all" }
                            otherwise:
                              steps:
                                - setBody: { id: words, simple: '{"channel":"sales","text":"${body[text]}"}' }
                                - to: { id: post, uri: "connector:slack/post_message" }
                """);
        var settings = files.settings(
                "serai.retry.attempts", "0", "serai.retry.quick-attempts", "0", "serai.alerts.every", "200ms");
        hub = TestHub.with(settings);
        hub.simulator().noLimits("slack");
        hub.simulator().noLimits("mailchimp");
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    /** What a page says to run, word by word. */
    private static List<List<String>> commands(String page) {
        String text = Runbooks.read(page).orElseThrow();
        var commands = new ArrayList<List<String>>();
        for (Page.Block block : new Page(Path.of(page + ".md"), text).blocks()) {
            block.text().lines().filter(line -> line.startsWith("./serai ")).forEach(line -> {
                var words = new ArrayList<String>();
                var found = WORD.matcher(line.substring("./serai ".length()));
                while (found.find()) {
                    words.add(Stream.of(found.group(1), found.group(2), found.group(3))
                            .filter(group -> group != null)
                            .findFirst()
                            .orElseThrow());
                }
                commands.add(words);
            });
        }
        return commands;
    }

    @Test
    void eachClassOfErrorsAndEachSignalHasAPageWithThreeCommands() {
        var pages = new ArrayList<>(ErrorClass.words());
        Stream.of(Signal.values()).map(Signal::runbook).forEach(pages::add);
        pages.add("database-away");
        for (String page : pages) {
            assertThat(Runbooks.read(page)).as(page).isPresent();
            assertThat(Runbooks.read(page).orElseThrow()).contains("**Cause:**", "**Owner:**", "**Replay:**");
            assertThat(commands(page)).as(page).hasSize(3);
        }
        assertThat(Runbooks.read("../decisions/README")).isEmpty();
    }

    private static Fault fault(ErrorClass kind) {
        return switch (kind) {
            case VALIDATION -> Fault.status(400).times(1);
            case NOT_FOUND -> Fault.status(404).times(1);
            case CONFLICT -> Fault.status(409).times(1);
            case AUTH -> Fault.status(403).times(1);
            case RATE_LIMIT -> Fault.status(429).times(1);
            case IN_DOUBT -> Fault.drop().times(1);
            case TIMEOUT -> Fault.status(408).times(1);
            case NETWORK -> Fault.reset().times(1);
            case SERVER -> Fault.status(503).times(1);
            default -> Fault.status(400).times(1);
        };
    }

    @ParameterizedTest
    @EnumSource(ErrorClass.class)
    void theCommandsOfAClassLetItsRunGoOn(ErrorClass kind) {
        // what no answer came of may be repeated there
        boolean repeatable = List.of(ErrorClass.TIMEOUT, ErrorClass.NETWORK, ErrorClass.SERVER)
                .contains(kind);
        String vendor = repeatable ? "mailchimp" : "slack";
        hub.simulator().fault(vendor, fault(kind));
        String run = "r_" + placed(kind.word(), repeatable ? "list" : "channel");
        eventually(() -> assertThat(state(run)).isIn("dead", "in_doubt"));
        hub.simulator().clearFaults(vendor);
        if (kind == ErrorClass.SYSTEM) {
            hub.column("UPDATE open_run SET owner = 'system' WHERE id = " + run.substring(2) + " RETURNING id");
        }

        assertThat(classOf(run)).isEqualTo(kind.word());
        for (List<String> command : commands(kind.word())) {
            var words = command.stream()
                    .map(word -> word.equals("r_81") ? run : word)
                    .toList();
            assertThat(CommandsOnHub.run(hub.settings(), words))
                    .as("serai %s", words)
                    .isIn(0, 1);
        }

        eventually(() -> assertThat(state(run)).isEqualTo("done"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"connection-parked", "breaker-open"})
    void theCommandsOfAConnectionInTroubleLetItsRunsGoOn(String page) {
        boolean parked = page.equals("connection-parked");
        hub.simulator().fault("slack", parked ? Fault.status(401) : Fault.status(408));
        var runs = new ArrayList<String>();
        for (int i = 0; i < (parked ? 1 : 6); i++) {
            runs.add("r_" + placed(page + i, "channel"));
        }
        String signal = page.replace('-', '_');
        String open = "SELECT count(*) FROM alert WHERE state = 'open' AND signal = '" + signal + "'";
        eventually(() -> assertThat(hub.column(open)).containsExactly("1"));
        hub.simulator().clearFaults("slack");

        for (List<String> command : commands(page)) {
            assertThat(CommandsOnHub.run(hub.settings(), command))
                    .as("serai %s", command)
                    .isIn(0, 1);
        }

        if (parked) {
            eventually(() -> assertThat(state(runs.get(0))).isEqualTo("done"));
        } else {
            // one more finds out that the way is free
            placed(page + " again", "channel");
        }
        eventually(() -> assertThat(hub.column(open)).containsExactly("0"));
        hub.column("DELETE FROM open_run WHERE state IN ('dead', 'in_doubt') RETURNING id");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dead-letters",
                "lag",
                "queue-depth",
                "rate-change",
                "intake-latency",
                "disk",
                "quota-used",
                "credential-expiring",
                "drift-found",
                "canary-rolled-back",
                "database-away"
            })
    void theCommandsOfTheOthersAnswer(String page) {
        for (List<String> command : commands(page)) {
            if (!command.contains("r_81")) {
                assertThat(CommandsOnHub.run(hub.settings(), command))
                        .as("serai %s", command)
                        .isIn(0, 1);
            }
        }
    }

    private static String classOf(String run) {
        try {
            return RunFacts.read(hub.history(), Long.parseLong(run.substring(2)))
                    .flatMap(RunFacts::errorClass)
                    .map(ErrorClass::word)
                    .orElse("");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String placed(String text, String to) {
        String id = text.replace(' ', '-');
        assertThat(hub.crm("{\"id\":\"" + id + "\",\"type\":\"contact.updated\",\"contact\":\"" + id
                                + "\",\"updated_at\":\"2026-11-21T10:00:00Z\",\"to\":\"" + to + "\",\"text\":\"" + id
                                + "\"}")
                        .status())
                .isEqualTo(202);
        return hub.column("SELECT r.id FROM run r JOIN event e ON e.id = r.event_id WHERE e.record = 'contact:" + id
                        + "'")
                .get(0);
    }

    private static String state(String run) {
        return hub.column("SELECT state FROM run WHERE id = " + run.substring(2))
                .get(0);
    }

    private static void eventually(org.awaitility.core.ThrowingRunnable that) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(that);
    }
}
