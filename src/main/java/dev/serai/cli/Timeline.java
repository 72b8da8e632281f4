package dev.serai.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.facts.RunFacts;
import dev.serai.store.History;
import dev.serai.store.History.Deed;
import dev.serai.store.History.Payload;
import dev.serai.store.History.Run;
import dev.serai.store.Journal.Attempt;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** One run from its event to its end, on a page. */
record Timeline(RunFacts facts, Payloads payloads) {

    /** What arrived, and what a person has made of it; empty unless they were asked for. */
    record Payloads(Optional<Payload> arrived, Optional<byte[]> corrected) {
        static final Payloads NOT_ASKED = new Payloads(Optional.empty(), Optional.empty());
    }

    /** Empty when there is no such run. */
    static Optional<Timeline> read(History history, long id, boolean withPayload) throws SQLException {
        Optional<RunFacts> facts = RunFacts.read(history, id);
        if (facts.isEmpty()) {
            return Optional.empty();
        }
        Payloads payloads = withPayload
                ? new Payloads(history.payload(facts.get().run().event().id()), history.corrected(id))
                : Payloads.NOT_ASKED;
        return Optional.of(new Timeline(facts.get(), payloads));
    }

    void print(PrintStream out, Paint paint) {
        Instant now = Instant.now();
        Run run = facts.run();
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
        facts.byHand().forEach(deed -> out.println("  by hand   " + line(deed, now)));
        printSteps(out, paint);
        printAttempts(out, paint);
        payloads.arrived.ifPresent(p -> out.println("\npayload, " + p.contentType() + ":\n" + text(p.bytes())));
        payloads.corrected.ifPresent(bytes -> out.println("\npayload as it was corrected:\n" + text(bytes)));
    }

    private String line(Deed deed, Instant now) {
        String patch = deed.patch() == null
                ? ""
                : payloads.arrived.isPresent() ? "; payload patched by " + deed.patch() : "; payload corrected";
        return deed.what() + ", " + deed.who() + ", " + at(deed.at(), now) + ": " + RunLists.orDash(deed.why()) + patch;
    }

    private void printSteps(PrintStream out, Paint paint) {
        if (!facts.steps().isEmpty()) {
            out.println();
            var table = new Table("step", "state", "call", "class");
            facts.steps()
                    .forEach(step -> table.row(
                            step.name(), step.state(), step.connection() + "/" + step.operation(), step.writeClass()));
            table.print(out, paint);
        }
    }

    private void printAttempts(PrintStream out, Paint paint) {
        if (facts.attempts().isEmpty()) {
            return;
        }
        out.println();
        var table = new Table("at", "step", "no", "status", "verdict", "took");
        facts.attempts().forEach(each -> {
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
        if (facts.isCut()) {
            out.println("There is more: at most " + History.MOST_LINES + " steps and as many attempts are shown.");
        }
    }

    private static String at(Instant time, Instant now) {
        return time == null ? "unknown: its event is gone" : Words.time(time) + ", " + Words.age(time, now);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    String json() {
        ObjectNode json = facts.json();
        payloads.arrived.ifPresent(
                p -> json.put("content_type", p.contentType()).put("payload", text(p.bytes())));
        payloads.corrected.ifPresent(bytes -> json.put("corrected_payload", text(bytes)));
        return json.toPrettyString();
    }
}
