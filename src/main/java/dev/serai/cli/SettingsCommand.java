package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "settings",
        description = {
            "See which settings differ from their defaults, and where each comes from; a secret is never shown.",
            "Beside a hub they are those of this call; over --hub those that hub was started with.",
            ""
        },
        footer = {"", "Examples:", "  serai settings", "  serai settings --all", "  serai settings --json"})
final class SettingsCommand extends ListCommand {
    @Option(names = "--all", description = "Also those that are as they are by default.")
    private boolean all;

    SettingsCommand(Shell shell) {
        super(shell);
    }

    @Override
    int ask(Errand errand) {
        return withoutDatabase(errand);
    }

    @Override
    List<JsonNode> items(HubClient hub) {
        return hub.items("/settings").stream()
                .filter(setting -> all || !Facts.text(setting, "from").equals("default"))
                .toList();
    }

    @Override
    String none() {
        return "Every setting is as it is by default; --all shows them.";
    }

    @Override
    Table table(List<JsonNode> settings) {
        var table = new Table("setting", "value", "from", "default");
        settings.forEach(setting -> table.row(
                Facts.text(setting, "setting"),
                Facts.orDash(setting, "value"),
                Facts.text(setting, "from"),
                Facts.orDash(setting, "default")));
        return table;
    }
}
