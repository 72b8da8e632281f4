package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.config.Setting;
import java.time.Instant;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "systems",
        description = {
            "Tell which event of a record each system has, how that stands against the newest, and what would mend it.",
            "With --repair it is mended, as long as it still stands so. Works beside a running hub, or over --hub.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai systems contact:7",
            "  serai systems contact:7 --repair resume:r_81 --dry-run",
            "  serai systems contact:7 --repair resume:r_81 --why \"address added in the CRM\"",
            "  serai systems contact:7 --repair settle:r_81:2 --outcome not_done --why \"it is not there\""
        })
@SettingFlags.Uses({Setting.MAPPINGS, Setting.ROUTES})
final class SystemsCommand extends HubCommand {
    @Parameters(paramLabel = "WHAT", description = "contact:7, or whatever serai find takes.")
    private String what;

    @Option(names = "--repair", paramLabel = "REPAIR", description = "As the list names it: resume:r_81.")
    private String repair;

    @Option(
            names = "--outcome",
            paramLabel = "WORD",
            description = "With a repair that settles: done or not_done, as you found it there.")
    private String outcome;

    @Option(names = "--why", paramLabel = "TEXT", description = "What was found or mended. Needed to repair.")
    private String why;

    @Option(names = "--dry-run", description = "Only show what the repair would do.")
    private boolean dryRun;

    @Option(names = "--json", description = "As JSON, for scripts.")
    private boolean json;

    SystemsCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        if (repair == null && (dryRun || outcome != null || why != null)) {
            throw new WrongUse("--dry-run, --outcome and --why go with --repair; without it the systems are listed.");
        }
        ObjectNode order = repair == null ? null : order();
        return hub(Cli.FOUND, hub -> order == null ? list(hub) : mend(hub, order));
    }

    private ObjectNode order() {
        ObjectNode order = HubClient.body().put("q", what).put("repair", repair).put("dry_run", dryRun);
        if (outcome != null) {
            order.put("outcome", outcome);
        }
        return dryRun ? order : order.put("why", Given.why(why));
    }

    private int mend(HubClient hub, ObjectNode order) {
        JsonNode mended = hub.post("/systems/repair", order);
        if (json) {
            json(mended);
        } else {
            out().println((dryRun ? "Nothing was changed. Then: " : "") + Facts.text(mended, "words") + ".");
            mended.path("systems").forEach(each -> out().println("  mends " + Facts.text(each, "connection") + " "
                    + Facts.text(each, "operation") + " of " + Facts.text(each, "flow")));
        }
        return Cli.FINE;
    }

    /** @return found, when a system does not have what is newest */
    private int list(HubClient hub) {
        JsonNode told = hub.get("/systems", Map.of("q", what));
        boolean fine = true;
        for (JsonNode record : told.path("records")) {
            for (JsonNode row : record.path("systems")) {
                fine &= Facts.text(row, "state").equals("current");
            }
        }
        if (json) {
            json(told);
        } else {
            told.path("records").forEach(this::tell);
            if (told.path("records").isEmpty()) {
                out().println("Nothing is known of it. What has just arrived is found within a few seconds.");
            } else if (!told.path("all_records").asBoolean()) {
                shell().err().println("More records are about it; name one: serai systems contact:7.");
            }
        }
        return fine && !told.path("records").isEmpty() ? Cli.FINE : Cli.FOUND;
    }

    private void tell(JsonNode record) {
        Instant now = Instant.now();
        out().println(shell().paint().bold(Facts.text(record, "record")) + "  of " + Facts.text(record, "source")
                + ", " + (record.path("all_events").asBoolean() ? "all of its " : "the newest ")
                + Words.count(record.path("events").asInt(), "event"));
        var table = new Table("system", "flow", "has", "version", "written", "newest", "stands");
        for (JsonNode row : record.path("systems")) {
            JsonNode wrote = row.path("wrote");
            table.noted(
                    note(row),
                    Facts.text(row, "connection") + " " + Facts.text(row, "operation"),
                    Facts.text(row, "flow"),
                    Facts.orDash(wrote, "receipt"),
                    version(wrote),
                    Facts.age(wrote, "at", now, "-"),
                    Facts.text(row.path("newest"), "receipt"),
                    Facts.text(row, "state"));
        }
        print(table);
        out().println();
    }

    private static String version(JsonNode event) {
        return Facts.has(event, "version") ? Facts.text(event, "version") : Facts.orDash(event, "occurred_at");
    }

    private static String note(JsonNode row) {
        var note = new StringBuilder(Facts.has(row, "words") ? Facts.text(row, "words") + "\n" : "");
        if (Facts.has(row.path("run"), "reason")) {
            note.append(Facts.text(row.path("run"), "reason")).append('\n');
        }
        row.path("older_dead").forEach(run -> note.append(run.asText())
                .append(" of an older event is dead: discard it, resumed it would write what is older\n"));
        if (Facts.has(row, "repair")) {
            note.append("--repair ").append(Facts.text(row.path("repair"), "repair"));
        }
        return note.toString();
    }
}
