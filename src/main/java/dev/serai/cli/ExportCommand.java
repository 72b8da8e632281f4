package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description = {
            "Print all that is stored about a person, as JSON, one document a hundred events.",
            "What arrived, what was answered, what people did. That it was asked for is noted. Works beside a running hub, or over --hub.",
            ""
        },
        footer = {"", "Example:", "  serai export ada@example.com > ada.json"})
final class ExportCommand extends HubCommand {
    private static final String PAGE = "100";

    @Parameters(paramLabel = "WHO", description = "ada@example.com, +4930901820 or contact:7.")
    private String who;

    ExportCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        return hub(Cli.FOUND, hub -> {
            int events = 0;
            String next = "";
            do {
                JsonNode page = hub.get("/export", Map.of("q", who, "limit", PAGE, "cursor", next));
                json(page);
                events += page.path("events").size();
                next = page.path("next").asText("");
            } while (!next.isEmpty());
            return events == 0 ? Cli.FOUND : Cli.FINE;
        });
    }
}
