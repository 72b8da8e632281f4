package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.store.History;
import dev.serai.store.Names;
import dev.serai.store.RunFilter;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "runs",
        description = {
            "Ask what became of events, and go on where one can't.",
            "Works beside a running hub, on the same settings.",
            ""
        },
        synopsisSubcommandLabel = "(list | show | resume | settle | discard)",
        footer = {
            "",
            "Examples:",
            "  serai runs list --state waiting --flow lead-created --since 2h",
            "  serai runs show r_81 --payload",
            "  serai runs list --json | jq '.[].reason'",
            "  serai runs settle r_81 --done --why \"Slack shows it\""
        },
        subcommands = {
            RunsCommand.Lists.class,
            RunsCommand.Show.class,
            ResumeCommand.class,
            SettleCommand.class,
            DiscardCommand.class
        })
final class RunsCommand extends ShellCommand {
    private static final int MOST_LISTED = 10_000;

    RunsCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        throw new WrongUse(
                "Write serai runs list, or show, resume, settle or discard and a run: serai runs show r_81.");
    }

    /** The number in a run's name. */
    static long id(String name) {
        try {
            return Names.parseRun(name);
        } catch (IllegalArgumentException e) {
            throw new WrongUse(e.getMessage());
        }
    }

    /** @throws WrongUse unless it is one a list can have */
    static int limit(int limit) {
        if (limit < 1 || limit > MOST_LISTED) {
            throw new WrongUse("--limit " + limit + ": a number from 1 to " + MOST_LISTED + " is needed.");
        }
        return limit;
    }

    @Command(name = "list", description = "The newest runs first.")
    @SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
    static final class Lists extends ShellCommand {
        @Mixin
        private RunFilterFlags which;

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
            RunFilter filter = which.filter(List.of());
            return RunLists.ask(shell(), Cli.FINE, desk -> {
                List<History.Run> runs = desk.history().runs(filter, RunsCommand.limit(limit));
                if (json) {
                    out().println(RunLists.json(runs).toPrettyString());
                } else if (runs.isEmpty()) {
                    out().println(
                                    filter.isAll()
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
            return RunLists.ask(shell(), Cli.FOUND, desk -> {
                Optional<Timeline> timeline = Timeline.read(desk.history(), id, payload);
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
