package dev.serai.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.store.History;
import dev.serai.store.History.Payload;
import dev.serai.store.History.Run;
import dev.serai.store.History.Step;
import dev.serai.store.History.StepAttempt;
import dev.serai.store.Journal.Attempt;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One run from its event to its end.
 *
 * @param payload the event's bytes, when they were asked for
 */
record Timeline(Run run, List<Step> steps, List<StepAttempt> attempts, Optional<Payload> payload) {

    /** Empty when there is no such run. */
    static Optional<Timeline> read(History history, long id, boolean withPayload) throws SQLException {
        Optional<Run> run = history.run(id);
        if (run.isEmpty()) {
            return Optional.empty();
        }
        Optional<Payload> payload =
                withPayload ? history.payload(run.get().event().id()) : Optional.empty();
        return Optional.of(new Timeline(run.get(), history.steps(id), history.attempts(id), payload));
    }

    void print(PrintStream out, Paint paint) {
        Instant now = Instant.now();
        out.println(paint.bold(run.name()) + "  " + run.flow() + "  " + paint.state(run.state()));
        out.println("  event     " + run.event().receipt() + " " + run.event().type() + " of "
                + run.event().source() + ", record " + run.event().record());
        out.println("  received  " + at(run.event().receivedAt(), now));
        if (run.finishedAt() != null) {
            out.println("  finished  " + at(run.finishedAt(), now));
        } else if (run.state().equals("waiting")) {
            out.println("  due       " + at(run.dueAt(), now) + ", durable retry " + run.retries());
        }
        if (run.reason() != null) {
            out.println("  why       " + (run.step() == null ? "" : "step " + run.step() + ": ") + run.reason());
        }
        printSteps(out, paint);
        printAttempts(out, paint);
        payload.ifPresent(p -> out.println("\npayload, " + p.contentType() + ":\n" + text(p)));
    }

    private void printSteps(PrintStream out, Paint paint) {
        if (!steps.isEmpty()) {
            out.println();
            var table = new Table("step", "state", "call", "class");
            steps.forEach(step -> table.row(
                    step.name(), step.state(), step.connection() + "/" + step.operation(), step.writeClass()));
            table.print(out, paint);
        }
    }

    private void printAttempts(PrintStream out, Paint paint) {
        if (attempts.isEmpty()) {
            return;
        }
        out.println();
        var table = new Table("at", "step", "no", "status", "verdict", "took");
        attempts.forEach(each -> {
            Attempt attempt = each.attempt();
            String status = attempt.status() == null ? "none" : attempt.status().toString();
            table.noted(
                    attempt.reason() == null ? "" : attempt.reason(),
                    Words.clock(attempt.at()),
                    each.step(),
                    String.valueOf(attempt.number()),
                    status,
                    attempt.verdict(),
                    attempt.took().toMillis() + " ms");
        });
        table.print(out, paint);
    }

    private static String at(Instant time, Instant now) {
        return Words.time(time) + ", " + Words.age(time, now);
    }

    private static String text(Payload payload) {
        return new String(payload.bytes(), StandardCharsets.UTF_8);
    }

    String json() {
        return node().toPrettyString();
    }

    ObjectNode node() {
        ObjectNode json = RunLists.json(run);
        ArrayNode stepList = json.putArray("steps");
        steps.forEach(step -> stepList.addObject()
                .put("step", step.name())
                .put("state", step.state())
                .put("connection", step.connection())
                .put("operation", step.operation())
                .put("write_class", step.writeClass()));
        ArrayNode attemptList = json.putArray("attempts");
        attempts.forEach(each -> attemptList
                .addObject()
                .put("at", each.attempt().at().toString())
                .put("step", each.step())
                .put("number", each.attempt().number())
                .put("endpoint", each.attempt().endpoint())
                .put("request_size", each.attempt().requestSize())
                .put("status", each.attempt().status())
                .put("verdict", each.attempt().verdict())
                .put("reason", each.attempt().reason())
                .put("duration_ms", each.attempt().took().toMillis()));
        payload.ifPresent(p -> json.put("content_type", p.contentType()).put("payload", text(p)));
        return json;
    }
}
