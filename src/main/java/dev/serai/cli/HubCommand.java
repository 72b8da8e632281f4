package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import java.util.Collection;

/**
 * A command about a hub: beside one, on the same settings, or over HTTP with {@code --hub}. Either way it knows the API of
 * that hub and nothing else of it.
 */
abstract class HubCommand extends ShellCommand {
    HubCommand(Shell shell) {
        super(shell);
    }

    /** Something to ask a hub, or to have done. */
    interface Errand {
        /** @return the exit code */
        int run(HubClient hub);
    }

    /** @param nothing exit code when no hub has run here yet */
    final int hub(int nothing, Errand errand) {
        Settings settings = shell().quietSettings();
        if (!settings.text(Setting.HUB).isEmpty()) {
            return run(OverHttp.of(settings), errand);
        }
        if (!LocalStore.isThere(shell(), settings)) {
            return nothing;
        }
        return run(InProcess.open(settings), errand);
    }

    /** For what a hub tells without its database; beside one none needs to be there. @param folders that must be */
    final int withoutDatabase(Errand errand, Setting... folders) {
        Settings settings = shell().quietSettings();
        if (!settings.text(Setting.HUB).isEmpty()) {
            return run(OverHttp.of(settings), errand);
        }
        for (Setting folder : folders) {
            LintCommand.requireFolder(settings, folder);
        }
        return run(InProcess.withoutDatabase(settings), errand);
    }

    private static int run(HubWire wire, Errand errand) {
        try (wire) {
            return errand.run(new HubClient(wire));
        }
    }

    final void json(JsonNode json) {
        out().println(json.toPrettyString());
    }

    final void json(Collection<JsonNode> items) {
        json(HubClient.body().arrayNode().addAll(items));
    }

    final void print(Table table) {
        table.print(out(), shell().paint());
    }

    /** A sentence about what is not there. @return the exit code */
    final int missing(String sentence) {
        shell().err().println(sentence);
        return Cli.FOUND;
    }
}
