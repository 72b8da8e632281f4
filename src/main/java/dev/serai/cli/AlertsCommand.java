package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.alert.Rule;
import dev.serai.alert.Rules;
import dev.serai.alert.RulesFile;
import dev.serai.config.Setting;
import dev.serai.facts.AlertFacts;
import dev.serai.file.Durations;
import dev.serai.file.FileRefused;
import dev.serai.file.Problem;
import dev.serai.store.AlertBook.Entry;
import dev.serai.store.AlertDesk;
import dev.serai.store.ByHand;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "alerts",
        description = {
            "See what is wrong, say that you see to it, or have it silent for a while.",
            "Works beside a running hub, on the same settings.",
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
    @SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
    static final class Lists extends ShellCommand {
        @Option(names = "--resolved", description = "What was wrong, and is over.")
        private boolean resolved;

        @Option(names = "--json", description = "As JSON, for scripts.")
        private boolean json;

        Lists(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() throws SQLException {
            return RunLists.inStore(shell(), Cli.FINE, database -> {
                List<Entry> entries = new AlertDesk(database.dataSource())
                        .list(!resolved, Instant.now().plusSeconds(60), MOST);
                if (json) {
                    ArrayNode list = JsonNodeFactory.instance.arrayNode();
                    entries.forEach(entry -> list.add(AlertFacts.line(entry)));
                    out().println(list.toPrettyString());
                } else {
                    print(entries);
                }
                return resolved || entries.isEmpty() ? Cli.FINE : Cli.FOUND;
            });
        }

        private void print(List<Entry> entries) {
            if (entries.isEmpty()) {
                out().println(resolved ? "Nothing was wrong." : "Nothing is wrong.");
                return;
            }
            Instant now = Instant.now();
            var table = new Table("alert", "severity", "signal", "count", "team", "since", "seen to by");
            for (Entry entry : entries) {
                JsonNode line = AlertFacts.line(entry);
                table.noted(
                        line.path("reason").asText(),
                        line.path("alert").asText(),
                        line.path("severity").asText(),
                        line.path("signal").asText(),
                        line.path("count").asText(),
                        line.path("team").asText(),
                        Words.age(entry.alert().times().since(), now),
                        RunLists.orDash(entry.ackedBy()));
            }
            table.print(out(), shell().paint());
        }
    }

    /** Of one alert. */
    abstract static class OfOne extends ShellCommand {
        @Parameters(paramLabel = "ALERT", description = "As the list shows it: a_1f00ba12c3d4.")
        private String name;

        OfOne(Shell shell) {
            super(shell);
        }

        /** What is done. */
        interface Deed {
            int with(AlertDesk desk, Entry entry) throws SQLException;
        }

        int find(Deed deed) throws SQLException {
            return RunLists.inStore(shell(), Cli.FOUND, database -> {
                var desk = new AlertDesk(database.dataSource());
                Optional<Entry> entry = desk.find(name);
                if (entry.isEmpty()) {
                    shell().err().println("There is no alert " + name + "; see serai alerts list.");
                    return Cli.FOUND;
                }
                return deed.with(desk, entry.get());
            });
        }
    }

    @Command(name = "show", description = "All about one: what is behind it, what it touches, what to do.")
    @SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
    static final class Show extends OfOne {
        @Option(names = "--json", description = "As JSON, for scripts.")
        private boolean json;

        Show(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() throws SQLException {
            return find((desk, entry) -> {
                JsonNode facts = AlertFacts.json(entry);
                if (json) {
                    out().println(facts.toPrettyString());
                    return Cli.FINE;
                }
                facts.properties().forEach(fact -> line(fact.getKey(), fact.getValue()));
                facts.path("facts").properties().forEach(fact -> line(fact.getKey(), fact.getValue()));
                return Cli.FINE;
            });
        }

        private void line(String name, JsonNode value) {
            if (value.isValueNode() && !value.isNull() && !value.asText().isEmpty()) {
                out().println("%-15s %s".formatted(name.replace('_', ' '), value.asText()));
            }
        }
    }

    @Command(
            name = "ack",
            description = "Say that you see to it: until it is over, people are told only when it becomes worse.")
    @SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
    static final class Ack extends OfOne {
        @Option(names = "--why", paramLabel = "TEXT", description = "What is done about it. Needed.")
        private String why;

        Ack(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() throws SQLException {
            ByHand by = Given.byHand(why);
            return find((desk, entry) -> {
                boolean open = desk.acknowledge(entry.alert().name(), Instant.now(), by);
                out().println(open ? "Noted: " + by.who() + " sees to it." : "It is over already.");
                return open ? Cli.FINE : Cli.FOUND;
            });
        }
    }

    @Command(name = "silence", description = "Nobody is told of it for a while, also when it comes back meanwhile.")
    @SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
    static final class Silence extends OfOne {
        @Option(names = "--for", paramLabel = "TIME", required = true, description = "How long: 30m, 4h, 7d.")
        private String time;

        @Option(names = "--why", paramLabel = "TEXT", description = "Why. Needed.")
        private String why;

        Silence(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() throws SQLException {
            Duration silence = Durations.parse(time)
                    .orElseThrow(() -> new WrongUse("--for " + time + ": write a time such as 30m, 4h or 7d"));
            ByHand by = Given.byHand(why);
            return find((desk, entry) -> {
                Instant until = Instant.now().plus(silence);
                desk.silence(entry.alert().name(), until, by);
                out().println("Silent until " + Words.time(until) + ".");
                return Cli.FINE;
            });
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
