package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "cancel",
        description = {
            "Give up runs that wait: for their turn, a retry, or a connection that lets nothing through.",
            "Runs that are being worked on are left alone. Who and why are noted. There is no way back, but events "
                    + "can be replayed.",
            ""
        },
        footer = {"", "Example:", "  serai runs cancel --flow lead-created --since 2h --why \"sent by mistake\""})
final class CancelCommand extends HubCommand {
    @Mixin
    private Chosen chosen;

    @Option(names = "--why", paramLabel = "TEXT", description = "Why nobody needs it any more. Needed.")
    private String why;

    @Option(names = "--dry-run", description = "Only show what would happen.")
    private boolean dryRun;

    @Option(names = "--json", description = "As JSON, for scripts.")
    private boolean json;

    CancelCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        ObjectNode order = chosen.order("runs cancel", "waiting").put("dry_run", dryRun);
        if (!dryRun) {
            order.put("why", Given.why(why));
        }
        return hub(Cli.FOUND, hub -> {
            JsonNode given = new ManyRuns(hub, new Progress(shell()), order, Integer.MAX_VALUE).cancel();
            if (json) {
                json(given);
            } else {
                tell(given);
            }
            return given.path("refused").isEmpty() ? Cli.FINE : Cli.FOUND;
        });
    }

    private void tell(JsonNode result) {
        DiscardCommand.tellGiven(
                this, result.path("cancelled").asInt(), result, "Nothing to cancel: no run that waits fits.");
        if (!result.path("waiting").isEmpty()) {
            var table = new Table("runs", "flow", "waits for", "oldest", "begun", "reason");
            for (JsonNode each : result.path("waiting")) {
                table.row(
                        Facts.text(each, "runs"),
                        Facts.text(each, "flow"),
                        Facts.has(each, "waits_for") ? Facts.text(each, "waits_for") : "its turn",
                        Facts.text(each, "oldest"),
                        Facts.text(each, "begun"),
                        Facts.text(each, "reason"));
            }
            out().println();
            print(table);
        }
        DiscardCommand.tellRefused(this, result);
    }
}
