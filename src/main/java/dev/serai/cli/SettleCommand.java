package dev.serai.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "settle",
        description = {
            "Say what became of a write nobody knows about: a run in doubt goes on then.",
            "Without --done or --not-done it shows what was sent, and where to look. Who and why are noted.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai runs settle r_81",
            "  serai runs settle r_81 --done --why \"Slack shows it at 09:30\"",
            "  serai runs settle r_81 --not-done --seen 2 --why \"not in the channel\""
        })
final class SettleCommand extends HubCommand {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    @Parameters(paramLabel = "RUN", description = "Its id, as lists show it: r_81.")
    private String run;

    @Option(names = "--done", description = "It was done: go on behind it.")
    private boolean done;

    @Option(names = "--not-done", description = "It was not done: send it again.")
    private boolean notDone;

    @Option(
            names = "--answer",
            paramLabel = "FILE",
            description = "With --done: what the vendor would have answered, as JSON, for the steps behind it.")
    private String answer;

    @Option(
            names = "--seen",
            paramLabel = "NUMBER",
            description = "The claim the evidence was shown for; refused when the run has moved since.")
    private Integer seen;

    @Option(names = "--why", paramLabel = "TEXT", description = "What was found there. Needed.")
    private String why;

    @Option(names = "--json", description = "As JSON, for scripts.")
    private boolean json;

    SettleCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        String name = RunsCommand.run(run);
        if (done && notDone) {
            throw new WrongUse("Write --done or --not-done, not both.");
        }
        if (answer != null && !done) {
            throw new WrongUse("--answer goes with --done: what was not done has no answer.");
        }
        ObjectNode order = HubClient.body().put("outcome", done ? "done" : "not_done");
        if (answer != null) {
            order.set("answer", answer());
        }
        if (done || notDone) {
            order.put("why", Given.why(why));
        }
        return hub(Cli.FOUND, hub -> settle(hub, name, order));
    }

    private int settle(HubClient hub, String name, ObjectNode order) {
        Optional<JsonNode> facts = hub.find(HubClient.path("runs", name));
        if (facts.isEmpty()) {
            return missing("There is no run " + name + "; see serai runs list --state in_doubt.");
        }
        String state = Facts.text(facts.get(), "state");
        if (!state.equals("in_doubt")) {
            return missing(name + " is " + state + ", not in doubt; there is nothing to settle."
                    + (state.equals("dead") ? " Let it go on with serai dead-letters resume " + name + "." : ""));
        }
        JsonNode doubt = hub.get(HubClient.path("runs", name, "doubt"));
        if (seen != null && seen != doubt.path("seen").asInt()) {
            return moved(name);
        }
        if (!done && !notDone) {
            show(doubt, facts.get());
            return Cli.FINE;
        }
        try {
            // what is settled is what was shown: the run must not have moved since
            hub.post(
                    HubClient.path("runs", name, "settle"),
                    order.put("seen", doubt.path("seen").asInt()));
        } catch (HubProblem e) {
            if (e.isConflict()) {
                return moved(name);
            }
            throw e;
        }
        show(doubt, facts.get());
        return settled(name, Facts.text(doubt, "step"));
    }

    private JsonNode answer() {
        try {
            return JSON.readTree(Given.file(shell(), "--answer", answer));
        } catch (IOException e) {
            throw new WrongUse("--answer " + answer + ": not JSON");
        }
    }

    private int moved(String name) {
        return missing(name + " has moved since it was looked at; nothing was changed. Look again: serai runs settle "
                + name + ".");
    }

    private int settled(String name, String step) {
        if (!json) {
            out().println();
            out().println(
                            done
                                    ? name + " goes on behind step " + step + "; a running hub takes it now."
                                    : name + " sends step " + step + " again; a running hub takes it now.");
        }
        return Cli.FINE;
    }

    private void show(JsonNode doubt, JsonNode facts) {
        if (json) {
            ObjectNode said = doubt.deepCopy();
            said.put("settled", done ? "done" : notDone ? "not_done" : null);
            said.set("facts", facts);
            json(said);
            return;
        }
        String name = Facts.text(doubt, "run");
        String step = Facts.text(doubt, "step");
        JsonNode event = facts.path("event");
        out().println(shell().paint().bold(name) + "  " + Facts.text(facts, "flow") + "  "
                + shell().paint().state(Facts.text(facts, "state")) + ", claim " + Facts.text(doubt, "seen"));
        out().println("  why       step " + step + ": " + Facts.orDash(facts, "reason"));
        out().println("  sent      " + Facts.text(doubt, "connection") + "/" + Facts.text(doubt, "operation")
                + " (class " + Facts.text(doubt, "write_class") + "), idempotency key "
                + Facts.text(doubt, "idempotency_key"));
        out().println("  noted     " + Words.time(Facts.time(doubt, "intended_at")));
        for (JsonNode attempt : facts.path("attempts")) {
            if (Facts.text(attempt, "step").equals(step)) {
                String status =
                        Facts.has(attempt, "status") ? "answered " + Facts.text(attempt, "status") : "no answer";
                out().println("  attempt   " + Facts.text(attempt, "endpoint") + " at "
                        + Words.time(Facts.time(attempt, "at")) + ", " + Facts.text(attempt, "request_size")
                        + " bytes, "
                        + status);
            }
        }
        out().println("  look for  " + Facts.text(doubt, "operation") + " in " + Facts.text(doubt, "connection")
                + " about " + Facts.text(event, "record") + ", around that time (event " + Facts.text(event, "receipt")
                + ")");
        if (!done && !notDone) {
            String seen = Facts.text(doubt, "seen");
            out().println();
            out().println("Then write one of");
            out().println("  serai runs settle " + name + " --done --seen " + seen + " --why …");
            out().println("  serai runs settle " + name + " --not-done --seen " + seen + " --why …");
        }
    }
}
