package dev.serai.facts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.run.ErrorClass;
import dev.serai.run.Owner;
import dev.serai.store.History;
import dev.serai.store.History.Deed;
import dev.serai.store.History.Run;
import dev.serai.store.History.Step;
import dev.serai.store.History.StepAttempt;
import dev.serai.store.Names;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One run from its event to its end: what it did, what came of each attempt, and what people did with it. */
public record RunFacts(Run run, List<Step> steps, List<StepAttempt> attempts, List<Deed> byHand) {

    /** Empty when there is no such run. */
    public static Optional<RunFacts> read(History history, long id) throws SQLException {
        Optional<Run> run = history.run(id);
        return run.isPresent() ? Optional.of(read(history, run.get())) : Optional.empty();
    }

    static RunFacts read(History history, Run run) throws SQLException {
        return new RunFacts(run, history.steps(run.id()), history.attempts(run.id()), history.byHand(run.id()));
    }

    /** The writes that were done at remotes. */
    public List<Step> effects() {
        return steps.stream().filter(Step::isEffect).toList();
    }

    /** Whether there is more than is told. */
    public boolean isCut() {
        return steps.size() == History.MOST_LINES || attempts.size() == History.MOST_LINES;
    }

    /** A run as lists show it, with its event. */
    public static ObjectNode line(Run run) {
        ObjectNode json = bare(run);
        json.putObject("event")
                .put("receipt", run.event().receipt())
                .put("source", run.event().source())
                .put("type", run.event().type())
                .put("record", run.event().record())
                .put("received_at", text(run.event().receivedAt()));
        return json;
    }

    private static ObjectNode bare(Run run) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("run", run.name()).put("flow", run.flow()).put("state", run.state());
        json.put("created_at", text(run.createdAt())).put("finished_at", text(run.finishedAt()));
        json.put("due_at", text(run.dueAt())).put("retries", run.retries());
        json.put("waits_for", run.waitsFor()).put("behind", run.behind() == 0 ? null : Names.run(run.behind()));
        json.put("step", run.step()).put("reason", run.reason());
        json.put(
                "owner",
                Optional.ofNullable(run.owner())
                        .map(Owner::name)
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .orElse(null));
        return json;
    }

    /** All of it. */
    public ObjectNode json() {
        ObjectNode json = line(run);
        tell(json);
        return json;
    }

    /** As part of a proof, which has told the event already. */
    ObjectNode proof() {
        ObjectNode json = bare(run);
        tell(json);
        return json;
    }

    /** The last attempt at the step that failed says what kind of failure it was; empty while nothing has. */
    public Optional<ErrorClass> errorClass() {
        if (!RunQuery.SET_ASIDE.contains(run.state())) {
            return Optional.empty();
        }
        Optional<StepAttempt> last = attempts.stream()
                .filter(attempt -> attempt.step().equals(run.step()))
                .reduce((earlier, later) -> later);
        return Optional.of(ErrorClass.of(new ErrorClass.Failed(
                run.state(),
                run.owner(),
                last.map(each -> each.attempt().verdict()).orElse(null),
                last.map(each -> each.attempt().status()).orElse(null),
                last.map(each -> each.attempt().reason()).orElse(null))));
    }

    private void tell(ObjectNode json) {
        json.put("class", errorClass().map(ErrorClass::word).orElse(null));
        json.put(
                "runbook",
                errorClass().map(kind -> Runbooks.address(kind.word())).orElse(null));
        ArrayNode stepList = json.putArray("steps");
        steps.forEach(step -> {
            ObjectNode one = call(stepList, step)
                    .put("state", step.state())
                    .put("write_class", step.writeClass())
                    .put("at", text(step.at()));
            step.mapped().forEach(one.putArray("mapped")::add);
        });
        ArrayNode attemptList = json.putArray("attempts");
        attempts.forEach(each -> attemptList
                .addObject()
                .put("at", text(each.attempt().at()))
                .put("step", each.step())
                .put("number", each.attempt().number())
                .put("endpoint", each.attempt().endpoint())
                .put("request_size", each.attempt().requestSize())
                .put("status", each.attempt().status())
                .put("verdict", each.attempt().verdict())
                .put("reason", each.attempt().reason())
                .put("duration_ms", each.attempt().took().toMillis()));
        ArrayNode effectList = json.putArray("effects");
        effects().forEach(step -> call(effectList, step)
                .put("idempotency_key", step.idempotencyKey())
                .put("at", text(step.at())));
        ArrayNode deeds = json.putArray("by_hand");
        byHand.forEach(deed -> deeds.addObject()
                .put("at", text(deed.at()))
                .put("what", deed.what())
                .put("who", deed.who())
                .put("why", deed.why())
                .put("corrected", deed.patch() != null));
        if (isCut()) {
            json.put("cut", "at most " + History.MOST_LINES + " steps and as many attempts are told");
        }
    }

    private static ObjectNode call(ArrayNode list, Step step) {
        return list.addObject()
                .put("step", step.name())
                .put("connection", step.connection())
                .put("operation", step.operation());
    }

    public static String text(Instant time) {
        return time == null ? null : time.toString();
    }
}
