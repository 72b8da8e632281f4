package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "breakers",
        description = {
            "See which operations are left alone because they failed again and again; have one tried now, or used again.",
            "Works beside a running hub, on the same settings, or over --hub.",
            ""
        },
        synopsisSubcommandLabel = "(list | try | close)",
        footer = {
            "",
            "Examples:",
            "  serai breakers list",
            "  serai breakers try slack/post_message --why \"they say it is mended\"",
            "  serai breakers close slack/post_message --why \"I saw it work\""
        },
        subcommands = {BreakersCommand.Lists.class, BreakersCommand.Try.class, BreakersCommand.Close.class})
final class BreakersCommand extends ShellCommand {
    BreakersCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        throw new WrongUse("Write serai breakers list, or try or close and an operation: serai breakers try"
                + " slack/post_message --why \"…\".");
    }

    @Command(name = "list", description = "Operations that are left alone, or failed lately.")
    static final class Lists extends ListCommand {
        Lists(Shell shell) {
            super(shell);
        }

        @Override
        List<JsonNode> items(HubClient hub) {
            return hub.items("/breakers");
        }

        @Override
        String none() {
            return "Nothing is left alone.";
        }

        @Override
        Table table(List<JsonNode> breakers) {
            Instant now = Instant.now();
            var table = new Table("operation", "breaker", "failures", "since", "tried again");
            breakers.forEach(each -> table.noted(
                    Facts.text(each, "reason"),
                    Facts.text(each, "connection") + "/" + Facts.text(each, "operation"),
                    Facts.text(each, "state"),
                    Facts.text(each, "failures"),
                    Facts.age(each, "since", now, "-"),
                    Facts.age(each, "until", now, "-")));
            return table;
        }
    }

    /** Something that is done with one of them. */
    abstract static class Deed extends HubCommand {
        @Parameters(paramLabel = "OPERATION", description = "As the list shows it: slack/post_message.")
        private String name;

        @Option(names = "--why", paramLabel = "TEXT", description = "Why. Needed.")
        private String why;

        Deed(Shell shell) {
            super(shell);
        }

        int order(String verb, String told) {
            String[] parts = name.split("/", 2);
            if (parts.length < 2) {
                throw new WrongUse(name + " is no operation; write it as the list shows it: slack/post_message");
            }
            ObjectNode order = HubClient.body().put("why", Given.why(why));
            return hub(Cli.FOUND, hub -> {
                int touched = hub.post(HubClient.path("breakers", parts[0], parts[1], verb), order)
                        .path("touched")
                        .asInt();
                if (touched == 0) {
                    return missing("The breaker of " + name + " is not open; see serai breakers list.");
                }
                out().println(name + told);
                return Cli.FINE;
            });
        }
    }

    @Command(
            name = "try",
            description =
                    "Let one call through now: if it gets through, all that waits goes on. Who and why are noted.")
    static final class Try extends Deed {
        Try(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() {
            return order("try", " is tried by the next run that comes to it.");
        }
    }

    @Command(name = "close", description = "All that waits goes on at once, untried. Who and why are noted.")
    static final class Close extends Deed {
        Close(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() {
            return order("close", " is used again; what waited goes on.");
        }
    }
}
