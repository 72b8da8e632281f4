package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "runs",
        description = {
            "Ask what became of events, and go on where one can't.",
            "Works beside a running hub, on the same settings, or over --hub.",
            ""
        },
        synopsisSubcommandLabel = "(list | show | cancel | resume | settle | discard)",
        footer = {
            "",
            "Examples:",
            "  serai runs list --state waiting --flow lead-created --since 2h",
            "  serai runs show r_81 --payload",
            "  serai runs list --json | jq '.[].reason'",
            "  serai runs settle r_81 --done --why \"Slack shows it\""
        },
        subcommands = {
            RunsCommand.Lists.class,
            RunsCommand.Show.class,
            CancelCommand.class,
            ResumeCommand.class,
            SettleCommand.class,
            DiscardCommand.class
        })
final class RunsCommand extends ShellCommand {
    RunsCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        throw new WrongUse(
                "Write serai runs list, or show, cancel, resume, settle or discard and a run: serai runs show r_81.");
    }

    /** {@code r_81} of {@code r_81} or {@code 81}. */
    static String run(String typed) {
        return name("r_", typed);
    }

    /** @throws WrongUse for anything else */
    static String name(String prefix, String typed) {
        String digits = typed.startsWith(prefix) ? typed.substring(prefix.length()) : typed;
        if (!digits.matches("\\d{1,18}")) {
            throw new WrongUse("\"" + typed + "\" is not an id; write " + prefix + "81, as the lists show it");
        }
        return prefix + Long.parseLong(digits);
    }

    @Command(name = "list", description = "The newest runs first.")
    static final class Lists extends ListCommand {
        @Mixin
        private RunFilterFlags which;

        @Mixin
        private LimitFlag limit;

        Lists(Shell shell) {
            super(shell);
        }

        @Override
        List<JsonNode> items(HubClient hub) {
            return hub.items("/runs", which.words(), limit.most());
        }

        @Override
        String none() {
            return which.isGiven() ? "No such runs." : "No runs yet: no event that a flow takes has arrived.";
        }

        @Override
        Table table(List<JsonNode> runs) {
            return RunTable.of(runs, false);
        }
    }

    @Command(name = "show", description = "One run: its event, steps, and every attempt with time, status and reason.")
    static final class Show extends ShowCommand {
        private static final Map<String, String> AS_TEXT = Map.of("as", "text");
        private static final Map<String, String> AS_IT_WAS = Map.of("calls", "plain");

        @Parameters(paramLabel = "RUN", description = "Its id, as lists show it: r_81.")
        private String run;

        @Option(names = "--payload", description = "Also what arrived. It may hold personal data.")
        private boolean payload;

        @Option(
                names = "--calls",
                description = "Also what each attempt sent and was answered. It may hold personal data.")
        private boolean calls;

        Show(Shell shell) {
            super(shell);
        }

        @Override
        JsonNode read(HubClient hub) {
            String name = run(run);
            var found = (ObjectNode) hub.get(HubClient.path("runs", name), calls ? AS_IT_WAS : Map.of());
            if (payload) {
                payloads(hub, name, found);
            }
            return found;
        }

        /** What arrived, and what people made of it. */
        private static void payloads(HubClient hub, String name, ObjectNode found) {
            String receipt = Facts.text(found.path("event"), "receipt");
            hub.find(HubClient.path("events", receipt, "payload"), AS_TEXT)
                    .ifPresent(arrived -> found.put("content_type", Facts.text(arrived, "content_type"))
                            .put("payload", Facts.text(arrived, "text")));
            boolean corrected =
                    found.path("by_hand").findValues("corrected").stream().anyMatch(JsonNode::asBoolean);
            if (corrected) {
                hub.find(HubClient.path("runs", name, "payload"), AS_TEXT).ifPresent(now -> {
                    found.set("patches", now.path("patches"));
                    if (now.path("corrected").asBoolean()) {
                        found.put("corrected_payload", Facts.text(now, "text"));
                    }
                });
            }
        }

        @Override
        String missing(HubProblem problem) {
            return "There is no run " + run(run) + "; see serai runs list.";
        }

        @Override
        void tell(JsonNode found) {
            new Timeline(found, calls).print(out(), shell().paint());
        }
    }
}
