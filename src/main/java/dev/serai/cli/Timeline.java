package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Iterator;
import java.util.StringJoiner;

/**
 * One run from its event to its end, on a page.
 *
 * @param run as the API tells it; with what arrived where that was asked for
 * @param calls whether also what each attempt sent and was answered
 */
record Timeline(JsonNode run, boolean calls) {
    void print(PrintStream out, Paint paint) {
        Instant now = Instant.now();
        JsonNode event = run.path("event");
        String state = Facts.text(run, "state");
        out.println(paint.bold(Facts.text(run, "run")) + "  " + Facts.text(run, "flow") + "  " + paint.state(state));
        out.println("  event     " + Facts.text(event, "receipt") + " " + Facts.text(event, "type") + " of "
                + Facts.text(event, "source") + ", record " + Facts.text(event, "record"));
        out.println("  received  " + at(Facts.time(event, "received_at"), now));
        if (Facts.has(run, "finished_at")) {
            out.println("  finished  " + at(Facts.time(run, "finished_at"), now));
        } else if (state.equals("waiting")) {
            out.println("  due       " + at(Facts.time(run, "due_at"), now) + ", durable retry "
                    + Facts.text(run, "retries"));
            if (Facts.has(run, "behind")) {
                out.println("  behind    " + Facts.text(run, "behind") + " of the same record, which has to end first");
            }
        }
        if (Facts.text(run, "waits_for").equals("rest")) {
            out.println("  rests     its record failed so again and again; its next event is tried "
                    + Words.time(Facts.time(run, "due_at")) + ", or once this run is resumed or discarded");
        }
        if (Facts.has(run, "reason")) {
            String step = Facts.has(run, "step") ? "step " + Facts.text(run, "step") + ": " : "";
            out.println("  why       " + step + Facts.text(run, "reason"));
        }
        printDeeds(out, now);
        printSteps(out, paint);
        printAttempts(out, paint);
        printCalls(out, paint);
        if (run.has("payload")) {
            out.println("\npayload, " + Facts.text(run, "content_type") + ":\n" + Facts.text(run, "payload"));
        }
        if (run.has("corrected_payload")) {
            out.println("\npayload as it was corrected:\n" + Facts.text(run, "corrected_payload"));
        }
    }

    private void printDeeds(PrintStream out, Instant now) {
        Iterator<JsonNode> patches = run.path("patches").elements();
        for (JsonNode deed : run.path("by_hand")) {
            String patch = !deed.path("corrected").asBoolean()
                    ? ""
                    : patches.hasNext()
                            ? "; payload patched by " + patches.next().asText()
                            : "; payload corrected";
            out.println("  by hand   " + Facts.text(deed, "what") + ", " + Facts.text(deed, "who") + ", "
                    + at(Facts.time(deed, "at"), now) + ": " + Facts.orDash(deed, "why") + patch);
        }
    }

    private void printSteps(PrintStream out, Paint paint) {
        if (!run.path("steps").isEmpty()) {
            out.println();
            var table = new Table("step", "state", "call", "class");
            run.path("steps")
                    .forEach(step -> table.row(
                            Facts.text(step, "step"),
                            Facts.text(step, "state"),
                            Facts.text(step, "connection") + "/" + Facts.text(step, "operation"),
                            Facts.text(step, "write_class")));
            table.print(out, paint);
        }
    }

    private void printAttempts(PrintStream out, Paint paint) {
        if (run.path("attempts").isEmpty()) {
            return;
        }
        out.println();
        var table = new Table("at", "step", "no", "status", "verdict", "took");
        for (JsonNode attempt : run.path("attempts")) {
            table.noted(
                    Facts.text(attempt, "reason"),
                    Words.clock(Facts.time(attempt, "at")),
                    Facts.text(attempt, "step"),
                    Facts.text(attempt, "number"),
                    Facts.has(attempt, "status") ? Facts.text(attempt, "status") : "none",
                    Facts.text(attempt, "verdict"),
                    Facts.text(attempt, "duration_ms") + " ms");
        }
        table.print(out, paint);
        if (run.has("cut")) {
            out.println("There is more: " + Facts.text(run, "cut") + ".");
        }
    }

    private void printCalls(PrintStream out, Paint paint) {
        JsonNode evidence = run.path("evidence");
        if (evidence.path("kept").asBoolean() && !calls) {
            out.println("What was sent and answered: serai runs show " + Facts.text(run, "run") + " --calls");
        } else if (evidence.path("kept").asBoolean()) {
            out.println("\nsent and answered");
            run.path("attempts").forEach(attempt -> printCall(out, paint, attempt));
        }
        if (Facts.has(evidence, "note")) {
            out.println("Note: " + Facts.text(evidence, "note") + ".");
        }
    }

    private static void printCall(PrintStream out, Paint paint, JsonNode attempt) {
        if (!attempt.has("request")) {
            return;
        }
        JsonNode request = attempt.path("request");
        var path = new StringJoiner("/", "/", "");
        request.path("path").forEach(segment -> path.add(segment.asText()));
        out.println(paint.bold(Facts.text(attempt, "step") + " " + Facts.text(attempt, "number")) + "  "
                + Facts.text(request, "method") + " " + path
                + (request.path("query").isEmpty() ? "" : " " + request.path("query")));
        if (request.has("body")) {
            out.println("  sent      " + request.path("body"));
        }
        JsonNode answer = attempt.path("answer");
        out.println("  answered  "
                + (answer.isObject()
                        ? answer.path("status") + " " + answer.path("body").toString()
                        : "nothing"));
    }

    private static String at(Instant time, Instant now) {
        return time == null ? "unknown: its event is gone" : Words.time(time) + ", " + Words.age(time, now);
    }
}
