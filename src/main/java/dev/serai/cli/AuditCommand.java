package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "audit",
        description = {
            "See what people did by hand, and why, the newest first.",
            "Works beside a running hub, on the same settings, or over --hub.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai audit --who ada --since 7d",
            "  serai audit --action resume --about r_81",
            "  serai audit --limit 500 --json"
        })
final class AuditCommand extends ListCommand {
    @Mixin
    private LimitFlag limit;

    @Option(names = "--who", paramLabel = "NAME", description = "Only what this person or token did.")
    private String who;

    @Option(
            names = "--action",
            paramLabel = "WORDS",
            description = "Only what begins with these words: resume, create token.")
    private String action;

    @Option(
            names = "--about",
            paramLabel = "WHAT",
            description = "Only what was about this run, connection, flow, alert, receipt or erasure: r_7, mailchimp.")
    private String about;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Done then or later: 2h (ago), 2026-11-21 or 2026-11-21T09:30:00Z.")
    private String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Done before.")
    private String until;

    AuditCommand(Shell shell) {
        super(shell);
    }

    @Override
    List<JsonNode> items(HubClient hub) {
        var which = new HashMap<String, String>();
        which.put("who", who);
        which.put("action", action);
        which.put("about", about);
        which.put("since", since);
        which.put("until", until);
        which.values().removeIf(Objects::isNull);
        return hub.items("/audit", which, limit.most());
    }

    @Override
    String none() {
        return "Nobody has done any such thing by hand yet.";
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
