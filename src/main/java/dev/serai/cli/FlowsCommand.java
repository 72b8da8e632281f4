package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.config.Setting;
import dev.serai.facts.Flow;
import dev.serai.facts.FlowFacts;
import dev.serai.file.Suggest;
import dev.serai.route.FlowTree;
import dev.serai.store.Backlog;
import dev.serai.store.ByHand;
import dev.serai.store.Database;
import dev.serai.store.FlowSwitches;
import dev.serai.store.FlowSwitches.State;
import dev.serai.store.Tallies;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "flows",
        description = {
            "See the flows, pause them, switch them off, and try new versions on some of the records.",
            "Works beside running hubs, which see it within a second.",
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

    private static FlowFacts facts(Database database) {
        var data = database.dataSource();
        return new FlowFacts(new FlowSwitches(data), new Backlog(data), new Tallies(data));
    }

    private static List<Flow> flows(Shell shell) {
        return FlowTree.of(shell.quietSettings().path(Setting.ROUTES));
    }

    @Command(name = "list", description = "The flows: how they are switched, their open runs, and their last hour.")
    @SettingFlags.Uses({Setting.ROUTES, Setting.DATA, Setting.DATABASE_URL})
    static final class Lists extends ShellCommand {
        @Option(names = "--json", description = "As JSON, for scripts.")
        private boolean json;

        Lists(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() throws SQLException {
            return RunLists.inStore(shell(), Cli.FINE, database -> {
                var list = facts(database).list(flows(shell()), Instant.now());
                if (json) {
                    out().println(list.toPrettyString());
                    return Cli.FINE;
                }
                var table = new Table("flow", "state", "takes", "waiting", "dead", "in doubt", "done in the last hour");
                list.forEach(flow -> table.row(
                        flow.path("flow").asText(),
                        state(flow),
                        flow.path("from").asText("its file is gone"),
                        number(flow.path("runs"), "waiting"),
                        number(flow.path("runs"), "dead"),
                        number(flow.path("runs"), "in_doubt"),
                        number(flow.path("last_hour"), "done")));
                table.print(out(), shell().paint());
                return Cli.FINE;
            });
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
    @SettingFlags.Uses({Setting.ROUTES, Setting.DATA, Setting.DATABASE_URL})
    static final class Show extends ShellCommand {
        @Parameters(paramLabel = "FLOW", description = "As the list shows it: lead-created.")
        private String flow;

        @Option(names = "--json", description = "As JSON, for scripts.")
        private boolean json;

        Show(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() throws SQLException {
            return RunLists.inStore(shell(), Cli.FOUND, database -> {
                List<Flow> flows = flows(shell());
                Optional<ObjectNode> found = facts(database).show(flows, flow, Instant.now());
                if (found.isEmpty()) {
                    return unknown(shell(), flow, flows);
                }
                if (json) {
                    out().println(found.get().toPrettyString());
                } else {
                    print(found.get());
                }
                return Cli.FINE;
            });
        }

        private void print(ObjectNode found) {
            out().println(flow + ": " + found.path("description").asText());
            out().println(state(found) + ", from " + found.path("from").asText("nowhere: its file is gone")
                    + counts(found));
            if (found.hasNonNull("why")) {
                out().println("switched by " + found.path("who").asText() + ": "
                        + found.path("why").asText());
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

    private static int unknown(Shell shell, String flow, List<Flow> flows) {
        shell.err()
                .println("There is no flow " + flow + "; "
                        + Suggest.hint(flow, flows.stream().map(Flow::id).toList()) + ".");
        return Cli.FOUND;
    }

    /** What the switches have in common: which flow, and why. */
    abstract static class Switch extends ShellCommand {
        @Parameters(paramLabel = "FLOW", description = "As the list shows it: lead-created.")
        private String flow;

        @Option(names = "--why", paramLabel = "TEXT", description = "Why. Needed.")
        private String why;

        Switch(Shell shell) {
            super(shell);
        }

        /** Does it. @return what is told; empty when it was so already */
        abstract Optional<String> turn(FlowSwitches switches, ObjectNode flow, ByHand by) throws SQLException;

        @Override
        public Integer call() throws SQLException {
            ByHand by = Given.byHand(why);
            return RunLists.inStore(shell(), Cli.FOUND, database -> {
                List<Flow> flows = flows(shell());
                Optional<ObjectNode> found = facts(database).show(flows, flow, Instant.now());
                if (found.isEmpty()) {
                    return unknown(shell(), flow, flows);
                }
                Optional<String> done = turn(new FlowSwitches(database.dataSource()), found.get(), by);
                out().println(done.orElse(flow + " is so already; nothing was changed."));
                return Cli.FINE;
            });
        }

        static Optional<String> set(FlowSwitches switches, ObjectNode flow, State to, ByHand by, String told)
                throws SQLException {
            String name = flow.path("flow").asText();
            return switches.set(name, to, Instant.now(), by) ? Optional.of(name + told) : Optional.empty();
        }
    }

    @Command(
            name = "pause",
            description = {
                "Let a flow's runs wait. What comes in is kept for it, in its order; what is under way comes to its",
                "end."
            })
    @SettingFlags.Uses({Setting.ROUTES, Setting.DATA, Setting.DATABASE_URL})
    static final class Pause extends Switch {
        Pause(Shell shell) {
            super(shell);
        }

        @Override
        Optional<String> turn(FlowSwitches switches, ObjectNode flow, ByHand by) throws SQLException {
            return set(switches, flow, State.PAUSED, by, " is paused; its runs wait.");
        }
    }

    @Command(name = "resume", description = "Let a paused flow go on, with all that waits.")
    @SettingFlags.Uses({Setting.ROUTES, Setting.DATA, Setting.DATABASE_URL})
    static final class Resume extends Switch {
        Resume(Shell shell) {
            super(shell);
        }

        @Override
        Optional<String> turn(FlowSwitches switches, ObjectNode flow, ByHand by) throws SQLException {
            return set(switches, flow, State.ON, by, " goes on.");
        }
    }

    @Command(
            name = "disable",
            description = {
                "Switch a flow off: events that come in from now on make no runs for it, and are not made up for.",
                "Runs that are there go on."
            })
    @SettingFlags.Uses({Setting.ROUTES, Setting.DATA, Setting.DATABASE_URL})
    static final class Disable extends Switch {
        Disable(Shell shell) {
            super(shell);
        }

        @Override
        Optional<String> turn(FlowSwitches switches, ObjectNode flow, ByHand by) throws SQLException {
            return set(switches, flow, State.OFF, by, " is off; its events make no runs.");
        }
    }

    @Command(name = "enable", description = "Switch a flow on again.")
    @SettingFlags.Uses({Setting.ROUTES, Setting.DATA, Setting.DATABASE_URL})
    static final class Enable extends Switch {
        Enable(Shell shell) {
            super(shell);
        }

        @Override
        Optional<String> turn(FlowSwitches switches, ObjectNode flow, ByHand by) throws SQLException {
            return set(switches, flow, State.ON, by, " is on.");
        }
    }

    @Command(
            name = "canary",
            description = {
                "Give a new version of a flow (event:…?replaces=FLOW in its file) a share of that flow's records. A record",
                "stays where it is while the share grows; 0 takes all back. It is taken back by itself when the new",
                "version fails clearly more often (serai.canary.*), with an alert."
            })
    @SettingFlags.Uses({Setting.ROUTES, Setting.DATA, Setting.DATABASE_URL})
    static final class Canary extends Switch {
        @Option(names = "--share", paramLabel = "PERCENT", required = true, description = "From 0 to 100.")
        private int share;

        Canary(Shell shell) {
            super(shell);
        }

        @Override
        Optional<String> turn(FlowSwitches switches, ObjectNode flow, ByHand by) throws SQLException {
            if (share < 0 || share > 100) {
                throw new WrongUse("--share " + share + ": a number from 0 to 100 is needed.");
            }
            String name = flow.path("flow").asText();
            if (!flow.hasNonNull("replaces")) {
                throw new WrongUse(name + " replaces no flow, so it has all its records already. A new version says in"
                        + " its file: event:…?replaces=" + name);
            }
            return switches.share(name, share, Instant.now(), by)
                    ? Optional.of(name + " gets " + share + " % of the records of "
                            + flow.path("replaces").asText() + ".")
                    : Optional.empty();
        }
    }
}
