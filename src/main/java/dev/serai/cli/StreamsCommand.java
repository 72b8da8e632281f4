package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "streams",
        description = {
            "See how far polled streams were read, and let one be read again from another place.",
            "Works beside running hubs, on the same settings, or over --hub.",
            ""
        },
        synopsisSubcommandLabel = "(list | set)",
        footer = {
            "",
            "Examples:",
            "  serai streams list",
            "  serai streams set hubspot/new_contacts 2026-11-20T00:00:00Z --dry-run",
            "  serai streams set hubspot/new_contacts 2026-11-20T00:00:00Z --why \"two days are missing\""
        },
        subcommands = {StreamsCommand.Lists.class, StreamsCommand.Set.class})
final class StreamsCommand extends ShellCommand {
    StreamsCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        throw new WrongUse("Write serai streams list or serai streams set hubspot/new_contacts CURSOR --why \"…\".");
    }

    @Command(name = "list", description = "The streams that were polled, and how far each was read.")
    static final class Lists extends ListCommand {
        Lists(Shell shell) {
            super(shell);
        }

        @Override
        List<JsonNode> items(HubClient hub) {
            return hub.items("/streams");
        }

        @Override
        String none() {
            return "No stream was polled yet.";
        }

        @Override
        Table table(List<JsonNode> streams) {
            Instant now = Instant.now();
            var table = new Table("stream", "read up to", "asked");
            streams.forEach(each -> table.row(
                    Facts.text(each, "connection") + "/" + Facts.text(each, "stream"),
                    Facts.orDash(each, "cursor"),
                    Facts.age(each, "polled_at", now, "never")));
            return table;
        }
    }

    @Command(
            name = "set",
            description = {
                "Let the next poll of a stream begin at another place.",
                "What was read before is recognised by its key, for as long as keys are kept, and makes no second run. "
                        + "A stream that was never polled then begins there, and not where its file says. Who and why are noted."
            })
    static final class Set extends HubCommand {
        @Parameters(
                index = "0",
                paramLabel = "STREAM",
                description = "As the list shows it, or a connector file names it: hubspot/new_contacts.")
        private String name;

        @Parameters(
                index = "1",
                paramLabel = "CURSOR",
                description =
                        "In the form the list shows; for a time 2026-11-20T00:00:00Z will do. An empty text for the"
                                + " very beginning.")
        private String cursor;

        @Option(names = "--why", paramLabel = "TEXT", description = "Why. Needed.")
        private String why;

        @Option(names = "--dry-run", description = "Only show what would happen.")
        private boolean dryRun;

        Set(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() {
            String[] parts = name.split("/", 2);
            if (parts.length < 2) {
                throw new WrongUse(name + " is no stream; write it as the list shows it: hubspot/new_contacts");
            }
            ObjectNode order = HubClient.body().put("cursor", cursor).put("dry_run", dryRun);
            if (!dryRun) {
                order.put("why", Given.why(why));
            }
            return hub(Cli.FOUND, hub -> {
                try {
                    JsonNode set = hub.post(HubClient.path("streams", parts[0], parts[1], "cursor"), order);
                    String move = "from \"" + Facts.text(set, "before") + "\" to \"" + cursor + "\"";
                    out().println(
                                    dryRun
                                            ? name + " would go " + move + ". Nothing was changed."
                                            : name + " goes " + move + " with its next poll.");
                    return Cli.FINE;
                } catch (HubProblem e) {
                    if (e.isNotFound()) {
                        return missing("No hub has polled " + name
                                + ", and no connector file has such a stream; see serai streams list.");
                    }
                    throw e;
                }
            });
        }
    }
}
