package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.config.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "flows",
        description = {
            "See the flows, pause them, switch them off, and try new versions on some of the records.",
            "Works beside running hubs, which see it within a second, or over --hub.",
            ""
        },
        synopsisSubcommandLabel = "(list | show | pause | resume | disable | enable | canary)",
        footer = {
            "",
            "Examples:",
            "  serai flows list",
            "  serai flows show lead-created",
            "  serai flows pause lead-created --why \"Mailchimp moves house\"",
            "  serai flows resume lead-created --why \"they are back\"",
            "  serai flows canary lead-created-2 --share 10 --why \"a first try\""
        },
        subcommands = {
            FlowsCommand.Lists.class,
            FlowsCommand.Show.class,
            FlowsCommand.Pause.class,
            FlowsCommand.Resume.class,
            FlowsCommand.Disable.class,
            FlowsCommand.Enable.class,
            FlowsCommand.Canary.class
        })
final class FlowsCommand extends ShellCommand {
    FlowsCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        throw new WrongUse("Write serai flows list, serai flows show lead-created or serai flows pause lead-created"
                + " --why \"…\".");
    }

    @Command(name = "list", description = "The flows: how they are switched, their open runs, and their last hour.")
    @SettingFlags.Uses({Setting.ROUTES})
    static final class Lists extends ListCommand {
        Lists(Shell shell) {
            super(shell);
        }

        @Override
        List<JsonNode> items(HubClient hub) {
            return hub.items("/flows");
        }

        @Override
        String none() {
            return "There are no flows.";
        }

        @Override
        Table table(List<JsonNode> flows) {
            var table = new Table("flow", "state", "takes", "waiting", "dead", "in doubt", "done in the last hour");
            flows.forEach(flow -> table.row(
                    Facts.text(flow, "flow"),
                    state(flow),
                    Facts.has(flow, "from") ? Facts.text(flow, "from") : "its file is gone",
                    number(flow.path("runs"), "waiting"),
                    number(flow.path("runs"), "dead"),
                    number(flow.path("runs"), "in_doubt"),
                    number(flow.path("last_hour"), "done")));
            return table;
        }

        private static String number(JsonNode numbers, String of) {
            return Long.toString(numbers.path(of).asLong());
        }
    }

    /** {@code paused}; of a canary also what it gets. */
    private static String state(JsonNode flow) {
        String state = flow.path("state").asText();
        String replaces = flow.path("replaces").asText("");
        return replaces.isEmpty() ? state : state + ", " + flow.path("share").asInt() + " % of " + replaces;
    }

    @Command(name = "show", description = "One flow: its steps, and what became of each.")
    @SettingFlags.Uses({Setting.ROUTES})
    static final class Show extends ShowCommand {
        @Parameters(paramLabel = "FLOW", description = "As the list shows it: lead-created.")
        private String flow;

        Show(Shell shell) {
            super(shell);
        }

        @Override
        JsonNode read(HubClient hub) {
            return hub.get(HubClient.path("flows", flow));
        }

        @Override
        void tell(JsonNode found) {
            out().println(flow + ": " + Facts.text(found, "description"));
            String from = Facts.has(found, "from") ? Facts.text(found, "from") : "nowhere: its file is gone";
            out().println(state(found) + ", from " + from + counts(found));
            if (Facts.has(found, "why")) {
                out().println("switched by " + Facts.text(found, "who") + ": " + Facts.text(found, "why"));
            }
            steps(found.path("steps"), "  ");
        }

        private void steps(JsonNode steps, String indent) {
            for (JsonNode step : steps) {
                String id = step.path("step").asText("");
                out().println((indent + (id.isEmpty() ? "" : id + "  ")
                                        + step.path("kind").asText() + " "
                                        + step.path("what").asText())
                                .stripTrailing()
                        + counts(step));
                for (JsonNode branch : step.path("branches")) {
                    out().println(indent + "  " + branch.path("when").asText() + ":");
                    steps(branch.path("steps"), indent + "    ");
                }
            }
        }

        /** {@code  (last hour: 12 success; now: 3 dead)}. */
        private static String counts(JsonNode of) {
            var parts = new ArrayList<String>();
            words(of.path("last_hour")).ifPresent(words -> parts.add("last hour: " + words));
            words(of.path("runs")).ifPresent(words -> parts.add("now: " + words));
            return parts.isEmpty() ? "" : "  (" + String.join("; ", parts) + ")";
        }

        private static Optional<String> words(JsonNode numbers) {
            var words = new ArrayList<String>();
            numbers.properties()
                    .forEach(each -> words.add(
                            each.getValue().asLong() + " " + each.getKey().replace('_', ' ')));
            return words.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", words));
        }
    }

    /** What the switches have in common: which flow, and why. */
    abstract static class Switch extends HubCommand {
        @Parameters(paramLabel = "FLOW", description = "As the list shows it: lead-created.")
        private String flow;

        @Option(names = "--why", paramLabel = "TEXT", description = "Why. Needed.")
        private String why;

        Switch(Shell shell) {
            super(shell);
        }

        /** @param told behind the flow's name, when it has changed */
        int turn(String state, String told) {
            return order("switch", HubClient.body().put("state", state), hub -> flow + told);
        }

        int order(String what, ObjectNode order, Function<HubClient, String> told) {
            order.put("why", Given.why(why));
            return hub(Cli.FOUND, hub -> {
                boolean changed = hub.post(HubClient.path("flows", flow, what), order)
                        .path("changed")
                        .asBoolean();
                out().println(changed ? told.apply(hub) : flow + " is so already; nothing was changed.");
                return Cli.FINE;
            });
        }

        final String flow() {
            return flow;
        }
    }

    @Command(
            name = "pause",
            description = {
                "Let a flow's runs wait.",
                "What comes in is kept for it, in its order; what is under way comes to its end."
            })
    @SettingFlags.Uses({Setting.ROUTES})
    static final class Pause extends Switch {
        Pause(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() {
            return turn("paused", " is paused; its runs wait.");
        }
    }

    @Command(name = "resume", description = "Let a paused flow go on, with all that waits.")
    @SettingFlags.Uses({Setting.ROUTES})
    static final class Resume extends Switch {
        Resume(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() {
            return turn("on", " goes on.");
        }
    }

    @Command(
            name = "disable",
            description = {
                "Switch a flow off: events that come in from now on make no runs for it, and are not made up for.",
                "Runs that are there go on."
            })
    @SettingFlags.Uses({Setting.ROUTES})
    static final class Disable extends Switch {
        Disable(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() {
            return turn("off", " is off; its events make no runs.");
        }
    }

    @Command(name = "enable", description = "Switch a flow on again.")
    @SettingFlags.Uses({Setting.ROUTES})
    static final class Enable extends Switch {
        Enable(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() {
            return turn("on", " is on.");
        }
    }

    @Command(
            name = "canary",
            description = {
                "Give a new version of a flow a share of that flow's records.",
                "Its file says which one it replaces (event:…?replaces=FLOW). A record stays where it is while the share "
                        + "grows; 0 takes all back. It is taken back by itself when the new version fails clearly more often "
                        + "(serai.canary.*), with an alert."
            })
    @SettingFlags.Uses({Setting.ROUTES})
    static final class Canary extends Switch {
        @Option(names = "--share", paramLabel = "PERCENT", required = true, description = "From 0 to 100.")
        private int share;

        Canary(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() {
            if (share < 0 || share > 100) {
                throw new WrongUse("--share " + share + ": a number from 0 to 100 is needed.");
            }
            return order(
                    "canary",
                    HubClient.body().put("share", share),
                    hub -> flow() + " gets " + share
                            + " % of the records of "
                            + Facts.text(hub.get(HubClient.path("flows", flow())), "replaces") + ".");
        }
    }
}
