package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "replay",
        description = {
            "Let events go through a flow again, as new runs: what it wrote before is written again.",
            "For a flow that was wrong, or came later than its events; a run that failed is resumed instead (serai "
                    + "dead-letters resume).",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai replay --flow lead-created --since 2026-11-20 --dry-run",
            "  serai replay e_81 e_82 --flow lead-created --why \"the table was wrong\"",
            "  serai replay --flow orders --record order:7 --since 30d --rate 10/s --why \"it was mended\""
        })
final class ReplayCommand extends HubCommand {
    @Parameters(arity = "0..*", paramLabel = "RECEIPT", description = "Of the events: e_81.")
    private List<String> receipts = new ArrayList<>();

    @Option(names = "--flow", paramLabel = "FLOW", required = true, description = "Through which they go.")
    private String flow;

    @Option(names = "--source", paramLabel = "SOURCE", description = "Only events of this source.")
    private String source;

    @Option(names = "--type", paramLabel = "TYPE", description = "Only events of this type.")
    private String type;

    @Option(names = "--record", paramLabel = "RECORD", description = "Only events about this record: contact:7.")
    private String record;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Arrived then or later: 2h (ago), 2026-11-21 or 2026-11-21T09:30:00Z.")
    private String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Arrived before.")
    private String until;

    @Option(names = "--rate", paramLabel = "RATE", description = "Not all at once: 10/s, 600/m or 36000/h.")
    private String rate;

    @Option(
            names = "--unless-since",
            paramLabel = "TIME",
            description =
                    "Leave those alone that were replayed since: asked_at of a --dry-run --json, so that an order can be"
                            + " given again when its answer was lost.")
    private String unlessSince;

    @Option(names = "--why", paramLabel = "TEXT", description = "What was wrong before. Needed.")
    private String why;

    @Option(
            names = "--anyway",
            description =
                    "Also when a connection that the flow calls does not work now; else flags that choose events are refused"
                            + " then.")
    private boolean anyway;

    @Option(names = "--dry-run", description = "Only show what would happen.")
    private boolean dryRun;

    @Option(names = "--json", description = "As JSON, for scripts.")
    private boolean json;

    ReplayCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        ObjectNode order = order();
        return hub(Cli.FOUND, hub -> {
            JsonNode replayed = hub.post("/events/replay", order);
            if (json) {
                json(replayed);
            } else {
                tell(replayed);
            }
            if (replayed.has("problem")) {
                missing("It ended on the way: " + Facts.text(replayed, "problem") + ".");
                return Cli.NOT_ASKED;
            }
            return replayed.path("replayed").asInt() > 0 ? Cli.FINE : Cli.FOUND;
        });
    }

    private ObjectNode order() {
        Map<String, String> words = words();
        if (receipts.isEmpty() == words.isEmpty()) {
            throw new WrongUse(
                    receipts.isEmpty()
                            ? "Which events? Write their receipts, serai replay e_81 --flow " + flow
                                    + ", or flags such as --since 2h."
                            : "Write receipts or flags that choose events, not both.");
        }
        ObjectNode order = HubClient.body().put("flow", flow).put("dry_run", dryRun);
        if (receipts.isEmpty()) {
            words.forEach(order.putObject("filter")::put);
        } else {
            var events = order.putArray("events");
            receipts.forEach(receipt -> events.add(RunsCommand.name("e_", receipt)));
        }
        if (rate != null) {
            order.put("rate", rate);
        }
        if (anyway) {
            order.put("anyway", true);
        }
        if (unlessSince != null) {
            order.put("unless_since", unlessSince);
        }
        return dryRun ? order : order.put("why", Given.why(why));
    }

    private Map<String, String> words() {
        var given = new LinkedHashMap<String, String>();
        given.put("source", source);
        given.put("type", type);
        given.put("record", record);
        given.put("since", since);
        given.put("until", until);
        return RunFilterFlags.said(given);
    }

    private void tell(JsonNode result) {
        int replayed = result.path("replayed").asInt();
        String go = dryRun ? " would go" : replayed == 1 ? " goes" : " go";
        out().println(
                        replayed == 0
                                ? "Nothing to replay: no such event is left that may go through " + flow + " again."
                                : Words.count(replayed, "event") + go + " through " + flow + " again"
                                        + runs(result.path("runs")) + ".");
        result.path("failing").forEach(one -> out().println(Facts.text(one, "connection") + " does not work now: "
                + Facts.text(one, "reason") + (dryRun && !anyway ? "; it takes --anyway." : ".")));
        told(result, "again", " of the first 500 went through it before: what they wrote is written again.");
        told(result, "open", " left alone: their run of this flow is not done yet; resume that one.");
        told(result, "repeated", " left alone: they were replayed since then.");
        told(result, "forgotten", " left alone: nothing is left of them, their person was forgotten.");
        if (result.path("more").asBoolean()) {
            out().println(
                            "There are more than go at once: say when these arrived by --since and --until, and go on behind them.");
        }
    }

    private static String runs(JsonNode runs) {
        return runs.isEmpty()
                ? ""
                : runs.size() == 1
                        ? ", as " + runs.get(0).asText()
                        : ", as " + runs.get(0).asText() + " to "
                                + runs.get(runs.size() - 1).asText();
    }

    private void told(JsonNode result, String count, String words) {
        if (result.path(count).asInt() > 0) {
            out().println(result.path(count).asInt() + words);
        }
    }
}
