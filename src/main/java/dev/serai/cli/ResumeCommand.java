package dev.serai.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.run.Correction;
import dev.serai.run.Pace;
import java.util.Base64;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "resume",
        description = {
            "Let dead runs go on at the step that failed, by the files as they are now.",
            "What succeeded is not done again; what is in doubt is looked up, or stays in doubt until it is",
            "settled. The payload can be corrected first; the event keeps what arrived. Who and why are noted.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai dead-letters resume r_81 --why \"address added in the CRM\"",
            "  serai dead-letters resume --flow lead-created --reason email --dry-run \\",
            "      --patch '[{\"op\":\"replace\",\"path\":\"/country\",\"value\":\"DE\"}]'",
            "  serai dead-letters resume --since 2h --rate 10/s --why \"Mailchimp is back\""
        })
final class ResumeCommand extends HubCommand {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final int MOST_AT_ONCE = 100_000;
    private static final int USUAL = 10_000;

    @Mixin
    private Chosen chosen;

    @Option(names = "--why", paramLabel = "TEXT", description = "What was mended. Needed.")
    private String why;

    @Option(
            names = "--patch",
            paramLabel = "FILE",
            description = "Correct each payload by this RFC 6902 patch: a file, - for the input, or the JSON itself.")
    private String patch;

    @Option(
            names = "--payload",
            paramLabel = "FILE",
            description = "The whole payload anew, of one run: a file, or - for the input.")
    private String payload;

    @Option(names = "--rate", paramLabel = "RATE", description = "Not all at once: 10/s, 600/m or 36000/h.")
    private String rate;

    @Option(
            names = "--limit",
            paramLabel = "NUMBER",
            defaultValue = "" + USUAL,
            description = "At most so many, the oldest first. Default: " + USUAL + ".")
    private int limit;

    @Option(names = "--dry-run", description = "Only show what would happen.")
    private boolean dryRun;

    @Option(names = "--json", description = "As JSON, for scripts.")
    private boolean json;

    /** Null when the payloads stay as they are. */
    private Correction correction;

    ResumeCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        ObjectNode order = chosen.order("dead-letters resume", "dead");
        correct(order);
        pace(order);
        int most = limit();
        order.put("dry_run", dryRun);
        if (!dryRun) {
            order.put("why", Given.why(why));
        }
        return hub(Cli.FOUND, hub -> {
            JsonNode resumed = new ManyRuns(hub, new Progress(shell()), order, most).resume(rate != null);
            if (json) {
                json(resumed);
            } else {
                tell(resumed);
            }
            return resumed.path("refused").isEmpty() ? Cli.FINE : Cli.FOUND;
        });
    }

    private void correct(ObjectNode order) {
        if (patch != null && payload != null) {
            throw new WrongUse("Write --patch or --payload, not both.");
        }
        if (payload != null) {
            if (chosen.ids().size() != 1) {
                throw new WrongUse("--payload is for one run: name it, or use --patch for many.");
            }
            byte[] whole = Given.file(shell(), "--payload", payload);
            correction = Correction.whole(whole);
            order.put("payload_base64", Base64.getEncoder().encodeToString(whole));
        }
        if (patch != null) {
            String given = Given.jsonOrFile(shell(), "--patch", patch);
            try {
                correction = Correction.patch(given);
                order.set("patch", JSON.readTree(given));
            } catch (IllegalArgumentException | JsonProcessingException e) {
                throw new WrongUse("--patch: " + e.getMessage());
            }
        }
    }

    private void pace(ObjectNode order) {
        if (rate != null) {
            try {
                Pace.of(rate);
            } catch (IllegalArgumentException e) {
                throw new WrongUse("--rate: " + e.getMessage());
            }
            order.put("rate", rate);
        }
    }

    private int limit() {
        if (limit < 1 || limit > MOST_AT_ONCE) {
            throw new WrongUse("--limit " + limit + ": a number from 1 to " + MOST_AT_ONCE
                    + " is needed; write the command again for the rest.");
        }
        return limit;
    }

    private void tell(JsonNode result) {
        int runs = result.path("resumed").size();
        if (runs == 1 && !dryRun && rate == null) {
            String name = result.path("resumed").get(0).asText();
            out().println(name + " is due again; a running hub takes it now. See serai runs show " + name + ".");
        } else if (runs > 0) {
            String be = dryRun ? " would be" : runs == 1 ? " is" : " are";
            out().println(Words.count(runs, "run") + be + " due again" + when(result) + touched());
        } else if (result.path("refused").isEmpty()) {
            out().println("Nothing to resume: no dead letter fits.");
        }
        DiscardCommand.tellRest(this, result, limit);
        if (!result.path("cost").isEmpty()) {
            out().println();
            print(cost(result.path("cost")));
        }
    }

    /** What it would take of each limit at most. */
    private static Table cost(JsonNode costs) {
        var table = new Table("calls", "of", "limit", "at least");
        for (JsonNode each : costs) {
            String operation = Facts.text(each, "operation");
            table.row(
                    Facts.text(each, "calls"),
                    Facts.text(each, "connection") + (operation.isEmpty() ? "" : " " + operation),
                    Facts.has(each, "limit")
                            ? Facts.text(each, "limit") + " (" + Facts.text(each, "limit_name") + ")"
                            : "none stated",
                    each.path("at_least_seconds").asLong() + " s");
        }
        return table;
    }

    private String when(JsonNode result) {
        if (rate != null) {
            return ", the last of them at " + Words.time(Facts.time(result, "last_due_at")) + ".";
        }
        return dryRun ? "." : "; a running hub takes them now.";
    }

    private String touched() {
        return correction == null || !dryRun
                ? ""
                : " Corrected in each payload: " + String.join(", ", correction.paths());
    }
}
