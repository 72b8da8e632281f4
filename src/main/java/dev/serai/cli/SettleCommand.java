package dev.serai.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.config.Setting;
import dev.serai.facts.RunFacts;
import dev.serai.store.ByHand;
import dev.serai.store.Doubts.Doubt;
import dev.serai.store.History;
import dev.serai.store.Names;
import java.io.IOException;
import java.sql.SQLException;
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
@SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
final class SettleCommand extends ShellCommand {
    private static final ObjectMapper JSON = new ObjectMapper();

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
    public Integer call() throws SQLException {
        long id = RunsCommand.id(run);
        if (done && notDone) {
            throw new WrongUse("Write --done or --not-done, not both.");
        }
        if (answer != null && !done) {
            throw new WrongUse("--answer goes with --done: what was not done has no answer.");
        }
        byte[] answered = answer == null ? null : answer();
        Optional<ByHand> by = done || notDone ? Optional.of(Given.byHand(why)) : Optional.empty();
        return RunLists.ask(shell(), Cli.FOUND, desk -> {
            Optional<Doubt> doubt = desk.doubts().find(id);
            if (doubt.isEmpty()) {
                return refused(desk.history(), id);
            }
            if (seen != null && seen != doubt.get().claim()) {
                return moved(id);
            }
            Optional<RunFacts> facts = RunFacts.read(desk.history(), id);
            show(doubt.get(), facts.orElseThrow());
            if (by.isEmpty()) {
                return Cli.FINE;
            }
            boolean settled = done
                    ? desk.doubts().done(doubt.get(), answered, by.get())
                    : desk.doubts().notDone(doubt.get(), by.get());
            return settled ? settled(doubt.get()) : moved(id);
        });
    }

    private byte[] answer() {
        byte[] given = Given.file(shell(), "--answer", answer);
        try {
            return JSON.writeValueAsBytes(JSON.readTree(given));
        } catch (IOException e) {
            throw new WrongUse("--answer " + answer + ": not JSON");
        }
    }

    private int refused(History history, long id) throws SQLException {
        String name = Names.run(id);
        Optional<History.Run> run = history.run(id);
        shell().err()
                .println(
                        run.isEmpty()
                                ? "There is no run " + name + "; see serai runs list --state in_doubt."
                                : name + " is " + run.get().state() + ", not in doubt; there is nothing to settle."
                                        + (run.get().state().equals("dead")
                                                ? " Let it go on with serai dead-letters resume " + name + "."
                                                : ""));
        return Cli.FOUND;
    }

    private int moved(long id) {
        shell().err()
                .println(
                        Names.run(id) + " has moved since it was looked at; nothing was changed. Look again: serai runs"
                                + " settle " + Names.run(id) + ".");
        return Cli.FOUND;
    }

    private int settled(Doubt doubt) {
        if (!json) {
            out().println();
            out().println(
                            done
                                    ? doubt.name() + " goes on behind step " + doubt.step()
                                            + "; a running hub takes it now."
                                    : doubt.name() + " sends step " + doubt.step()
                                            + " again; a running hub takes it now.");
        }
        return Cli.FINE;
    }

    private void show(Doubt doubt, RunFacts facts) {
        if (json) {
            out().println(json(doubt, facts).toPrettyString());
            return;
        }
        var paint = shell().paint();
        var event = facts.run().event();
        out().println(paint.bold(doubt.name()) + "  " + facts.run().flow() + "  "
                + paint.state(facts.run().state()) + ", claim " + doubt.claim());
        out().println("  why       step " + doubt.step() + ": "
                + RunLists.orDash(facts.run().reason()));
        out().println("  sent      " + doubt.connection() + "/" + doubt.operation() + " (class " + doubt.writeClass()
                + "), idempotency key " + doubt.idempotencyKey());
        out().println("  noted     " + Words.time(doubt.intendedAt()));
        facts.attempts().stream()
                .filter(each -> each.step().equals(doubt.step()))
                .forEach(each -> out().println("  attempt   " + each.attempt().endpoint() + " at "
                        + Words.time(each.attempt().at()) + ", "
                        + each.attempt().requestSize() + " bytes, "
                        + (each.attempt().status() == null
                                ? "no answer"
                                : "answered " + each.attempt().status())));
        out().println("  look for  " + doubt.operation() + " in " + doubt.connection() + " about " + event.record()
                + ", around that time (event " + event.receipt() + ")");
        if (!done && !notDone) {
            out().println();
            out().println("Then write one of");
            out().println("  serai runs settle " + doubt.name() + " --done --seen " + doubt.claim() + " --why …");
            out().println("  serai runs settle " + doubt.name() + " --not-done --seen " + doubt.claim() + " --why …");
        }
    }

    private ObjectNode json(Doubt doubt, RunFacts facts) {
        ObjectNode said = JsonNodeFactory.instance.objectNode();
        said.put("run", doubt.name()).put("seen", doubt.claim()).put("step", doubt.step());
        said.put("connection", doubt.connection()).put("operation", doubt.operation());
        said.put("write_class", doubt.writeClass()).put("idempotency_key", doubt.idempotencyKey());
        said.put("intended_at", RunFacts.text(doubt.intendedAt()));
        said.put("settled", done ? "done" : notDone ? "not_done" : null);
        said.set("facts", facts.json());
        return said;
    }
}
