package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.metric.Metrics;
import dev.serai.simulator.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The dashboard and the alert rules in {@code docker/watch} name figures that a hub has. */
class WatchFilesTest {
    private static final Path WATCH = Path.of("docker", "watch");
    private static final Pattern NAME = Pattern.compile("\\b((?:serai|hikaricp|jvm|process|system)_[a-z0-9_]+)");
    private static final Pattern SUFFIX = Pattern.compile("_(bucket|count|sum|max)$");

    /** Told by each hub alike. */
    private static final Pattern OF_ALL_HUBS = Pattern.compile(
            "serai_(?:runs_(?:open|oldest|late|paced|accepted)|connection_troubled|quota_used|alerts?_|stream_(?:read_until|asked))");

    @TempDir
    private static Path folder;

    private static Set<String> known;

    private static TestHub hub;

    @BeforeAll
    static void start() {
        var settings =
                new TestFolders(folder).flow("told", """
                        - route:
                            id: told
                            routeConfigurationId: write
                            from:
                              uri: event:contact.updated
                              steps:
                                - setBody: { id: words, simple: '{"channel":"sales","text":"a contact"}' }
                                - to: { id: tell, uri: "connector:slack/post_message" }
                        """).flow("calm", """
                        - route:
                            id: calm
                            routeConfigurationId: write
                            from:
                              uri: event:customer.converted
                              steps:
                                - log: { id: calm-log, message: "a customer" }
                        """).settings();
        settings.put("serai.retry.attempts", "0");
        hub = TestHub.with(settings);
        tables();
        known = names(hub.metrics());
        known.addAll(names(ofWhatHappensNowAndThen()));
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    /**
     * A table is there when it has rows: a run that died, one that waits, a connection that refused its token; pauses when
     * memory was collected.
     */
    private static void tables() {
        hub.simulator().fault("slack", Fault.status(400).times(1));
        hub.crm("{\"id\":1,\"updated_at\":\"2026-11-01T00:00:00Z\"}");
        await().atMost(Duration.ofSeconds(60)).until(() -> !hub.runs("dead").isEmpty());
        hub.simulator().fault("slack", Fault.status(401));
        hub.crm("{\"id\":2,\"updated_at\":\"2026-11-01T00:00:00Z\"}");
        hub.column("INSERT INTO cursor (connection, stream, value, polled_at)"
                + " VALUES ('crm', 'people', '2026-11-01T00:00:00Z', now()) RETURNING stream");
        hub.column(
                "INSERT INTO alert_time (name, since, rule, severity, told_at, answered_at, over_at) VALUES ('a_1', now(),"
                        + " 'lag', 'warning', now() - interval '5 minutes', now() - interval '4 minutes', now()) RETURNING name");
        System.gc();
        await().atMost(Duration.ofSeconds(60)).until(() -> names(hub.metrics())
                .containsAll(Set.of(
                        "serai_connection_troubled",
                        "serai_runs_late_seconds",
                        "serai_alert_response_seconds",
                        "jvm_gc_pause_seconds")));
    }

    /** A meter is there from its first use on. */
    private static List<String> ofWhatHappensNowAndThen() {
        try (var metrics = new Metrics()) {
            metrics.answered("webhooks", "crm", 202, Duration.ofMillis(3));
            metrics.readCache("crm", "read", true);
            metrics.attempted("crm", "write", "success", Duration.ofMillis(30));
            metrics.settled("flow", "done");
            metrics.retried("flow", "done");
            metrics.batchBegan("flow", 100);
            metrics.batchRecordEnded("flow");
            metrics.batchEnded("flow");
            metrics.delivered("flow", Duration.ofMillis(300));
            metrics.backsOff("flow", "quick", Duration.ofSeconds(1));
            metrics.drifted("crm", "new field");
            metrics.refused("crm", "signature_mismatch");
            metrics.polled("crm", "people", 3, 1);
            return metrics.scrape().lines().toList();
        }
    }

    private static Set<String> names(List<String> scraped) {
        return scraped.stream()
                .map(line -> line.replaceFirst("^# (TYPE|HELP) ", "").split("[ {]", 2)[0])
                .map(name -> SUFFIX.matcher(name).replaceFirst(""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyFigureOfTheDashboardIsOneTheHubHas() throws IOException {
        JsonNode board =
                new ObjectMapper().readTree(WATCH.resolve("grafana/serai.json").toFile());

        assertThat(board.path("panels")).hasSizeGreaterThan(20);
        assertThat(board.findValuesAsText("expr")).isNotEmpty().allSatisfy(WatchFilesTest::isOfTheHub);
    }

    @Test
    void howOftenATrialHelpedIsReckonedFromRunsThatWereTriedAgain() throws IOException {
        JsonNode board =
                new ObjectMapper().readTree(WATCH.resolve("grafana/serai.json").toFile());

        assertThat(board.findValuesAsText("expr"))
                .filteredOn(expression -> expression.contains("serai_runs_retried_total"))
                .singleElement()
                .asString()
                .contains(
                        "serai_runs_retried_total{outcome=\"done\"}",
                        "/ (sum by (flow) (rate(serai_runs_retried_total[");
    }

    @Test
    void whatEveryHubTellsOfTheDatabaseIsCountedOnce() throws IOException {
        var expressions = new ArrayList<>(new ObjectMapper()
                .readTree(WATCH.resolve("grafana/serai.json").toFile())
                .findValuesAsText("expr"));
        expressions.addAll(yaml(WATCH.resolve("rules.yaml")).findValuesAsText("expr"));

        assertThat(expressions)
                .filteredOn(expression -> OF_ALL_HUBS.matcher(expression).find())
                .hasSizeGreaterThan(7)
                .allSatisfy(expression ->
                        assertThat(expression).containsPattern("max ?(by \\([a-z, ]+\\) )?\\(" + OF_ALL_HUBS));
    }

    @Test
    void theFirstRunsThatDieAreGrowthToo() {
        assertThat(hub.metrics())
                .anyMatch(line -> line.equals("serai_runs_settled_total{flow=\"calm\",outcome=\"dead\"} 0.0"));
    }

    @Test
    void everyRuleWatchesAFigureTheHubHasAndSaysWhatItMeansAndWhatToDo() throws IOException {
        JsonNode rules = yaml(WATCH.resolve("rules.yaml"));

        assertThat(rules.at("/groups/0/rules")).hasSizeGreaterThan(8).allSatisfy(rule -> {
            assertThat(rule.path("labels").path("severity").asText()).isIn("warning", "critical");
            assertThat(rule.at("/annotations/summary").asText()).isNotEmpty();
            assertThat(rule.at("/annotations/description").asText()).isNotEmpty();
            String expression = rule.path("expr").asText();
            if (!expression.startsWith("up{")) {
                isOfTheHub(expression);
            }
        });
    }

    private static void isOfTheHub(String expression) {
        var named = new ArrayList<String>();
        var matcher = NAME.matcher(expression);
        while (matcher.find()) {
            named.add(SUFFIX.matcher(matcher.group(1)).replaceFirst(""));
        }
        assertThat(named).as(expression).isNotEmpty();
        assertThat(known).as(expression).containsAll(named);
    }

    @Test
    void whatComposeMountsIsThere() throws IOException {
        JsonNode compose = yaml(Path.of("docker", "compose.yaml"));

        assertThat(compose.at("/services/prometheus/volumes")).isNotEmpty().allSatisfy(WatchFilesTest::isThere);
        assertThat(compose.at("/services/grafana/volumes")).isNotEmpty().allSatisfy(WatchFilesTest::isThere);
    }

    private static JsonNode yaml(Path file) throws IOException {
        var load = new Load(LoadSettings.builder().build());
        return new ObjectMapper().valueToTree(load.loadFromString(Files.readString(file)));
    }

    private static void isThere(JsonNode volume) {
        String from = volume.asText().split(":", 2)[0];
        if (from.startsWith("./")) {
            assertThat(Path.of("docker", from.substring(2))).exists();
        }
    }
}
