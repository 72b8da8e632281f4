package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.config.Setting;
import dev.serai.file.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "connections",
        description = {
            "Connect accounts and prove that they work; see through which nothing goes now, and why; let them go on.",
            "Works beside a running hub, on the same settings, or over --hub.",
            ""
        },
        synopsisSubcommandLabel = "(list | connect | set | check | history | rotate-key | resume)",
        footer = {
            "",
            "Examples:",
            "  serai connections list --expiring 30d",
            "  serai connections connect salesforce",
            "  serai connections set mailchimp api-key",
            "  serai connections check --all",
            "  serai connections resume mailchimp --why \"the key is valid again\""
        },
        subcommands = {
            ConnectionsCommand.Lists.class,
            ConnectCommand.class,
            CredentialCommands.Set.class,
            CheckCommand.class,
            ConnectionsCommand.History.class,
            CredentialCommands.RotateKey.class,
            ConnectionsCommand.Resume.class
        })
final class ConnectionsCommand extends ShellCommand {
    ConnectionsCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        throw new WrongUse("Write serai connections list, or serai connections resume mailchimp.");
    }

    @Command(
            name = "list",
            description = {
                "Tell how connections go: what is parked or left alone, and how many runs wait for it.",
                "Parked is a connection whose credential was refused; left alone are operations that failed again and "
                        + "again; failing is one whose last proof failed, or of whose calls none got through. Also when each was "
                        + "called with success last, its errors and kept answers of the last hour, and what is used of its limits."
            })
    @SettingFlags.Uses({Setting.MAPPINGS})
    static final class Lists extends HubCommand {
        @Option(names = "--json", description = "As JSON, for scripts.")
        private boolean json;

        @Option(
                names = "--expiring",
                paramLabel = "TIME",
                description =
                        "Instead: credentials that end within that time, such as 30d, and are not renewed by themselves.")
        private String expiring;

        Lists(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() {
            Optional<Duration> ahead = Optional.ofNullable(expiring).map(span -> Durations.parse(span)
                    .orElseThrow(() -> new WrongUse("--expiring " + span + ": a duration such as 30d is needed")));
            return hub(Cli.FINE, hub -> {
                List<JsonNode> all = hub.items("/connections");
                if (ahead.isPresent()) {
                    return ending(all, Instant.now().plus(ahead.get()));
                }
                if (json) {
                    json(all);
                } else {
                    tell(all);
                }
                return Cli.FINE;
            });
        }

        /** Those a person must see to. */
        private int ending(List<JsonNode> all, Instant until) {
            List<JsonNode> ends = EndsTable.ends(all).stream()
                    .filter(end -> !end.path("renewed").asBoolean()
                            && Facts.time(end, "ends").isBefore(until))
                    .toList();
            if (json) {
                json(ends);
            } else if (ends.isEmpty()) {
                out().println("No credential ends within " + expiring + ".");
            } else {
                print(EndsTable.of(ends));
            }
            return ends.isEmpty() ? Cli.FINE : Cli.FOUND;
        }

        private void tell(List<JsonNode> all) {
            List<JsonNode> called = all.stream().filter(Lists::isSetUp).toList();
            out().println(headline(called));
            below(each(all, "troubles"), Lists::troubles);
            below(called, Lists::calls);
            below(each(all, "quotas"), QuotaTable::of);
            below(ScopeTable.told(all), ScopeTable::of);
            below(EndsTable.ends(all), EndsTable::of);
        }

        private void below(List<JsonNode> items, Function<List<JsonNode>, Table> table) {
            if (!items.isEmpty()) {
                out().println();
                print(table.apply(items));
            }
        }

        private static List<JsonNode> each(List<JsonNode> connections, String list) {
            var items = new ArrayList<JsonNode>();
            connections.forEach(connection -> connection.path(list).forEach(items::add));
            return items;
        }

        private static String headline(List<JsonNode> setUp) {
            List<String> wrong = setUp.stream()
                    .filter(each -> !List.of("fine", "untried").contains(Facts.text(each, "state")))
                    .map(each -> Facts.text(each, "connection"))
                    .toList();
            long untried = setUp.stream()
                    .filter(each -> Facts.text(each, "state").equals("untried"))
                    .count();
            if (setUp.isEmpty()) {
                return "No connection is set up yet; serai connections check NAME tells what one lacks.";
            }
            if (!wrong.isEmpty()) {
                return wrong.size() + " of " + setUp.size() + (setUp.size() == 1 ? " connection" : " connections")
                        + " to see to: " + String.join(", ", wrong) + ".";
            }
            return untried == 0
                    ? "All connections are fine."
                    : "Nothing is known to be wrong; " + untried + " of " + setUp.size()
                            + " were never tried: serai connections check --all.";
        }

        /** Those that can be called, or are in trouble. */
        private static boolean isSetUp(JsonNode each) {
            return !List.of("not_set", "in_only").contains(Facts.text(each, "state"));
        }

        private static Table calls(List<JsonNode> connections) {
            Instant now = Instant.now();
            var table =
                    new Table("connection", "state", "last success", "proved", "errors", "quota used", "from cache");
            for (JsonNode each : connections) {
                long used = 0;
                for (JsonNode quota : each.path("quotas")) {
                    used = Math.max(used, quota.path("percent").asLong());
                }
                table.noted(
                        Facts.text(each, "reason"),
                        Facts.text(each, "connection"),
                        Facts.text(each, "state"),
                        Facts.age(each, "last_success", now, "not within 35 days"),
                        Facts.age(each, "proved_at", now, "never"),
                        percent(each, "error_percent"),
                        each.path("quotas").isEmpty() ? "-" : used + " %",
                        percent(each, "cache_hit_percent"));
            }
            return table;
        }

        private static String percent(JsonNode json, String name) {
            return Facts.has(json, name) ? Facts.text(json, name) + " %" : "-";
        }

        private static Table troubles(List<JsonNode> troubles) {
            Instant now = Instant.now();
            var table = new Table("connection", "operation", "state", "since", "tried again", "waiting runs");
            troubles.forEach(trouble -> table.noted(
                    Facts.text(trouble, "reason"),
                    Facts.text(trouble, "connection"),
                    Facts.has(trouble, "operation") ? Facts.text(trouble, "operation") : "all",
                    Facts.text(trouble, "state"),
                    Facts.age(trouble, "since", now, "-"),
                    Facts.age(trouble, "until", now, "-"),
                    Facts.text(trouble, "waiting_runs")));
            return table;
        }
    }

    @Command(
            name = "resume",
            description = {
                "Let a parked connection go on with the credential it has.",
                "Its operations that are left alone are tried at once, and it is called again whatever it said of its "
                        + "limits. Who and why are noted."
            })
    @SettingFlags.Uses({Setting.MAPPINGS})
    static final class Resume extends HubCommand {
        @Parameters(paramLabel = "NAME", description = "The connection, as the list shows it: mailchimp.")
        private String name;

        @Option(names = "--why", paramLabel = "TEXT", required = true, description = "What was mended.")
        private String why;

        Resume(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() {
            ObjectNode order = HubClient.body().put("why", Given.why(why));
            return hub(Cli.FOUND, hub -> {
                int touched = hub.post(HubClient.path("connections", name, "resume"), order)
                        .path("touched")
                        .asInt();
                if (touched == 0) {
                    return missing("Nothing is held up at " + name + "; see serai connections list.");
                }
                out().println(name + " may go on; a running hub sees it within a second.");
                return Cli.FINE;
            });
        }
    }

    @Command(
            name = "history",
            description = "What became of a connection's credentials, and which flow used it for what.")
    static final class History extends ShowCommand {
        @Parameters(paramLabel = "NAME", description = "The connection: hubspot.")
        private String name;

        @Option(
                names = "--since",
                paramLabel = "TIME",
                defaultValue = "7d",
                description = "How far back its use is told. Default: 7d.")
        private String since;

        History(Shell shell) {
            super(shell);
        }

        @Override
        JsonNode read(HubClient hub) {
            return hub.get(HubClient.path("connections", name, "history"), Map.of("since", since));
        }

        @Override
        void tell(JsonNode history) {
            Instant now = Instant.now();
            var table = new Table("when", "who", "what");
            for (JsonNode event : history.path("events")) {
                table.noted(
                        Facts.text(event, "why"),
                        Facts.age(event, "at", now, "-"),
                        Facts.text(event, "who"),
                        Facts.text(event, "what"));
            }
            print(table);
            out().println();
            var used = new Table("flow", "operation", "endpoint", "calls", "fine", "last");
            for (JsonNode use : history.path("uses")) {
                used.row(
                        Facts.text(use, "flow"),
                        Facts.text(use, "operation"),
                        Facts.text(use, "endpoint"),
                        Facts.text(use, "calls"),
                        Facts.text(use, "fine"),
                        Facts.age(use, "last", now, "-"));
            }
            print(used);
        }
    }
}
