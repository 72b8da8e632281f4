package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "audit",
        description = {
            "See what people did by hand, and why, the newest first.",
            "Works beside a running hub, on the same settings, or over --hub.",
            ""
        },
        footer = {"", "Examples:", "  serai audit", "  serai audit --limit 500 --json"})
final class AuditCommand extends ListCommand {
    @Mixin
    private LimitFlag limit;

    AuditCommand(Shell shell) {
        super(shell);
    }

    @Override
    List<JsonNode> items(HubClient hub) {
        return hub.items("/audit", Map.of(), limit.most());
    }

    @Override
    String none() {
        return "Nobody has done anything by hand yet.";
    }

    @Override
    Table table(List<JsonNode> deeds) {
        Instant now = Instant.now();
        var table = new Table("when", "who", "run", "what");
        deeds.forEach(deed -> table.noted(
                Facts.text(deed, "why"),
                Facts.age(deed, "at", now, "-"),
                Facts.text(deed, "who"),
                Facts.orDash(deed, "run"),
                Facts.text(deed, "what")));
        return table;
    }
}
