package dev.serai.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.cli.suite.Check;
import dev.serai.cli.suite.Finding;
import dev.serai.cli.suite.Report;
import dev.serai.cli.suite.Suite;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.file.Suggest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "connector",
        description = {"Try a connector file without an account, or begin one.", ""},
        synopsisSubcommandLabel = "(test | scaffold)",
        footer = {
            "",
            "Examples:",
            "  serai connector test hubspot",
            "  serai connector test --all --format json",
            "  serai connector scaffold openapi.json --name acme"
        },
        subcommands = {ConnectorCommand.Test.class, ScaffoldCommand.class})
final class ConnectorCommand extends ShellCommand {
    ConnectorCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        throw new WrongUse("Write serai connector test hubspot, or serai connector test --all.");
    }

    @Command(
            name = "test",
            description = {
                "Try each call of a connector file on the simulated system, held against the system's own contract.",
                "Credentials, errors, limits, repeats, pages and batches are tried. Nothing leaves this machine. Exit "
                        + "code 1 when something failed.",
                ""
            },
            footer = {"", "Examples:", "  serai connector test hubspot", "  serai connector test --all --format json"})
    @SettingFlags.Uses(Setting.MAPPINGS)
    static final class Test extends ShellCommand {
        private enum Format {
            text,
            json
        }

        @Parameters(arity = "0..*", paramLabel = "NAME", description = "A system of the folder mappings.")
        private List<String> names = new ArrayList<>();

        @Option(names = "--all", description = "Every system that has a connector file.")
        private boolean all;

        @Option(
                names = "--format",
                paramLabel = "FORMAT",
                defaultValue = "text",
                description = "text or json. Default: text.")
        private Format format;

        Test(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() {
            Settings settings = shell().quietSettings();
            LintCommand.requireFolder(settings, Setting.MAPPINGS);
            try (var suite = new Suite(settings.path(Setting.MAPPINGS))) {
                List<Report> reports = chosen(suite).stream().map(suite::test).toList();
                if (format == Format.json) {
                    ArrayNode list = JsonNodeFactory.instance.arrayNode();
                    reports.forEach(report -> list.add(report.json()));
                    out().println(list.toPrettyString());
                } else {
                    print(reports);
                }
                return reports.stream().allMatch(Report::passed) ? Cli.FINE : Cli.FOUND;
            }
        }

        private List<String> chosen(Suite suite) {
            if (all == !names.isEmpty()) {
                throw new WrongUse("Name a connector, or say --all.");
            }
            for (String name : names) {
                if (!suite.connectors().contains(name)) {
                    throw new WrongUse(
                            "No connector is called " + name + "; " + Suggest.hint(name, suite.connectors()));
                }
            }
            return all ? suite.connectors() : names;
        }

        private void print(List<Report> reports) {
            for (Report report : reports) {
                out().println(shell().paint().bold(report.connector()));
                table(report);
                out().println();
            }
            out().println(legend());
            long failed = reports.stream().filter(report -> !report.passed()).count();
            String sum = Words.count(reports.size(), "connector") + ", "
                    + reports.stream().mapToInt(report -> report.rows().size()).sum() + " rows: "
                    + Stream.of(Finding.State.OK, Finding.State.FAILED, Finding.State.UNVERIFIED)
                            .map(state -> sum(reports, state) + " " + state.word())
                            .reduce((a, b) -> a + ", " + b)
                            .orElseThrow()
                    + ".";
            out().println(
                            failed == 0
                                    ? shell().paint().good(sum)
                                    : shell().paint().bad(sum));
        }

        private static long sum(List<Report> reports, Finding.State state) {
            return reports.stream().mapToLong(report -> report.count(state)).sum();
        }

        private static String legend() {
            return "-           there is nothing to check\n"
                    + "unverified  holds only against what we wrote ourselves, or nothing was there to try it on";
        }

        private void table(Report report) {
            var header = new ArrayList<>(List.of("operation"));
            var checks = List.of(Check.values());
            checks.forEach(check -> header.add(check.word()));
            var table = new Table(header.toArray(String[]::new));
            for (Report.Row row : report.rows()) {
                var cells = new ArrayList<>(List.of(row.name()));
                checks.forEach(check -> cells.add(
                        row.findings().containsKey(check)
                                ? row.findings().get(check).state().word()
                                : "-"));
                table.noted(notes(row), cells.toArray(String[]::new));
            }
            table.print(out(), shell().paint());
            report.failures().forEach(failure -> out().println("\n" + failure.withExcerpt()));
        }

        private static String notes(Report.Row row) {
            var notes = new LinkedHashSet<String>();
            row.findings().forEach((check, found) -> {
                if (found.state() == Finding.State.UNVERIFIED) {
                    notes.add(check.word().toLowerCase(Locale.ROOT) + ": " + found.why());
                }
            });
            return String.join("\n", notes);
        }
    }
}
