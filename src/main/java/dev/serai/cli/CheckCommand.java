package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.config.Setting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description = {
            "Prove that connections work.",
            "A token is asked for where there are tokens, and the first read of the file is made that needs no "
                    + "argument; a connection without one is told as not tried. Exit code 1 when one does not work, or when "
                    + "the one that is named could not be tried."
        })
@SettingFlags.Uses({Setting.MAPPINGS})
final class CheckCommand extends HubCommand {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The connection: mailchimp.")
    private String name;

    @Option(names = "--all", description = "Every connection whose settings are there.")
    private boolean all;

    CheckCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        if (all == (name != null)) {
            throw new WrongUse("Name a connection, or write --all: serai connections check mailchimp.");
        }
        return hub(Cli.FOUND, hub -> {
            List<JsonNode> asked =
                    all ? hub.items("/connections") : List.of(hub.get(HubClient.path("connections", name)));
            boolean fine = true;
            var table = new Table("connection", "state", "worked last");
            for (JsonNode connection : asked) {
                fine &= check(hub, connection, table);
            }
            print(table);
            scopes(hub);
            return fine ? Cli.FINE : Cli.FOUND;
        });
    }

    /** As they are by now: the check may have got another token. */
    private void scopes(HubClient hub) {
        List<JsonNode> told = ScopeTable.told(
                all ? hub.items("/connections") : List.of(hub.get(HubClient.path("connections", name))));
        if (!told.isEmpty()) {
            out().println();
            print(ScopeTable.of(told));
        }
    }

    private boolean check(HubClient hub, JsonNode connection, Table table) {
        String each = Facts.text(connection, "connection");
        String state = Facts.text(connection, "state");
        if (state.equals("in_only") && all) {
            return true;
        }
        if (state.equals("not_set")) {
            if (!all) {
                var missing = new ArrayList<String>();
                connection.path("missing_settings").forEach(setting -> missing.add(setting.asText()));
                table.noted("set " + String.join(", ", missing), each, "not set up", "-");
            }
            return all;
        }
        JsonNode checked = hub.post(HubClient.path("connections", each, "check"));
        boolean tried = checked.path("tried").asBoolean();
        boolean fine = checked.path("fine").asBoolean();
        table.noted(
                Facts.text(checked, "words"),
                each,
                fine ? "works" : tried ? "does not work" : "not tried",
                Facts.age(checked, "proved_at", Instant.now(), "never"));
        return fine || all && !tried;
    }
}
