package dev.serai.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connector.Connector;
import dev.serai.library.Library;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What many records would cost, before anything is sent. */
class CallingTest {
    private static final Connector SHOP = Connector.read("f", "shop", """
            connector: shop
            base_url: https://shop.example
            quota: { requests: 1000, per: 1d }
            reads:
              find: { path: "/people", query: { email: "{email}" }, quota: { requests: 5, per: 1s } }
              job: { path: "/jobs/{job}" }
              person: { path: "/people/{id}" }
              refused: { path: "/jobs/{job}/refused" }
            writes:
              create: { method: POST, path: /people, class: once }
              update: { method: PATCH, path: "/people/{id}", class: idempotent }
              upsert: { upsert: { key: "{email}", search: find, create: create, update: update } }
              merge: { upsert: { key: "{email}", search: find, create: create, over: person, update: update } }
              told_later:
                method: POST
                path: /many
                class: idempotent
                batch: { list: people, most: 100, failures: { list: refused, by: index, id: row } }
                accepted: { read: job, state: state, job: id, done: [done], failures_read: refused }
              many:
                method: POST
                path: /many
                class: idempotent
                batch: { list: people, most: 100, results: { list: results } }
                accepted: { read: job, state: state, job: id, done: [done] }
            """, name -> Optional.empty());

    private static final Library LIBRARY = new Library(Map.of(), Map.of("shop", SHOP), Map.of());

    private static Flow flow(int batch, Flow.Step... steps) {
        return new Flow(
                "f",
                new Flow.Terms(List.of("t"), "", "", "normal", 0, batch),
                new Flow.Drawing("routes/f.camel.yaml", "", "event:t", List.of(steps)),
                true);
    }

    private static Flow.Step call(String id, String operation) {
        return new Flow.Step(id, "connector", "shop/" + operation, List.of(), List.of());
    }

    private static List<String> rows(Calling calling) {
        return calling.rows().stream()
                .map(row -> row.limited().name() + " " + row.calls() + " calls, "
                        + (int) row.cost().percentOf(row.window()) + " %, "
                        + row.atLeast().toSeconds() + " s")
                .toList();
    }

    @Test
    void whatWasDoneBeforeTheStepThatFailedIsNotCountedButReadsAreAskedAgain() {
        var flow = flow(1, call("look", "find"), call("make", "create"), call("change", "update"));

        assertThat(rows(new Calling().add(flow, LIBRARY, 500, "change")))
                .containsExactly("shop 1000 calls, 100 %, 0 s", "shop/find 500 calls, 10000 %, 99 s");
        assertThat(rows(new Calling().add(flow, LIBRARY, 500, "look")))
                .containsExactly("shop 1500 calls, 150 %, 86400 s", "shop/find 500 calls, 10000 %, 99 s");
        assertThat(rows(new Calling().add(flow, LIBRARY, 500, "gone-from-the-file")))
                .as("by a step that is not there any more nothing is known")
                .isEqualTo(rows(new Calling().add(flow, LIBRARY, 500, "")));
    }

    @Test
    void aSearchBeforeAWriteAndTheQuestionsForAJobAreCallsToo() {
        assertThat(rows(new Calling().add(SHOP, "upsert", 10, 1)))
                .containsExactly("shop 20 calls, 2 %, 0 s", "shop/find 10 calls, 200 %, 1 s");
        assertThat(rows(new Calling().add(SHOP, "merge", 10, 1)))
                .containsExactly("shop 30 calls, 3 %, 0 s", "shop/find 10 calls, 200 %, 1 s");
        assertThat(rows(new Calling().add(SHOP, "many", 250, 100))).containsExactly("shop 6 calls, 0 %, 0 s");
        assertThat(rows(new Calling().add(SHOP, "told_later", 250, 100))).containsExactly("shop 9 calls, 0 %, 0 s");
    }

    @Test
    void aFlowThatTakesRecordsOneByOneSendsThemSo() {
        var alone = flow(1, call("send", "many"));
        var together = flow(50, call("send", "many"));

        assertThat(rows(new Calling().add(alone, LIBRARY, 100, ""))).containsExactly("shop 200 calls, 20 %, 0 s");
        assertThat(rows(new Calling().add(together, LIBRARY, 100, ""))).containsExactly("shop 4 calls, 0 %, 0 s");
    }

    @Test
    void aStepInABranchIsCountedAsIfItWereTaken() {
        var choice = new Flow.Step(
                "", "choice", "", List.of(), List.of(new Flow.Branch("x", List.of(call("make", "create")))));
        var calling = new Calling().add(flow(1, choice, call("change", "update")), LIBRARY, 7, "");

        assertThat(rows(calling)).containsExactly("shop 14 calls, 1 %, 0 s");
        assertThat(calling.rows().get(0).atLeast()).isEqualTo(Duration.ZERO);
    }
}
