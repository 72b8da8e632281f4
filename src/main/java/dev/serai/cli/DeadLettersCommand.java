package dev.serai.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.serai.config.Setting;
import dev.serai.facts.DeadLetterFacts;
import dev.serai.facts.RunQuery;
import dev.serai.store.History;
import dev.serai.store.Names;
import dev.serai.store.Resume;
import dev.serai.store.RunFilter;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "dead-letters",
        description = {
            "See what failed for good, and why; let it go on, or give it up.",
            "Works beside a running hub, on the same settings.",
            ""
        },
        synopsisSubcommandLabel = "(list | show | resume | settle | discard)",
        footer = {
            "",
            "Examples:",
            "  serai dead-letters list --grouped",
            "  serai dead-letters show r_81",
            "  serai dead-letters resume r_81 --why \"address added in the CRM\"",
            "  serai dead-letters discard r_82 --why \"the order was cancelled\""
        },
        subcommands = {
            DeadLettersCommand.Lists.class,
            RunsCommand.Show.class,
            ResumeCommand.class,
            SettleCommand.class,
            DiscardCommand.class
        })
final class DeadLettersCommand extends ShellCommand {
    private static final int MOST_LOOKED_AT = 100_000;

    DeadLettersCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        throw new WrongUse(
                "Write serai dead-letters list, or show, resume, settle or discard and a run: serai dead-letters show r_81.");
    }

    static void print(List<Resume.Pattern> patterns, PrintStream out, Paint paint) {
        var table = new Table("runs", "flow", "step", "oldest", "newest");
        patterns.forEach(each -> table.noted(
                RunLists.orDash(each.reason()),
                String.valueOf(each.runs()),
                each.flow(),
                RunLists.orDash(each.step()),
                Names.run(each.oldest()),
                Names.run(each.newest())));
        table.print(out, paint);
    }

    @Command(name = "list", description = "Dead runs and those in doubt, the newest first, with the reason.")
    @SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
    static final class Lists extends ShellCommand {
        @Mixin
        private RunFilterFlags which;

        @Option(names = "--grouped", description = "Those that failed alike as one line, the most frequent first.")
        private boolean grouped;

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
            RunFilter filter = which.filter(RunQuery.SET_ASIDE);
            int most = RunsCommand.limit(limit);
            return RunLists.ask(shell(), Cli.FINE, desk -> {
                if (grouped) {
                    List<Resume.Pattern> patterns = desk.resume().patterns(filter, MOST_LOOKED_AT, most);
                    show(
                            patterns.isEmpty(),
                            DeadLetterFacts.patterns(patterns),
                            () -> print(patterns, out(), shell().paint()));
                } else {
                    List<History.Run> runs = desk.history().runs(filter, most);
                    show(runs.isEmpty(), RunLists.json(runs), () -> RunLists.print(runs, true, out(), shell().paint()));
                }
                return Cli.FINE;
            });
        }

        private void show(boolean none, ArrayNode asJson, Runnable print) {
            if (json) {
                out().println(asJson.toPrettyString());
            } else if (none) {
                out().println("No dead letters.");
            } else {
                print.run();
            }
        }
    }
}
