package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.file.Suggest;
import dev.serai.store.History;
import dev.serai.store.Names;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "runs",
        description = {"Ask what became of events.", "Works beside a running hub, on the same settings.", ""},
        synopsisSubcommandLabel = "(list | show)",
        footer = {
            "",
            "Examples:",
            "  serai runs list --state waiting --flow lead-created",
            "  serai runs show r_81 --payload",
            "  serai runs list --json | jq '.[].reason'"
        },
        subcommands = {RunsCommand.Lists.class, RunsCommand.Show.class})
final class RunsCommand extends ShellCommand {
    static final List<String> STATES = List.of("waiting", "claimed", "done", "dead", "in_doubt");

    RunsCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        throw new WrongUse("Write serai runs list, or serai runs show r_81.");
    }

    /** The number in a run's name. */
    static long id(String name) {
        try {
            return Names.parseRun(name);
        } catch (IllegalArgumentException e) {
            throw new WrongUse(e.getMessage());
        }
    }

    @Command(name = "list", description = "The newest runs first.")
    @SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
    static final class Lists extends ShellCommand {
        @Option(
                names = "--state",
                paramLabel = "STATE",
                split = ",",
                description = "waiting, claimed, done, dead or in_doubt; several with commas.")
        private List<String> states = List.of();

        @Option(names = "--flow", paramLabel = "FLOW", defaultValue = "", description = "Only runs of this flow.")
        private String flow;

        @Option(
                names = "--limit",
                paramLabel = "NUMBER",
                defaultValue = "20",
                description = "At most so many. Default: 20.")
        private int limit;

        @Option(names = "--json", description = "As JSON, for scripts.")
        private boolean json;

        Lists(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() throws SQLException {
            for (String state : states) {
                if (!STATES.contains(state)) {
                    throw new WrongUse("--state " + state + ": no such state; " + Suggest.hint(state, STATES));
                }
            }
            return RunLists.ask(shell(), Cli.FINE, history -> {
                List<History.Run> runs = history.runs(states, flow, limit);
                if (json) {
                    out().println(RunLists.json(runs));
                } else if (runs.isEmpty()) {
                    out().println(
                                    states.isEmpty() && flow.isEmpty()
                                            ? "No runs yet: no event that a flow takes has arrived."
                                            : "No such runs.");
                } else {
                    RunLists.print(runs, false, out(), shell().paint());
                }
                return Cli.FINE;
            });
        }
    }

    @Command(name = "show", description = "One run: its event, steps, and every attempt with time, status and reason.")
    @SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
    static final class Show extends ShellCommand {
        @Parameters(paramLabel = "RUN", description = "Its id, as lists show it: r_81.")
        private String run;

        @Option(names = "--payload", description = "Also what arrived. It may hold personal data.")
        private boolean payload;

        @Option(names = "--json", description = "As JSON, for scripts.")
        private boolean json;

        Show(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() throws SQLException {
            long id = id(run);
            return RunLists.ask(shell(), Cli.FOUND, history -> {
                Optional<Timeline> timeline = Timeline.read(history, id, payload);
                if (timeline.isEmpty()) {
                    shell().err().println("There is no run " + Names.run(id) + "; see serai runs list.");
                    return Cli.FOUND;
                }
                if (json) {
                    out().println(timeline.get().json());
                } else {
                    timeline.get().print(out(), shell().paint());
                }
                return Cli.FINE;
            });
        }
    }
}
