package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "find",
        description = {
            "Find a person or a record: every event, call, retry and correction in one line of time.",
            "By e-mail address, phone number, id, record, receipt or run. Works beside a running hub, or over --hub.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai find ada@example.com",
            "  serai find \"+49 30 901820\"",
            "  serai find contact:7 --limit 5",
            "  serai find ada@example.com --json | jq '.events[].receipt'"
        })
final class FindCommand extends HubCommand {
    private static final int PAGE = 500;

    @Parameters(paramLabel = "WHAT", description = "ada@example.com, +4930901820, contact:7, 7, e_81 or r_81.")
    private String what;

    @Mixin
    private LimitFlag limit;

    @Option(names = "--before", paramLabel = "RECEIPT", description = "Only events before this one.")
    private String before;

    @Option(names = "--json", description = "As JSON, for scripts.")
    private boolean json;

    FindCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        int most = limit.most();
        String below = before == null ? "" : RunsCommand.name("e_", before);
        return hub(Cli.FOUND, hub -> {
            JsonNode found = found(hub, below, most);
            if (json) {
                json(found);
            } else {
                tell(found);
            }
            return found.path("events").isEmpty() ? Cli.FOUND : Cli.FINE;
        });
    }

    /** As {@code Found} of the API, of as many pages as it takes. */
    private JsonNode found(HubClient hub, String below, int most) {
        ObjectNode all = HubClient.body();
        ArrayNode events = all.putArray("events");
        var lines = new ArrayList<JsonNode>();
        String next = below;
        do {
            int page = Math.min(PAGE, most - events.size());
            JsonNode found = hub.get("/search", Map.of("q", what, "cursor", next, "limit", Integer.toString(page)));
            found.path("events").forEach(events::add);
            found.path("lines").forEach(lines::add);
            next = found.path("next").asText("");
        } while (!next.isEmpty() && events.size() < most);
        // what became of an older event may have come later
        lines.sort(
                Comparator.comparing(line -> Facts.time(line, "at"), Comparator.nullsFirst(Comparator.naturalOrder())));
        all.putArray("lines").addAll(lines);
        return all.put("next", next.isEmpty() ? null : next);
    }

    private void tell(JsonNode found) {
        if (found.path("events").isEmpty()) {
            out().println("Nothing is known of it. What has just arrived is found within a few seconds.");
            return;
        }
        Instant now = Instant.now();
        int runs = 0;
        for (JsonNode event : found.path("events")) {
            runs += event.path("runs").size();
        }
        out().println(Words.count(found.path("events").size(), "event") + ", " + Words.count(runs, "run")
                + ". Oldest first:");
        out().println();
        var table = new Table("at", "age", "receipt", "run", "what");
        for (JsonNode line : found.path("lines")) {
            table.row(
                    Facts.has(line, "at") ? Words.time(Facts.time(line, "at")) : "-",
                    Facts.age(line, "at", now, "-"),
                    Facts.text(line, "receipt"),
                    Facts.orDash(line, "run"),
                    Facts.text(line, "words"));
        }
        print(table);
        if (Facts.has(found, "next")) {
            out().println();
            out().println("There is more: add --before " + Facts.text(found, "next"));
        }
    }
}
