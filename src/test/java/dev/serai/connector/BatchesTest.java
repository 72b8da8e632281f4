package dev.serai.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.run.Owner;
import dev.serai.run.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Many records in one call: how they are put into it, and how each gets its own outcome and nobody else's. */
class BatchesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Connector SHOP = Connector.read("f", "shop", """
            connector: shop
            base_url: https://shop.example
            auth: { type: bearer, token: "{{shop.token}}" }
            writes:
              by_id:
                method: POST
                path: /{list}/batch
                class: idempotent
                returns: customer
                batch:
                  list: data.inputs
                  most: 3
                  with: { data: { mode: "{mode}" }, all_or_none: false }
                  id: email
                  results:  { list: [created, updated], id: customer.email }
                  failures: { list: errors, id: context.ids }
                  errors:
                    - { field: category, equals: BUSY, verdict: retry, because: it is being changed }
                    - { field: category, equals: SAME, verdict: ignore }
              by_position:
                method: PATCH
                path: /records
                class: idempotent
                batch:
                  list: records
                  results: { list: . }
                  errors: [ { field: success, equals: false, verdict: fail, reason: errors.0.message } ]
              by_status:
                method: PATCH
                path: /responses
                class: idempotent
                batch: { list: records, results: { list: responses }, status: code }
              failures_only:
                method: POST
                path: /members
                class: idempotent
                batch: { list: members, id: email, failures: { list: errors, id: email_address } }
              whole:
                method: POST
                path: /whole
                class: idempotent
                batch: { list: members, id: email, all_or_none: true }
            """, name -> Optional.of("s3cret"));

    @Test
    void theRecordsArePutBesideWhatStandsThere() throws IOException {
        Request request = SHOP.batch("by_id")
                .orElseThrow()
                .request(
                        List.of(json("{'email':'a@x'}"), json("{'email':'b@x'}")),
                        Map.of("list", "l 1", "mode", "all"));

        assertThat(request.url()).hasToString("https://shop.example/l%201/batch");
        assertThat(JSON.readTree(request.body()))
                .isEqualTo(
                        json("{'data':{'mode':'all','inputs':[{'email':'a@x'},{'email':'b@x'}]},'all_or_none':false}"));
        assertThat(SHOP.batch("by_id").orElseThrow().most()).isEqualTo(3);
        assertThat(SHOP.batch("by_position").orElseThrow().most()).isEqualTo(100);
    }

    /** A value of one record must not decide where all of them go. */
    @Test
    void aPlaceIsFilledByArgumentsOnly() {
        assertThatThrownBy(() ->
                        SHOP.batch("by_id").orElseThrow().request(List.of(json("{'list':'l1'}")), Map.of("mode", "x")))
                .isInstanceOf(ConnectorRefused.class)
                .hasMessageContaining("\"list\" has no value");
    }

    @Test
    void aRecordWithoutTheIdOfItsResultIsRefused() {
        assertThatThrownBy(() -> SHOP.batch("by_id").orElseThrow().id(json("{'name':'Ada'}")))
                .isInstanceOf(ConnectorRefused.class)
                .hasMessage("shop/by_id: the record has no \"email\", by which its result is found; give it one");
        assertThat(SHOP.batch("by_id").orElseThrow().id(json("{'email':' A@x '}")))
                .contains("a@x");
        assertThat(SHOP.batch("by_position").orElseThrow().id(json("{}"))).isEmpty();
    }

    @Test
    void anEntryIsJudgedAsAnAnswerOfItsOwn() {
        List<BatchResult> results = SHOP.batch("by_id")
                .orElseThrow()
                .judge(
                        List.of(json("{'email':'a@x'}"), json("{'email':'b@x'}"), json("{'email':'c@x'}")),
                        answer(207, """
                        {'errors': [ {'category':'BUSY','message':'locked, s3cret','context':{'ids':['a@x']}},
                                     {'category':'SAME','context':{'ids':['b@x']}},
                                     {'category':'WRONG','message':'no such plan','context':{'ids':['C@x','d@x']}} ]}"""));

        assertThat(results)
                .extracting(r -> r.outcome().verdict())
                .containsExactly(Verdict.RETRY, Verdict.IGNORE, Verdict.FAIL);
        assertThat(results.get(0).outcome().reason())
                .isEqualTo("shop answered 207 and refused this record: locked, ***; it is being changed");
        assertThat(results.get(0).outcome().owner()).isEqualTo(Owner.TRANSIENT);
        assertThat(results.get(2).outcome().reason())
                .isEqualTo("shop answered 207 and refused this record: no such plan");
        assertThat(results.get(2).outcome().owner()).isEqualTo(Owner.CONFIG);
    }

    @Test
    void aSuccessOfAllOrNoneNeedsNoWordOfAnyRecord() {
        var none = new Answer(204, Map.of(), new byte[0]);

        assertThat(SHOP.batch("whole").orElseThrow().judge(List.of(json("{'email':'a@x'}"), json("{}")), none))
                .extracting(r -> r.outcome().verdict())
                .containsExactly(Verdict.SUCCESS, Verdict.SUCCESS);
    }

    /** The runs of an accepted call come again one by one, or in other company. */
    @Test
    void whatAJobTellsIsFoundByThePlaceInTheCallThatWasAccepted() {
        var batch = SHOP.batch("by_position").orElseThrow();
        JsonNode told = json("[{'success':true},{'success':false,'errors':[{'message':'no name'}]},{'success':true}]");

        List<BatchResult> results = batch.judgeDone(
                List.of(
                        new Batches.Sent(json("{}"), 2, 3),
                        new Batches.Sent(json("{}"), 1, 3),
                        new Batches.Sent(json("{}"), 1, 4)),
                told,
                told);

        assertThat(results)
                .extracting(r -> r.outcome().verdict())
                .containsExactly(Verdict.SUCCESS, Verdict.FAIL, Verdict.RETRY);
        assertThat(results.get(1).outcome().reason())
                .isEqualTo("shop accepted the call and refused this record: no name");
        assertThat(results.get(2).outcome().reason()).isEqualTo("shop accepted the call with 3 results for 4 records");
    }

    /** A list of failures that was cut tells nothing of those that it does not name. */
    @Test
    void whatIsNotAmongFewerFailuresThanWereToldIsNotTakenForDone() {
        Connector shop = Connector.read("f", "shop", """
                connector: shop
                base_url: https://shop.example
                reads:
                  job: { path: "/jobs/{job}" }
                  refused: { path: "/jobs/{job}/errors", returns: data }
                writes:
                  many:
                    method: POST
                    path: /imports
                    class: idempotent
                    batch: { list: rows, id: email, failures: { list: ., id: email } }
                    accepted: { job: id, read: job, state: state, done: [done], failures_read: refused, failures_total: failed }
                """, name -> Optional.empty());
        var batch = shop.batch("many").orElseThrow();
        var sent = List.of(
                new Batches.Sent(json("{'email':'a@x'}"), 0, 2), new Batches.Sent(json("{'email':'b@x'}"), 1, 2));
        JsonNode refused = json("[{'email':'b@x','message':'no such plan'}]");

        assertThat(verdicts(batch.judgeDone(sent, json("{'state':'done','failed':1}"), refused)))
                .containsExactly(Verdict.SUCCESS, Verdict.FAIL);
        assertThat(verdicts(batch.judgeDone(sent, json("{'state':'done'}"), refused)))
                .as("how many it has refused is not told")
                .containsExactly(Verdict.RETRY, Verdict.FAIL);
        assertThat(verdicts(batch.judgeDone(sent, json("{'state':'done','failed':2}"), refused)))
                .containsExactly(Verdict.RETRY, Verdict.FAIL);
        assertThat(verdicts(batch.judgeDone(
                        sent, json("{'state':'done'}"), com.fasterxml.jackson.databind.node.MissingNode.getInstance())))
                .as("no list at all")
                .containsExactly(Verdict.RETRY, Verdict.RETRY);
    }

    private static List<Verdict> verdicts(List<BatchResult> results) {
        return results.stream().map(result -> result.outcome().verdict()).toList();
    }

    @Test
    void anEntryMayHaveAStatusOfItsOwn() {
        List<BatchResult> results = SHOP.batch("by_status")
                .orElseThrow()
                .judge(
                        List.of(json("{}"), json("{}"), json("{}"), json("{}")),
                        answer(
                                200,
                                "{'responses':[{'code':201},{'code':422,'message':'no'},{'code':429},{'code':503}]}"));

        assertThat(results)
                .extracting(r -> r.outcome().verdict())
                .containsExactly(Verdict.SUCCESS, Verdict.FAIL, Verdict.RATE_LIMITED, Verdict.RETRY);
        assertThat(results.get(2).outcome().retryAfter()).isEqualTo(Verdicts.PATIENCE);
    }

    @Test
    void whereOnlyFailuresAreNamedSilenceIsASuccessUnlessTheAnswerIsNoJson() {
        List<JsonNode> items = List.of(json("{'email':'a@x'}"), json("{'email':'b@x'}"));

        assertThat(SHOP.batch("failures_only")
                        .orElseThrow()
                        .judge(items, answer(200, "{'errors':[{'email_address':'b@x','error':'looks fake'}]}")))
                .extracting(r -> r.outcome().verdict())
                .containsExactly(Verdict.SUCCESS, Verdict.FAIL);
        assertThat(SHOP.batch("failures_only").orElseThrow().judge(items, answer(200, "<html>")))
                .extracting(r -> r.outcome().verdict())
                .containsExactly(Verdict.RETRY, Verdict.RETRY);
    }

    @Test
    void anyAnswerGivesEachRecordByItsIdItsOwnOutcomeOrNone() {
        var dice = new Random(20261121);
        for (int round = 0; round < 2_000; round++) {
            var items = new ArrayList<JsonNode>();
            var fates = new ArrayList<Integer>();
            var entries = new ArrayList<ObjectNode>();
            int size = 1 + dice.nextInt(20);
            for (int i = 0; i < size; i++) {
                String id = "u" + i + "@x";
                items.add(JSON.createObjectNode().put("email", id));
                fates.add(dice.nextInt(3));
                String written = dice.nextBoolean() ? id : id.toUpperCase(Locale.ROOT);
                entry(fates.get(i), written, "fate of " + id).ifPresent(entries::add);
            }
            entry(dice.nextInt(2), "stranger@x", "fate of a stranger").ifPresent(entries::add);
            Collections.shuffle(entries, dice);

            List<BatchResult> results = SHOP.batch("by_id")
                    .orElseThrow()
                    .judge(items, answer(207, sorted(entries, dice).toString()));

            assertThat(results).hasSize(size);
            for (int i = 0; i < size; i++) {
                String own = "fate of u" + i + "@x";
                BatchResult result = results.get(i);
                switch (fates.get(i)) {
                    case 0 -> assertThat(result.useful().path("note").asText()).isEqualTo(own);
                    case 1 -> assertThat(result.outcome().reason()).endsWith(": " + own);
                    default -> assertThat(result.outcome().reason()).endsWith("said nothing of this record");
                }
            }
        }
    }

    /** 0 did it, 1 refused it, 2 says nothing. */
    private static Optional<ObjectNode> entry(int fate, String id, String note) {
        var entry = JSON.createObjectNode();
        if (fate == 0) {
            entry.putObject("customer").put("email", id).put("note", note);
        } else if (fate == 1) {
            entry.put("message", note).putObject("context").putArray("ids").add(id);
        }
        return fate == 2 ? Optional.empty() : Optional.of(entry);
    }

    private static ObjectNode sorted(List<ObjectNode> entries, Random dice) {
        var answer = JSON.createObjectNode();
        ArrayNode created = answer.putArray("created");
        ArrayNode updated = answer.putArray("updated");
        ArrayNode errors = answer.putArray("errors");
        entries.forEach(entry -> {
            ArrayNode list = entry.has("context") ? errors : dice.nextBoolean() ? created : updated;
            list.add(entry);
        });
        return answer;
    }

    @Test
    void anAnswerInTheOrderOfTheCallIsOnlyTrustedWhenItHasAsManyEntries() {
        var dice = new Random(7);
        for (int round = 0; round < 500; round++) {
            int size = 1 + dice.nextInt(10);
            int told = dice.nextBoolean() ? size : dice.nextInt(12);
            var items = new ArrayList<JsonNode>();
            for (int i = 0; i < size; i++) {
                items.add(JSON.createObjectNode().put("n", i));
            }
            var entries = JSON.createArrayNode();
            var failed = new HashSet<Integer>();
            for (int i = 0; i < told; i++) {
                ObjectNode entry = entries.addObject().put("id", "id" + i).put("success", dice.nextInt(3) > 0);
                if (!entry.path("success").asBoolean()) {
                    failed.add(i);
                    entry.putArray("errors").addObject().put("message", "wrong " + i);
                }
            }

            List<BatchResult> results =
                    SHOP.batch("by_position").orElseThrow().judge(items, answer(200, entries.toString()));

            assertThat(results).hasSize(size);
            for (int i = 0; i < size; i++) {
                BatchResult result = results.get(i);
                if (told != size) {
                    assertThat(result.outcome().verdict()).isEqualTo(Verdict.RETRY);
                } else if (failed.contains(i)) {
                    assertThat(result.outcome().reason()).endsWith(": wrong " + i);
                } else {
                    assertThat(result.useful().path("id").asText()).isEqualTo("id" + i);
                }
            }
        }
    }

    private static Answer answer(int status, String body) {
        return new Answer(
                status,
                Map.of("Content-Type", "application/json"),
                body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
