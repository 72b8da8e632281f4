package dev.serai.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.alert.Judge.News;
import dev.serai.alert.Measures.Blast;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What people read, wherever an alert is told. */
class MessageTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private static Rule rule(Signal signal) {
        return Rules.SHIPPED.all().stream()
                .filter(rule -> rule.signal() == signal)
                .findFirst()
                .orElseThrow();
    }

    private static ObjectNode told(Signal signal, Map<String, String> about, Blast touched, long waiting) {
        var found = new Finding(rule(signal), "orders", Severity.WARNING, 3, about, touched, false, waiting);
        Alert alert = Judge.seen(null, found, NOON).alert();
        return Message.tell(Message.of(found, alert, "https://hub.example"), News.RAISED);
    }

    @Test
    void theTextNamesCauseOwnerReachAndWhetherResumingIsSafe() {
        var about = Map.of("flow", "orders", "class", "validation", "newest", "r_9", "reason", "3 runs failed alike");
        assertThat(told(Signal.REPEATED_PATTERN, about, new Blast(2, 0, 0), 0)
                        .path("text")
                        .asText()
                        .lines())
                .containsExactly(
                        "3 runs failed alike",
                        "Cause: what the record holds does not fit: a mapping or the other side refuses it",
                        "Owner: config, so a person has to act",
                        "What to do: Read one: serai runs show r_9. Mend the cause, then let them go on: serai dead-letters"
                                + " resume --flow orders --why \"…\"",
                        "Reach: 2 records",
                        "Replay: safe: what succeeded is not sent again, and no write is half done",
                        "Team: operations",
                        "Runbook: https://hub.example/runbooks/validation",
                        "Alert: https://hub.example/alerts/" + Alert.name("dead-letters orders"));
    }

    @Test
    void whatPassesByItselfAndWhatWaitsMeanwhileIsSaid() {
        var about = Map.of("flow", "orders", "class", "server", "reason", "1 run failed alike");
        assertThat(told(Signal.REPEATED_PATTERN, about, new Blast(1, 0, 0), 7)
                        .path("text")
                        .asText())
                .contains("Cause: the other side fails\n", "Owner: transient, so it passes by itself\n")
                .contains("Reach: 1 record; 7 runs wait\n");
    }

    @Test
    void thatRecordsRestIsSaid() {
        var about = Map.of("flow", "orders", "class", "validation", "reason", "30 runs failed alike");
        assertThat(told(Signal.REPEATED_PATTERN, about, new Blast(4, 0, 0, 2, 9), 9)
                        .path("text")
                        .asText())
                .contains("Reach: 4 records, 2 of which rest for having failed so again and again; 9 runs wait\n");
    }

    @Test
    void aStateTellsItsCauseAndOwnerToo() {
        var body = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "breaker.opened")
                .put("connection", "crm")
                .put("owner", "transient")
                .put("reason", "crm/put failed");
        Message.tell(Message.ofState(body, "crm put", false, Rules.SHIPPED, ""), News.RAISED);
        assertThat(body.path("text").asText())
                .contains("Cause: a breaker has opened\n", "Owner: transient, so it passes by itself\n");
    }

    @Test
    void whatLeavesTheHouseHoldsNoAddressesAndNumbersOfPeople() {
        for (News news : List.of(News.RAISED, News.RESOLVED)) {
            var body = JsonNodeFactory.instance
                    .objectNode()
                    .put("kind", "breaker.opened")
                    .put("connection", "crm")
                    .put("reason", "crm answered 503: no queue for ada@example.com, +49 30 901820");
            Message.tell(Message.ofState(body, "crm put", false, Rules.SHIPPED, ""), news);

            assertThat(body.toString())
                    .contains("no queue for a***@e***, +***")
                    .doesNotContain("ada@example.com", "901820");
            assertThat(body.path("title").asText()).contains("a***@e***");
            assertThat(body.path("text").asText()).contains("a***@e***");
        }
    }
}
