package dev.serai.cli;

import static dev.serai.cli.Called.serai;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.TestFolders;
import dev.serai.config.Settings;
import dev.serai.store.Database;
import dev.serai.store.Seal;
import dev.serai.store.TestDatabase;
import dev.serai.store.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionsCommandTest {
    private Map<String, String> settings;

    @TempDir
    private Path folder;

    @BeforeEach
    void freshDatabase() {
        settings = new HashMap<>(TestDatabase.fresh());
    }

    @Test
    void withoutTroubleThereIsAFriendlyWord() {
        assertThat(serai(settings, "connections", "list").out())
                .isEqualTo("No connection is set up yet; serai connections check NAME tells what one lacks.\n");
        Called resumed = serai(settings, "connections", "resume", "mailchimp", "--why", "x");
        assertThat(resumed.code()).isEqualTo(1);
        assertThat(resumed.err()).isEqualTo("Nothing is held up at mailchimp; see serai connections list.\n");
    }

    @Test
    void whatIsHeldUpIsListedWithReasonAndWaitingRuns() throws SQLException {
        trouble();

        assertThat(serai(settings, "connections", "list").out())
                .contains("mailchimp   all        parked", "mailchimp answered 401")
                .contains("slack       post       open", "slack answered 503");
        assertThat(serai(settings, "connections", "list", "--json").out())
                .contains("\"waiting_runs\" : 1", "\"operation\" : \"post\"", "\"state\" : \"parked\"");
    }

    /** Of the shipped kinds of trouble none is parked or left alone here. */
    @Test
    void aConnectionOfWhichNothingGetsThroughIsListedWithItsErrors() throws SQLException, IOException {
        for (String name : List.of("shop", "post", "mended", "quiet", "unset")) {
            connector(name, "auth: { type: header, name: X-Key, value: \"{{" + name + ".key}}\" }");
            settings.put(name + ".key", name.equals("unset") ? "" : "simulated");
        }
        connector(
                "club",
                "auth: { type: oauth2, grant: authorization_code, token_url: \"http://127.0.0.1:9/t\", authorize_url:"
                        + " \"http://127.0.0.1:9/a\", client_id: serai }");
        settings.put("serai.mappings", folder.toString());
        calls();

        Called list = serai(settings, "connections", "list");
        assertThat(list.out().lines().toList())
                .as(list.err())
                .startsWith("3 of 5 connections to see to: club, post, shop.");
        assertThat(list.out())
                .containsPattern("shop +failing +not within 35 days +never +100.0 %")
                .contains("none of its 5 calls of the last hour got through")
                .containsPattern("post +failing +not within 35 days +never +- ")
                .contains("its last proof failed: post answered 404")
                .containsPattern("club +not_connected ")
                .contains("nobody has connected it yet: serai connections connect club")
                .containsPattern("mended +fine +\\d+ (s|min) ago ")
                .contains("calls got through since its last proof failed: mended answered 503")
                .containsPattern("quiet +untried ")
                .doesNotContain("unset");
        assertThat(serai(settings, "connections", "list", "--json").out())
                .contains("\"reason\" : \"none of its 5 calls of the last hour got through\"");
        column("DELETE FROM connection_proof RETURNING 1");
        column("DELETE FROM tally RETURNING 1");
        column("INSERT INTO token (connection, grant_no) VALUES ('club', 1) RETURNING 1");
        assertThat(serai(settings, "connections", "list").out())
                .startsWith("Nothing is known to be wrong; 5 of 5 were never tried: serai connections check --all.\n");
    }

    @Test
    void scopesThatLackAndSuchAsNothingNeedsAreTold() throws SQLException, IOException {
        var files = new TestFolders(folder);
        files.mapping("crm/connector.yaml", """
                connector: crm
                base_url: http://127.0.0.1:9
                auth: { type: oauth2, grant: authorization_code, token_url: "http://127.0.0.1:9/t", authorize_url: "http://127.0.0.1:9/a",
                        client_id: serai, scopes: [ read, write ] }
                reads: { find: { path: "/find/{id}", scopes: [ read ] } }
                writes: { put: { method: PUT, path: /put, class: idempotent, scopes: [ write ] } }
                """);
        files.flow("told", """
                - route:
                    id: told
                    from:
                      uri: event:customer.converted
                      steps: [ { to: { id: put, uri: connector:crm/put } } ]
                """);
        settings.putAll(files.settings("serai.secrets.key", "11".repeat(32)));
        try (var database = open()) {
            new Tokens(database.dataSource(), Seal.of("11".repeat(32)))
                    .consented(
                            "crm",
                            "{\"access\":\"at\",\"obtained\":\"2026-11-21T10:00:00Z\",\"fields\":{\"scope\":\"read\"}}",
                            Instant.now(),
                            Optional.empty(),
                            "ada");
        }

        for (String[] words : new String[][] {{"connections", "list"}, {"connections", "check", "crm"}}) {
            assertThat(serai(settings, words).out())
                    .containsPattern("crm +write +missing +put of told, which will be refused\n")
                    .containsPattern("crm +read +granted +nothing that a flow calls\n");
        }
    }

    private void connector(String name, String auth) throws IOException {
        Files.createDirectories(folder.resolve(name));
        Files.writeString(folder.resolve(name + "/connector.yaml"), """
                connector: %s
                base_url: http://127.0.0.1:9
                %s
                reads: { ping: { path: /ping } }
                """.formatted(name, auth));
    }

    /** A token that was got is no call that got through. */
    private void calls() throws SQLException {
        try (var database = open();
                var connection = database.dataSource().getConnection()) {
            connection.createStatement().execute("""
                    INSERT INTO tally (span, kind, at, name, part, outcome, count)
                      SELECT span, 'call', date_trunc(span, now(), 'UTC'), name, part, outcome, count
                        FROM (VALUES ('shop', 'ping', 'fail', 5), ('shop', 'sign-in', 'success', 1),
                                     ('mended', 'ping', 'success', 1)) c (name, part, outcome, count),
                             unnest(ARRAY['minute', 'hour']) span;
                    INSERT INTO connection_proof (connection, tried, result, made_at, next_at)
                      VALUES ('post', true, 'post answered 404', now() - interval '1 h', now() + interval '1 d'),
                             ('mended', true, 'mended answered 503', now() - interval '1 h', now() + interval '1 d')""");
        }
    }

    @Test
    void resumingNotesWhoAndWhyAndNeedsAReason() throws SQLException {
        trouble();

        assertThat(serai(settings, "connections", "resume", "mailchimp").code()).isEqualTo(2);
        Called resumed = serai(settings, "connections", "resume", "mailchimp", "--why", "new key");
        assertThat(resumed.out()).isEqualTo("mailchimp may go on; a running hub sees it within a second.\n");

        assertThat(column("SELECT state FROM parked_connection")).isEqualTo("resumed");
        assertThat(column("SELECT what || ', ' || why FROM audit")).isEqualTo("resume connection mailchimp, new key");
        assertThat(column("SELECT until > now() FROM breaker")).isEqualTo("t");
        assertThat(serai(settings, "connections", "resume", "slack", "--why", "it is back")
                        .code())
                .isZero();
        assertThat(column("SELECT until > now() FROM breaker")).isEqualTo("f");
    }

    @Test
    void aSingleBreakerIsTriedOrClosedWithAReason() throws SQLException {
        assertThat(serai(settings, "breakers", "list").out()).isEqualTo("Nothing is left alone.\n");
        trouble();

        assertThat(serai(settings, "breakers", "list").out())
                .containsPattern("slack/post +open +5 ")
                .contains("slack answered 503");
        assertThat(serai(settings, "breakers", "try", "slack/post").err()).contains("--why is missing");
        assertThat(serai(settings, "breakers", "try", "slack", "--why", "x").err())
                .startsWith("slack is no operation; write it as the list shows it");
        assertThat(serai(settings, "breakers", "try", "slack/post", "--why", "mended")
                        .out())
                .isEqualTo("slack/post is tried by the next run that comes to it.\n");
        assertThat(column("SELECT state || ' ' || (until > now()) FROM breaker"))
                .isEqualTo("open false");
        assertThat(serai(settings, "breakers", "close", "slack/post", "--why", "it works")
                        .out())
                .isEqualTo("slack/post is used again; what waited goes on.\n");
        assertThat(column("SELECT state FROM breaker")).isEqualTo("closed");
        Called again = serai(settings, "breakers", "close", "slack/post", "--why", "it works");
        assertThat(again.err()).isEqualTo("The breaker of slack/post is not open; see serai breakers list.\n");
        assertThat(again.code()).isEqualTo(1);
        assertThat(serai(settings, "audit", "--limit", "1").out())
                .contains("it works")
                .doesNotContain("mended");
        assertThat(serai(settings, "audit", "--action", "close", "--since", "1h", "--json")
                        .out())
                .contains("it works");
        assertThat(serai(settings, "audit", "--who", "nobody").out())
                .isEqualTo("Nobody has done any such thing by hand yet.\n");
        assertThat(serai(settings, "audit", "--since", "soon").err()).startsWith("--since soon: not a time");
    }

    private String column(String sql) {
        try (var database = open()) {
            return String.join(",", TestDatabase.column(database.dataSource(), sql));
        }
    }

    private Database open() {
        return Database.open(Settings.read(Path.of("none"), Map.of(), settings));
    }

    private void trouble() throws SQLException {
        try (var database = open();
                var connection = database.dataSource().getConnection()) {
            connection.createStatement().execute("""
                    INSERT INTO parked_connection (connection, state, since, reason, salt, refused)
                      VALUES ('mailchimp', 'parked', now(), 'mailchimp answered 401', 'aa', '{bb}');
                    INSERT INTO breaker (connection, operation, state, failures, since, until, reason)
                      VALUES ('slack', 'post', 'open', 5, now(), now() + interval '15 min', 'slack answered 503');
                    INSERT INTO open_run (event_id, flow, lane, waits_for) VALUES (1, 'f', 'f x', 'slack/post')""");
        }
    }
}
