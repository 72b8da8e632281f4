package dev.serai.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.alert.Signal;
import dev.serai.cli.CommandsOnHub;
import dev.serai.cli.CommandsOnHub.Ran;
import dev.serai.facts.RunFacts;
import dev.serai.facts.Runbooks;
import dev.serai.run.ErrorClass;
import dev.serai.simulator.Fault;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private static final LocalDate SOON = LocalDate.now(ZoneOffset.UTC).plusDays(5);

    private static final Map<List<String>, Ran> ASKED = new HashMap<>();

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
        String slack = files.read("slack/connector.yaml");
        files.mapping(
                "slack/connector.yaml",
                slack.replace("type: bearer,", "type: bearer, expires: " + SOON + ",")
                        + "retry: { quick: { attempts: 0 }, durable: { attempts: 0 }, max_age: 1h }\n");
        files.rules("""
                rules:
                  rate-drop:      { for: 0s }
                  intake-latency: { for: 0s }
                  requests-refused: { for: 0s }
                  disk:           { above: 0 % }
                """);
        var settings = files.settings(
                "serai.retry.attempts", "0", "serai.retry.quick-attempts", "0", "serai.alerts.every", "200ms");
        hub = TestHub.with(settings);
        hub.simulator().noLimits("slack");
        hub.simulator().noLimits("mailchimp");
        trouble();
    }

    /** What no vendor can play: a source that fell silent, slow doors, runs that wait and one that is worked on. */
    private static void trouble() {
        hub.column("INSERT INTO tally (span, kind, at, name, part, outcome, count) VALUES"
                + " ('minute', 'event', date_trunc('minute', now() - interval '90 minutes'), 'hubspot', '', '', 1000)"
                + " RETURNING kind");
        // also in each minute to come, however long these tests take
        hub.column("INSERT INTO tally (span, kind, at, name, part, outcome, count)"
                + " SELECT 'minute', kind, date_trunc('minute', now()) + n * interval '1 minute', 'hubspot', '', '', 1000"
                + " FROM unnest(ARRAY['door', 'slow_door']) kind, generate_series(-1, 20) n RETURNING kind");
        hub.column("INSERT INTO tally (span, kind, at, name, part, outcome, count)"
                + " SELECT span, 'request', date_trunc(span, now()) + n * interval '1 minute', 'hubspot', '',"
                + " 'signature_mismatch', 10 FROM unnest(ARRAY['minute', 'hour']) span, generate_series(0, 20) n"
                + " WHERE span = 'minute' OR n = 0 RETURNING kind");
        hub.column("""
                WITH e AS (INSERT INTO event (source, type, key, record, payload)
                           SELECT 'hubspot', 'contact.updated', state, 'contact:that-' || state, '{}'
                             FROM unnest(ARRAY['waiting', 'claimed']) state RETURNING id, key)
                INSERT INTO open_run (event_id, flow, lane, state, holds, due_at, claimed_by, lease_until)
                SELECT id, 'orders', 'orders ' || key, key, true, now() + interval '1 day',
                       CASE key WHEN 'claimed' THEN 'another hub' END, CASE key WHEN 'claimed' THEN now() + interval '1 day' END
                  FROM e RETURNING id""");
        String first = "r_" + placed("first", "channel");
        eventually(() -> assertThat(state(first)).isEqualTo("done"));
        for (String signal : List.of("rate_drop", "requests_refused", "intake_latency", "disk")) {
            eventually(() -> assertThat(openAlerts(signal)).containsExactly("1"));
        }
    }

    private static List<String> openAlerts(String signal) {
        return hub.column("SELECT count(*) FROM alert WHERE state = 'open' AND signal = '" + signal + "'");
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
            case RATE_LIMIT -> Fault.status(429).retryAfter(Duration.ofHours(2)).times(1);
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
            var words = with(run, command);
            var ran = CommandsOnHub.run(hub.settings(), words);
            // a pause that the other side asked for may be over by then
            boolean tooLate = words.subList(0, 2).equals(List.of("connections", "resume"));
            assertThat(ran.code()).as("serai %s: %s", words, ran.said()).isIn(0, tooLate ? 1 : 0);
            if (words.subList(0, 2).equals(List.of("dead-letters", "list"))) {
                assertThat(ran.said()).as("serai %s", words).contains(run);
            }
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
        eventually(() -> assertThat(openAlerts(signal)).containsExactly("1"));
        hub.simulator().clearFaults("slack");

        for (List<String> command : commands(page)) {
            var ran = CommandsOnHub.run(hub.settings(), command);
            // a breaker may have found out by itself
            boolean tooLate = !parked && command.contains("resume");
            assertThat(ran.code()).as("serai %s: %s", command, ran.said()).isIn(0, tooLate ? 1 : 0);
            if (command.equals(List.of("connections", "list"))) {
                assertThat(ran.said()).as("what is held up, and how much").contains("waiting runs");
            }
        }

        if (parked) {
            eventually(() -> assertThat(state(runs.get(0))).isEqualTo("done"));
        } else {
            // one more finds out that the way is free
            runs.add("r_" + placed(page + " again", "channel"));
        }
        eventually(() -> assertThat(openAlerts(signal)).containsExactly("0"));
        // one that has yet to call would meet the fault of the next test
        runs.forEach(run -> eventually(() -> assertThat(state(run)).isIn("done", "dead", "in_doubt")));
        hub.column("DELETE FROM open_run WHERE state IN ('dead', 'in_doubt') RETURNING id");
    }

    /**
     * A command, as it ends and what it says of the trouble.
     *
     * @param code 1 where it lists what a person must see to
     */
    private record Answer(int code, String words) {}

    private static Answer says(String words) {
        return new Answer(0, words);
    }

    private static Answer warns(String words) {
        return new Answer(1, words);
    }

    /** What the three commands of a page answer, in their order. @param run one that is dead */
    private static List<Answer> answers(String page, String run) {
        Answer connections = says("slack");
        Answer limits = says("slack");
        Answer waiting = says("contact:that-waiting");
        return switch (page) {
            case "dead-letters" -> List.of(says("orders"), says("Watched: "), says("due again"));
            case "lag", "queue-depth" -> List.of(waiting, connections, limits);
            case "rate-change" -> List.of(waiting, connections, warns("hubspot sent 100 % fewer events"));
            case "requests-refused" ->
                List.of(
                        warns("it is not signed with a secret of ours"),
                        connections,
                        warns("requests of hubspot within 15m were refused"));
            case "intake-latency" -> List.of(warns("took more than 200 ms"), says("contact:that-claimed"), limits);
            case "disk" -> List.of(warns("of serai.history.disk-gb"), says("Runs: "), says("contact:"));
            case "quota-used" -> List.of(limits, connections, waiting);
            case "connection-failing" -> List.of(connections, says(""), says("works"));
            case "credential-expiring" -> List.of(warns("you renew it"), says(""), says("works"));
            case "drift-found" -> List.of(says("shoe"), says("what to do"), says(""));
            case "canary-rolled-back" -> List.of(says(run), says(run), says("due again"));
            case "records-unreadable" ->
                List.of(
                        warns("requests of hubspot within 15m were refused"),
                        says("record.unreadable"),
                        says("2026-11-20T00:00:00Z"));
            case "stream-gap" ->
                List.of(
                        warns("requests of hubspot within 15m were refused"),
                        says("hubspot"),
                        says("2026-11-20T00:00:00Z"));
            case "database-away" -> List.of(waiting, says(run), connections);
            default -> throw new IllegalArgumentException(page);
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dead-letters",
                "lag",
                "queue-depth",
                "rate-change",
                "requests-refused",
                "intake-latency",
                "disk",
                "quota-used",
                "connection-failing",
                "credential-expiring",
                "drift-found",
                "canary-rolled-back",
                "database-away",
                "records-unreadable",
                "stream-gap"
            })
    void theCommandsOfTheOthersShowTheTroubleAndEndIt(String page) {
        boolean dies =
                List.of("dead-letters", "canary-rolled-back", "database-away").contains(page);
        String run = dies ? dead(page) : "";
        String drift = page.equals("drift-found") ? drift() : "";
        List<List<String>> commands = commands(page);
        List<Answer> answers = answers(page, run);
        for (int i = 0; i < commands.size(); i++) {
            List<String> words = with(run, commands.get(i)).stream()
                    .map(word -> word.equals("d_7") ? drift : word)
                    .map(word -> word.equals("e_81") ? unreadable() : word)
                    .toList();
            Ran ran = answer(words);
            assertThat(ran.code()).as("serai %s: %s", words, ran.said()).isEqualTo(answers.get(i).code);
            assertThat(ran.said()).as("serai %s", words).contains(answers.get(i).words);
        }
        if (dies && commands.stream().anyMatch(command -> command.contains("resume"))) {
            eventually(() -> assertThat(state(run)).isEqualTo("done"));
        }
        if (!drift.isEmpty()) {
            assertThat(hub.column("SELECT state FROM drift")).containsExactly("accepted");
        }
        hub.column("DELETE FROM open_run WHERE state = 'dead' RETURNING id");
    }

    /** What only lists what lasts is asked once for all pages. */
    private static Ran answer(List<String> words) {
        boolean lasts =
                List.of("alerts", "connections", "digest", "forecast", "runs").contains(words.get(0));
        return lasts
                ? ASKED.computeIfAbsent(words, asked -> CommandsOnHub.run(hub.settings(), asked))
                : CommandsOnHub.run(hub.settings(), words);
    }

    /** A run that Slack refuses once. */
    private static String dead(String text) {
        hub.simulator().fault("slack", Fault.status(400).times(1));
        String run = "r_" + placed("of " + text, "channel");
        eventually(() -> assertThat(state(run)).isEqualTo("dead"));
        hub.simulator().clearFaults("slack");
        return run;
    }

    private static String unreadable() {
        return "e_"
                + hub.column(
                                "INSERT INTO event (source, type, key, record, payload)"
                                        + " VALUES ('hubspot', 'record.unreadable', 'unreadable', 'new_contacts', '{}') RETURNING id")
                        .get(0);
    }

    private static String drift() {
        return "d_"
                + hub.column("INSERT INTO drift (source, type, kind, path, event_id, since, found_at)"
                                + " VALUES ('crm', 't', 'new', 'shoe', 1, now(), now()) RETURNING id")
                        .get(0);
    }

    /** The command for this run. */
    private static List<String> with(String run, List<String> command) {
        return command.stream().map(word -> word.equals("r_81") ? run : word).toList();
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
        await().atMost(Duration.ofSeconds(60)).untilAsserted(that);
    }
}
