package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.store.History;
import dev.serai.store.Names;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "dead-letters",
        description = {
            "See what failed for good, and why; send it again.",
            "Works beside a running hub, on the same settings.",
            ""
        },
        synopsisSubcommandLabel = "(list | show | replay)",
        footer = {
            "",
            "Examples:",
            "  serai dead-letters list",
            "  serai dead-letters show r_81",
            "  serai dead-letters replay r_81 --why \"address added in the CRM\""
        },
        subcommands = {DeadLettersCommand.Lists.class, RunsCommand.Show.class, DeadLettersCommand.Replay.class})
final class DeadLettersCommand extends ShellCommand {
    DeadLettersCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        throw new WrongUse("Write serai dead-letters list, show r_81, or replay r_81.");
    }

    @Command(name = "list", description = "Dead runs and those in doubt, the newest first, with the reason.")
    @SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
    static final class Lists extends ShellCommand {
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
            return RunLists.ask(shell(), Cli.FINE, history -> {
                List<History.Run> runs = history.runs(List.of("dead", "in_doubt"), flow, limit);
                if (json) {
                    out().println(RunLists.json(runs));
                } else if (runs.isEmpty()) {
                    out().println("No dead letters.");
                } else {
                    RunLists.print(runs, true, out(), shell().paint());
                }
                return Cli.FINE;
            });
        }
    }

    @Command(
            name = "replay",
            description = "Make dead runs due again. Steps that succeeded are not repeated. Who and why are noted.")
    @SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
    static final class Replay extends ShellCommand {
        @Parameters(arity = "1..*", paramLabel = "RUN", description = "Their ids, as lists show them: r_81.")
        private List<String> runs;

        @Option(names = "--why", paramLabel = "TEXT", defaultValue = "", description = "What was mended.")
        private String why;

        Replay(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() throws SQLException {
            List<Long> ids = runs.stream().map(RunsCommand::id).toList();
            return RunLists.ask(shell(), Cli.FOUND, history -> {
                int result = Cli.FINE;
                for (long id : ids) {
                    result = Math.max(result, replay(history, id));
                }
                return result;
            });
        }

        private int replay(History history, long id) throws SQLException {
            String name = Names.run(id);
            if (history.replay(id, System.getProperty("user.name"), why)) {
                out().println(name + " is due again; a running hub takes it now. See serai runs show " + name + ".");
                return Cli.FINE;
            }
            Optional<History.Run> run = history.run(id);
            shell().err()
                    .println(run.map(r ->
                                    name + " is " + r.state() + "; only dead runs and runs in doubt can be replayed.")
                            .orElse("There is no run " + name + "; see serai dead-letters list."));
            return Cli.FOUND;
        }
    }
}
