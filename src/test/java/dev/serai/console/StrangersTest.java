package dev.serai.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.api.Api;
import dev.serai.api.Role;
import dev.serai.console.Guest.Seen;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What strangers write is shown by every page, and run by none; nor does it become a header. */
class StrangersTest {
    private static final String EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    private static final String SQL = " = $x$" + EVIL + "$x$";
    private static final String WORD = HubPages.word(EVIL);

    @TempDir
    private static Path folder;

    private static ConsoleHub hub;

    @BeforeAll
    static void start() throws SQLException {
        hub = new ConsoleHub(folder);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static Guest operator() {
        return new Guest(hub.hub().url("")).login(hub.token(Role.OPERATOR));
    }

    private static void write(String sql) {
        assertThat(hub.hub().column(sql + " RETURNING 1")).as(sql).isNotEmpty();
    }

    /** A run of an event by a stranger, in every table that tells of it. */
    private static String evilRun(Guest operator) {
        String run = hub.dead("evil");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> operator.get("/search?q=evil@example.com").status() == 200);
        String id = run.substring(2);
        write("UPDATE event SET source" + SQL + ", type" + SQL + ", record" + SQL
                + ", payload = convert_to('{\"a\":\"</textarea><script>alert(1)</script>\"}', 'UTF8')"
                + " WHERE record = 'contact:evil'");
        write("UPDATE attempt SET endpoint" + SQL + ", reason" + SQL + " WHERE run_id = " + id);
        write("UPDATE step SET connection" + SQL + ", operation" + SQL + " WHERE run_id = " + id);
        write("INSERT INTO audit (at, who, what, run_id, why) SELECT now(), t, t, " + id + ", t FROM (SELECT $x$" + EVIL
                + "$x$::text AS t) x");
        write("UPDATE open_run SET flow" + SQL + ", step" + SQL + ", reason" + SQL + " WHERE id = " + id);
        return run;
    }

    private static void evilRows() {
        String text = "$x$" + EVIL + "$x$";
        write("INSERT INTO breaker (connection, operation, state, since, until, reason) SELECT t, t, 'open', now(),"
                + " now() + interval '1 h', t FROM (SELECT " + text + "::text AS t) x");
        write("INSERT INTO cursor (connection, stream, value) VALUES ('crm', " + text + ", " + text + ")");
        write("INSERT INTO drift (source, type, kind, path, event_id, since, found_at) VALUES (" + text + ", " + text
                + ", 'new', " + text + ", 1, now(), now())");
        write(
                "INSERT INTO flow_switch (flow, state, since, share_since, who, why) VALUES ('tell-sales', 'paused', now(), now(), "
                        + text + ", " + text + ")");
    }

    @Test
    void whatTheyWroteIsShownAndNeverRun() {
        Guest operator = operator();
        String run = evilRun(operator);
        evilRows();
        String event = hub.hub()
                .column("SELECT 'e_' || event_id FROM open_run WHERE id = " + run.substring(2))
                .get(0);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(operator.get("/alerts").html()).contains("&lt;script&gt;"));
        var pages = new ArrayList<>(List.of(
                "/",
                "/runs",
                "/runs?state=dead&reason=" + WORD,
                "/runs?flow=" + WORD,
                "/runs/" + run,
                "/runs/" + run + "?payload=show",
                "/events/" + event,
                "/events/" + event + "?payload=show",
                "/dead-letters",
                "/dead-letters/fix?flow=" + WORD,
                "/alerts",
                "/search?q=evil@example.com",
                "/why?who=evil@example.com&field=" + WORD,
                "/drift",
                "/streams",
                "/flows",
                "/flows/tell-sales",
                "/audit",
                "/connections"));
        for (String path : pages) {
            Seen seen = operator.get(path);
            harmless(path, seen);
            assertThat(seen.html()).as("it is on " + path).contains("&lt;script&gt;alert(1)");
        }
        var others = operator.get("/alerts").page().select("main h2 a").eachAttr("href");
        assertThat(others).isNotEmpty();
        others.addAll(List.of(
                "/quotas",
                "/sources",
                "/login?then=" + WORD,
                "/search?q=" + WORD,
                "/mappings/" + WORD,
                "/flows/" + WORD,
                "/alerts/" + WORD,
                "/runs?since=" + WORD,
                "/runs/" + WORD));
        others.forEach(path -> harmless(path, operator.get(path)));
    }

    private static void harmless(String path, Seen seen) {
        assertThat(seen.status()).as(path).isLessThan(500);
        assertThat(seen.html()).as(path).doesNotContain("<script>alert", "<img src=x", "</textarea><script");
        assertThat(seen.page().select("script").stream().map(s -> s.attr("src")))
                .as(path)
                .allMatch("/console.js"::equals);
    }

    @Test
    void noLineBreakOfTheirsMakesAHeader() {
        String broken = "%0d%0aX-Evil:%20yes%0d%0a%0d%0ahello";
        Guest operator = operator();
        operator.headers.put("Authorization", "Bearer " + hub.token(Role.OPERATOR));
        Guest nobody = new Guest(hub.hub().url(""));
        String proof = Secrets.proof(operator.cookies.get(Login.SESSION));
        var answers = new ArrayList<Seen>();
        for (String path : List.of(
                "/search?q=r_1" + broken,
                "/search?q=e_1" + broken,
                "/search?q=" + broken,
                "/runs/r_1" + broken,
                "/runs?cursor=r_1" + broken,
                "/flows/" + broken,
                "/login?then=/" + broken,
                "/login/oidc?then=/" + broken,
                Api.BASE + "/runs?flow=" + broken,
                Api.BASE + "/runs/r_1" + broken,
                "/v1/receipts/e_1" + broken)) {
            answers.add(operator.get(path));
            answers.add(nobody.get(path));
        }
        String lines = "/\r\nX-Evil: yes";
        answers.add(nobody.submit("/login", "form", "token", hub.token(Role.VIEWER), "then", lines));
        answers.add(operator.post("/runs/r_1" + broken + "/discard", "proof", proof, "why", lines));
        answers.add(operator.post("/connections/x" + broken + "/resume", "proof", proof, "why", lines));
        answers.add(
                operator.post("/streams/crm/x" + broken, "proof", proof, "cursor", lines, "deed", "set", "why", "x"));

        assertThat(answers).allSatisfy(seen -> {
            assertThat(seen.status()).isLessThan(500);
            assertThat(seen.headers().map()).doesNotContainKey("x-evil");
            assertThat(seen.location()).doesNotContain("\r", "\n");
        });
        assertThat(answers.stream().map(Seen::location).filter(to -> !to.isEmpty()))
                .as("some were sent on")
                .isNotEmpty();
    }
}
