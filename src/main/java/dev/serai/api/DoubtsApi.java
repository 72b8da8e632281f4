package dev.serai.api;

import static dev.serai.api.Operation.get;
import static dev.serai.api.Operation.post;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.facts.RunFacts;
import dev.serai.store.ByHand;
import dev.serai.store.Doubts;
import dev.serai.store.Doubts.Doubt;
import dev.serai.store.History;
import dev.serai.store.Names;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What was sent and never answered: shown, and settled by who has looked at the vendor. */
final class DoubtsApi {
    private final History history;
    private final Doubts doubts;

    DoubtsApi(History history, Doubts doubts) {
        this.history = history;
        this.doubts = doubts;
    }

    List<Operation> operations() {
        return List.of(
                get("/in-doubt", "list_doubts", "What was sent and never answered, of all runs in doubt")
                        .takes(Paging.PARAMETERS)
                        .answers("DoubtPage", this::doubts),
                get("/runs/{run}/doubt", "show_doubt", "What was sent and never answered, of a run in doubt")
                        .answers("Doubt", this::doubt),
                post("/runs/{run}/settle", "settle_run", "Says whether what is in doubt was done")
                        .body("SettleOrder")
                        .answers("Settled", this::settle));
    }

    private Answer doubts(Ask ask) throws SQLException {
        long before = Paging.before(ask, Names::parseRun);
        List<Doubt> found = doubts.list(before == 0 ? Long.MAX_VALUE : before, ask.limit() + 1);
        return Answer.of(Paging.page(ask, found, DoubtsApi::json, Doubt::name));
    }

    private Doubt found(Ask ask) throws SQLException {
        Optional<Doubt> doubt = doubts.find(ask.run());
        if (doubt.isEmpty()) {
            Optional<History.Run> run = history.run(ask.run());
            if (run.isEmpty()) {
                throw Left.run(history, ask.run());
            }
            throw Declined.conflict(
                    run.get().name() + " is " + run.get().state() + ", not in doubt; there is nothing to settle");
        }
        return doubt.get();
    }

    private Answer doubt(Ask ask) throws SQLException {
        return Answer.of(json(found(ask)));
    }

    private static ObjectNode json(Doubt doubt) {
        return Json.object()
                .put("run", doubt.name())
                .put("seen", doubt.claim())
                .put("step", doubt.step())
                .put("connection", doubt.connection())
                .put("operation", doubt.operation())
                .put("write_class", doubt.writeClass())
                .put("idempotency_key", doubt.idempotencyKey())
                .put("intended_at", RunFacts.text(doubt.intendedAt()));
    }

    private Answer settle(Ask ask) throws SQLException {
        ByHand by = ask.byHand();
        Doubt doubt = found(ask);
        if (ask.body().path("seen").asInt(doubt.claim()) != doubt.claim()) {
            throw moved(doubt);
        }
        boolean settled =
                switch (ask.body().path("outcome").asText()) {
                    case "done" -> doubts.done(doubt, answer(ask.body()), by);
                    case "not_done" -> doubts.notDone(doubt, by);
                    default -> throw Declined.badRequest("\"outcome\" is missing; write done or not_done");
                };
        if (!settled) {
            throw moved(doubt);
        }
        return Answer.of(json(doubt).put("settled", ask.body().path("outcome").asText()));
    }

    private static byte[] answer(JsonNode body) {
        return body.has("answer") ? body.get("answer").toString().getBytes(StandardCharsets.UTF_8) : null;
    }

    private static Declined moved(Doubt doubt) {
        return Declined.conflict(doubt.name() + " has moved since it was looked at; nothing was changed. Look again");
    }
}
