package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.config.Setting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "why",
        description = {
            "Tell why a field of a person or a record has its value: which event, run and write, by which rule of which file.",
            "That it was asked is noted. Works beside a running hub, on the same settings, or over --hub.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai why contact:ada@example.com phone",
            "  serai why ada@example.com merge_fields.FNAME --json"
        })
@SettingFlags.Uses({Setting.MAPPINGS})
final class WhyCommand extends HubCommand {
    private static final int TOLD = 5;

    @Parameters(index = "0", paramLabel = "WHO", description = "ada@example.com, +4930901820 or contact:7.")
    private String who;

    @Parameters(index = "1", paramLabel = "FIELD", description = "Its name, or its dotted path in what was sent.")
    private String field;

    @Option(names = "--json", description = "As JSON, for scripts; all of them, and not only the newest five.")
    private boolean json;

    WhyCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        return hub(Cli.FOUND, hub -> {
            var because = new ArrayList<JsonNode>();
            JsonNode told = hub.get("/why", Map.of("q", who, "field", field));
            told.path("items").forEach(because::add);
            if (!told.path("all_events").asBoolean(true)) {
                shell().err()
                        .println("Within the newest " + told.path("events").asInt()
                                + " events; older ones were not looked at.");
            }
            if (json) {
                json(because);
            } else if (because.isEmpty()) {
                out().println("No write that is still known sent a field " + field + " about it by a mapping.");
            } else {
                because.stream().limit(TOLD).forEach(this::tell);
            }
            return because.isEmpty() ? Cli.FOUND : Cli.FINE;
        });
    }

    private void tell(JsonNode each) {
        out().println(shell().paint().bold(Facts.text(each, "connection") + " " + Facts.text(each, "operation")) + "  "
                + Facts.text(each, "state") + ", " + Facts.age(each, "at", Instant.now(), "-"));
        if (Facts.has(each, "from")) {
            line("value", Facts.has(each, "value") ? each.path("value").toString() : "-");
            line("from", Facts.text(each, "from"));
        }
        line("rule", Facts.text(each, "place") + " " + Facts.text(each, "target"));
        line(
                "run",
                Facts.text(each, "run") + ", flow " + Facts.text(each, "flow") + ", step " + Facts.text(each, "step"));
        each.path("corrections")
                .forEach(correction -> line(
                        "by hand",
                        Facts.text(correction, "who") + " corrected what arrived, "
                                + Facts.age(correction, "at", Instant.now(), "-") + ": "
                                + Facts.text(correction, "why")));
        line(
                "event",
                Facts.text(each, "receipt") + " " + Facts.text(each, "type") + " of " + Facts.text(each, "source"));
        if (Facts.has(each, "unsure")) {
            line("unsure", Facts.text(each, "unsure"));
        }
        out().println();
    }

    private void line(String what, String value) {
        out().println("  %-8s %s".formatted(what, value));
    }
}
