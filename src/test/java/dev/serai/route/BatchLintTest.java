package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.file.Problem;
import dev.serai.file.Problems;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a flow that takes many events at once is refused for, and what to write instead. */
class BatchLintTest {

    @Test
    void aFlowOfStepsThatWorkOnEachRecordIsTaken() {
        assertThat(problems("event:contact.updated?batchSize=100&batchWait=2s", "", """
                - to: "mapping:hubspot/contact-to-upsert"
                - log: { id: l, message: "${header.SeraiBatchSize}" }
                - to: { id: c, uri: connector:hubspot/upsert_contacts }
                - to: { id: e, uri: "event:contact.synced" }
                """))
                .isEmpty();
    }

    @Test
    void whatWouldWorkOnceForAllRecordsIsRefused() {
        assertThat(problems("event:contact.updated", "batchSize: 50", """
                - setBody: { id: b, simple: "${body[0]}" }
                - split: { id: s, simple: "${body}", steps: [ { log: { id: l, message: x } } ] }
                - choice: { id: c, when: [ ] }
                - to: { id: q, uri: "sql:SELECT 1" }
                - to: { id: m, uri: "mapping:x/y", variableSend: kept }
                """))
                .containsExactly(
                        "routes/f:8:20: \"setBody\" would work once for all the records of a batch, not for each; publish each"
                                + " record with \"to: event:…\" and let a flow without batchSize go on from there",
                        "routes/f:9:18: \"split\" would work once for all the records of a batch, not for each; publish each"
                                + " record with \"to: event:…\" and let a flow without batchSize go on from there",
                        "routes/f:10:19: \"choice\" would work once for all the records of a batch, not for each; publish each"
                                + " record with \"to: event:…\" and let a flow without batchSize go on from there",
                        "routes/f:11:15: \"sql:\" takes the whole list; in a batch only mapping:, connector: and event: work on"
                                + " each record; publish each record with \"to: event:…\" and let a flow without batchSize go"
                                + " on from there",
                        "routes/f:12:44: records leave a batch when they fail, and a variable would still hold them; leave"
                                + " \"variableSend\" out");
    }

    @Test
    void theNumbersOfABatchAreChecked() {
        assertThat(problems("event:a,b?batchSize=2000", "batchWait: soon", "- log: { id: l, message: x }"))
                .containsExactly(
                        "routes/f:4:7: \"batchSize\" is \"2000\"; a whole number from 1 to 1000 is needed",
                        "routes/f:4:7: \"batchWait\" is \"soon\"; a duration like 500ms, 10s, 5m, 2h or 1d is needed",
                        "routes/f:4:7: a batch holds events of one type; make a flow for each type");
        assertThat(problems("event:a?batchWait=1s", "", "- log: { id: l, message: x }"))
                .containsExactly(
                        "routes/f:4:7: \"batchWait\" does nothing without \"batchSize\"; add it, as in batchSize=100");
        assertThat(problems("event:a?batchSize={{size}}", "batchWait: \"{{wait}}\"", "- log: { id: l, message: x }"))
                .isEmpty();
    }

    @Test
    void aFlowWithoutABatchIsFree() {
        assertThat(problems("event:a,b", "batchSize: 1", "- setBody: { id: b, simple: x }"))
                .isEmpty();
    }

    private static List<String> problems(String uri, String parameters, String steps) {
        String flow = """
                - route:
                    id: f
                    from:
                      id: from
                      uri: "%s"
                      parameters: { %s }
                      steps:
                """.formatted(uri, parameters) + steps.indent(8);
        var problems = new Problems();
        BatchLint.check(FlowFile.read("routes/f", flow), problems);
        return problems.all().stream().map(Problem::toString).toList();
    }
}
