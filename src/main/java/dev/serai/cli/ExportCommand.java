package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.config.Setting;
import dev.serai.store.ByHand;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description = {
            "Print all that is stored about a person, as JSON, one document a hundred events.",
            "What arrived, what was answered, what people did. That it was asked for is noted. Works beside a running hub.",
            ""
        },
        footer = {"", "Example:", "  serai export ada@example.com > ada.json"})
@SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
final class ExportCommand extends ShellCommand {
    private static final int PAGE = 100;

    @Parameters(paramLabel = "WHO", description = "ada@example.com, +4930901820 or contact:7.")
    private String who;

    ExportCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws SQLException {
        return RunLists.inStore(shell(), Cli.FOUND, database -> {
            var people = RunLists.people(database);
            long before = Long.MAX_VALUE;
            int events = 0;
            while (before > 0) {
                JsonNode page = people.export(who, before, PAGE, new ByHand(System.getProperty("user.name"), ""));
                out().println(page.toPrettyString());
                events += page.path("events").size();
                before = page.path("next").isNull()
                        ? 0
                        : RunLists.receipt(page.path("next").asText());
            }
            return events == 0 ? Cli.FOUND : Cli.FINE;
        });
    }
}
