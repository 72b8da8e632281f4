package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.config.Setting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;

@Command(
        name = "sources",
        description = {
            "See where events come from, what was refused and why, and which source is silent.",
            "Silent is a source that is quiet for longer than it ever was; then, and when a source gets nothing",
            "through, the command ends with 1.",
            "Works beside running hubs, on the same settings, or over --hub.",
            ""
        },
        footer = {"", "Examples:", "  serai sources", "  serai sources --json"})
@SettingFlags.Uses({Setting.MAPPINGS})
final class SourcesCommand extends ListCommand {
    private static final Set<String> TROUBLED = Set.of("refused", "silent");

    SourcesCommand(Shell shell) {
        super(shell);
    }

    @Override
    List<JsonNode> items(HubClient hub) {
        return hub.items("/sources");
    }

    @Override
    String none() {
        return "No door is open, and nothing has come in yet.";
    }

    @Override
    int code(List<JsonNode> items) {
        boolean troubled = items.stream()
                .anyMatch(each -> TROUBLED.contains(Facts.text(each, "state"))
                        || !each.path("alerts").isEmpty());
        return troubled ? Cli.FOUND : Cli.FINE;
    }

    @Override
    Table table(List<JsonNode> sources) {
        Instant now = Instant.now();
        var table = new Table("source", "by", "state", "last event", "hour", "day", "week", "repeats", "refused");
        for (JsonNode each : sources) {
            var ways = new ArrayList<String>();
            each.path("ways").forEach(way -> ways.add(way.asText()));
            table.noted(
                    note(each),
                    Facts.text(each, "source").isEmpty() ? "(none of ours)" : Facts.text(each, "source"),
                    Facts.orDash(String.join(", ", ways)),
                    Facts.text(each, "state"),
                    Facts.age(each, "last_event", now, "never"),
                    each.at("/hour/events").asText(),
                    each.at("/day/events").asText(),
                    each.at("/week/events").asText(),
                    each.at("/week/repeats").asText(),
                    each.at("/week/refused").asText());
        }
        return table;
    }

    /** What a person should know beside the numbers. */
    private static String note(JsonNode source) {
        var lines = new ArrayList<String>();
        if (Facts.has(source, "closed")) {
            lines.add("it lets nobody in: " + Facts.text(source, "closed"));
        }
        if (Facts.text(source, "state").equals("silent")) {
            lines.add("quiet for " + span(source, "quiet_seconds") + "; its longest pause before was "
                    + span(source, "longest_pause_seconds"));
        }
        source.at("/week/reasons")
                .forEach(each -> lines.add(Facts.text(each, "requests") + " refused: " + Facts.text(each, "reason")
                        + ", " + Facts.text(each, "meaning")));
        source.path("alerts").forEach(alert -> lines.add("see serai alerts show " + alert.asText()));
        return String.join("\n", lines);
    }

    private static String span(JsonNode source, String seconds) {
        return Words.span(Duration.ofSeconds(source.path(seconds).asLong()));
    }
}
