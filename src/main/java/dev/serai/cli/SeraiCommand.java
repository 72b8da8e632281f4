package dev.serai.cli;

import picocli.CommandLine.Command;

/** {@code serai}: without a command the same as {@code serai run}. */
@Command(
        name = "serai",
        description = {
            "An integration hub in one process: events come in by webhook, are stored before they are",
            "acknowledged, reshaped by mapping files, routed by plain Camel YAML and delivered by HTTP.",
            ""
        },
        synopsisSubcommandLabel = "[COMMAND]",
        footer = {
            "",
            "Examples:",
            "  serai demo                     see it work, without any account",
            "  serai lint                     check routes/ and mappings/ before they go live",
            "  serai run --http-port 8081     start the hub (\"run\" may be left out)",
            "  serai dead-letters list        what failed, and why",
            "  serai runs list --hub https://hub.example.com     the same of a hub elsewhere",
            "",
            "Every setting is a flag, an environment variable (SERAI_HTTP_PORT) or a line of",
            "serai.properties: serai run --help. Read on in README.md."
        },
        subcommands = {
            RunCommand.class,
            DemoCommand.class,
            SimulateCommand.class,
            LintCommand.class,
            TestCommand.class,
            MapCommand.class,
            DiffCommand.class,
            DeadLettersCommand.class,
            RunsCommand.class,
            ReplayCommand.class,
            FlowsCommand.class,
            ConnectionsCommand.class,
            BreakersCommand.class,
            StreamsCommand.class,
            SourcesCommand.class,
            ForecastCommand.class,
            DriftCommand.class,
            AlertsCommand.class,
            DigestCommand.class,
            TokensCommand.class,
            AuditCommand.class,
            SettingsCommand.class,
            ConnectorCommand.class,
            ProveCommand.class,
            FindCommand.class,
            CapsuleCommand.class,
            SystemsCommand.class,
            WhyCommand.class,
            ExportCommand.class,
            ForgetCommand.class,
            ReferenceCommand.class,
            VersionCommand.class
        })
final class SeraiCommand extends ShellCommand {
    SeraiCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        return new RunCommand(shell()).call();
    }
}
