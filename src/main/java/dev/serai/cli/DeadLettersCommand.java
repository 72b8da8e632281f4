package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "dead-letters",
        description = {
            "See what failed for good, and why; let it go on, or give it up.",
            "Works beside a running hub, on the same settings, or over --hub.",
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
    private static final int MOST_PATTERNS = 500;

    DeadLettersCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        throw new WrongUse(
                "Write serai dead-letters list, or show, resume, settle or discard and a run: serai dead-letters show r_81.");
    }

    @Command(name = "list", description = "Dead runs and those in doubt, the newest first, with the reason.")
    static final class Lists extends ListCommand {
        @Mixin
        private RunFilterFlags which;

        @Mixin
        private LimitFlag limit;

        @Option(names = "--grouped", description = "Those that failed alike as one line, the most frequent first.")
        private boolean grouped;

        Lists(Shell shell) {
            super(shell);
        }

        @Override
        List<JsonNode> items(HubClient hub) {
            Map<String, String> words = which.words("dead,in_doubt");
            int most = limit.most();
            if (!grouped) {
                return hub.items("/runs", words, most);
            }
            words.put("limit", Integer.toString(Math.min(most, MOST_PATTERNS)));
            var patterns = new ArrayList<JsonNode>();
            hub.get("/dead-letters", words).path("patterns").forEach(patterns::add);
            return patterns;
        }

        @Override
        String none() {
            return "No dead letters.";
        }

        @Override
        Table table(List<JsonNode> items) {
            return grouped ? RunTable.ofPatterns(items) : RunTable.of(items, true);
        }
    }
}
