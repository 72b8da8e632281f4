package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.alert.Rule;
import dev.serai.alert.Rules;
import dev.serai.alert.RulesFile;
import dev.serai.config.Setting;
import dev.serai.file.Durations;
import dev.serai.file.FileRefused;
import dev.serai.file.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "alerts",
        description = {
            "See what is wrong, say that you see to it, or have it silent for a while.",
            "Works beside a running hub, on the same settings, or over --hub.",
            ""
        },
        synopsisSubcommandLabel = "(list | show | ack | silence | rules)",
        footer = {
            "",
            "Examples:",
            "  serai alerts list",
            "  serai alerts show a_1f00ba12c3d4",
            "  serai alerts ack a_1f00ba12c3d4 --why \"the vendor knows\"",
            "  serai alerts silence a_1f00ba12c3d4 --for 4h --why \"they move their servers\"",
            "  serai alerts rules             when people are told, routes/alerts.yaml included"
        },
        subcommands = {
            AlertsCommand.Lists.class,
            AlertsCommand.Show.class,
            AlertsCommand.Ack.class,
            AlertsCommand.Silence.class,
            AlertsCommand.RuleList.class
        })
final class AlertsCommand extends ShellCommand {
    private static final int MOST = 500;

    AlertsCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        throw new WrongUse(
                "Write serai alerts list, serai alerts show a_…, serai alerts ack a_… --why \"…\", serai alerts"
                        + " silence a_… --for 4h --why \"…\" or serai alerts rules.");
    }

    @Command(name = "list", description = "What is wrong now, the newest first. Exit code 1 when something is.")
    static final class Lists extends ListCommand {
        @Option(names = "--resolved", description = "What was wrong, and is over.")
        private boolean resolved;

        Lists(Shell shell) {
            super(shell);
        }

        @Override
        List<JsonNode> items(HubClient hub) {
            return hub.items("/alerts", Map.of("state", resolved ? "resolved" : "open"), MOST);
        }

        @Override
        String none() {
            return resolved ? "Nothing was wrong." : "Nothing is wrong.";
        }

        @Override
        Table table(List<JsonNode> alerts) {
            Instant now = Instant.now();
            var table = new Table("alert", "severity", "signal", "count", "team", "since", "seen to by");
            alerts.forEach(alert -> table.noted(
                    Facts.text(alert, "reason"),
                    Facts.text(alert, "alert"),
                    Facts.text(alert, "severity"),
                    Facts.text(alert, "signal"),
                    Facts.text(alert, "count"),
                    Facts.text(alert, "team"),
                    Facts.age(alert, "since", now, "-"),
                    Facts.orDash(alert, "acknowledged_by")));
            return table;
        }

        @Override
        int code(List<JsonNode> alerts) {
            return resolved || alerts.isEmpty() ? Cli.FINE : Cli.FOUND;
        }
    }

    @Command(name = "show", description = "All about one: what is behind it, what it touches, what to do.")
    static final class Show extends ShowCommand {
        @Parameters(paramLabel = "ALERT", description = "As the list shows it: a_1f00ba12c3d4.")
        private String name;

        Show(Shell shell) {
            super(shell);
        }

        @Override
        JsonNode read(HubClient hub) {
            return hub.get(HubClient.path("alerts", name));
        }

        @Override
        String missing(HubProblem problem) {
            return unknown(name);
        }

        @Override
        void tell(JsonNode alert) {
            alert.properties().forEach(fact -> line(fact.getKey(), fact.getValue()));
            alert.path("facts").properties().forEach(fact -> line(fact.getKey(), fact.getValue()));
        }

        private void line(String name, JsonNode value) {
            if (value.isValueNode() && !value.isNull() && !value.asText().isEmpty()) {
                out().println("%-15s %s".formatted(name.replace('_', ' '), value.asText()));
            }
        }
    }

    private static String unknown(String name) {
        return "There is no alert " + name + "; see serai alerts list.";
    }

    /** Something that is done with one alert. */
    abstract static class Deed extends HubCommand {
        @Parameters(paramLabel = "ALERT", description = "As the list shows it: a_1f00ba12c3d4.")
        private String name;

        @Option(names = "--why", paramLabel = "TEXT", description = "What is done about it, or why. Needed.")
        private String why;

        Deed(Shell shell) {
            super(shell);
        }

        /** @param told says what has been done, of the alert as it is now */
        int order(String verb, ObjectNode order, Function<JsonNode, String> told) {
            order.put("why", Given.why(why));
            return hub(Cli.FOUND, hub -> {
                try {
                    out().println(told.apply(hub.post(HubClient.path("alerts", name, verb), order)));
                    return Cli.FINE;
                } catch (HubProblem e) {
                    if (e.isConflict()) {
                        out().println("It is over already.");
                        return Cli.FOUND;
                    }
                    if (e.isNotFound()) {
                        return missing(unknown(name));
                    }
                    throw e;
                }
            });
        }
    }

    @Command(
            name = "ack",
            description = "Say that you see to it: until it is over, people are told only when it becomes worse.")
    static final class Ack extends Deed {
        Ack(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() {
            return order(
                    "acknowledge",
                    HubClient.body(),
                    alert -> "Noted: " + Facts.text(alert, "acknowledged_by") + " sees to it.");
        }
    }

    @Command(name = "silence", description = "Nobody is told of it for a while, also when it comes back meanwhile.")
    static final class Silence extends Deed {
        @Option(names = "--for", paramLabel = "TIME", required = true, description = "How long: 30m, 4h, 7d.")
        private String time;

        Silence(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() {
            if (Durations.parse(time).isEmpty()) {
                throw new WrongUse("--for " + time + ": write a time such as 30m, 4h or 7d");
            }
            return order(
                    "silence",
                    HubClient.body().put("for", time),
                    alert -> "Silent until " + Words.time(Facts.time(alert, "silenced_until")) + ".");
        }
    }

    @Command(
            name = "rules",
            description = "When people are told: the shipped rules, and what routes/alerts.yaml makes of them.")
    @SettingFlags.Uses({Setting.ROUTES})
    static final class RuleList extends ShellCommand {
        RuleList(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() {
            var file = new RulesFile(shell().quietSettings().path(Setting.ROUTES));
            try {
                file.reload();
            } catch (FileRefused e) {
                e.problems().stream().map(Problem::withExcerpt).forEach(out()::println);
                return Cli.FOUND;
            }
            print(file.current());
            return Cli.FINE;
        }

        private void print(Rules rules) {
            var table = new Table("rule", "on", "signal", "limit", "critical", "window", "for", "severity", "team");
            for (Rule rule : rules.all()) {
                table.row(
                        rule.name(),
                        rule.on() ? "yes" : "no",
                        rule.signal().word(),
                        limit(rule, rule.limit()),
                        rule.critical() == null ? "-" : limit(rule, rule.critical()),
                        rule.signal().windowed() ? span(rule.window()) : "-",
                        rule.hold().isZero() ? "-" : span(rule.hold()),
                        rule.severity().word(),
                        rule.team());
            }
            table.print(out(), shell().paint());
        }

        private static String limit(Rule rule, double value) {
            String sign = rule.signal().below() ? "< " : "> ";
            return switch (rule.signal().unit()) {
                case NONE -> "-";
                case DURATION -> sign + span(Duration.ofMillis((long) value));
                case PERCENT -> sign + String.format(Locale.ROOT, "%.0f", value) + " %";
                case COUNT -> sign + (long) value;
            };
        }

        private static String span(Duration time) {
            long seconds = time.toSeconds();
            return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
        }
    }
}
