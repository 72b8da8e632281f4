package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.library.LibraryFolder;
import dev.serai.run.Allowance.Thresholds;
import dev.serai.store.Buckets;
import dev.serai.store.Database;
import dev.serai.store.ParkedConnections;
import dev.serai.store.ParkedConnections.Trouble;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "connections",
        description = {
            "Connect accounts and prove that they work; see through which nothing goes now, and why; let them go on.",
            "Works beside a running hub, on the same settings.",
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
            CredentialCommands.Connect.class,
            CredentialCommands.Set.class,
            CheckCommand.class,
            CredentialCommands.History.class,
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
                "Connections that are parked because their credential was refused, and operations that are left",
                "alone because they failed again and again, with the runs that wait for each. Also when each was called",
                "with success last, its errors and kept answers of the last hour, and what is used of its limits."
            })
    @SettingFlags.Uses({Setting.MAPPINGS, Setting.DATA, Setting.DATABASE_URL})
    static final class Lists extends ShellCommand {
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
        public Integer call() throws SQLException {
            return RunLists.inStore(shell(), Cli.FINE, database -> {
                var ends = new EndsTable(shell(), database);
                if (expiring != null) {
                    return ends.within(expiring, json);
                }
                List<Trouble> troubles = new ParkedConnections(database.dataSource()).troubles();
                var all = ends.connections(Instant.now());
                if (json) {
                    out().println(all.toPrettyString());
                } else if (troubles.isEmpty()) {
                    out().println("All connections are fine.");
                } else {
                    print(troubles);
                }
                if (!json) {
                    printCalls(all);
                    printQuotas(database);
                    ends.all();
                }
                return Cli.FINE;
            });
        }

        /** Those that were called of late, or are kept from it. */
        private void printCalls(ArrayNode all) {
            Instant now = Instant.now();
            var table = new Table("connection", "state", "last success", "errors", "quota used", "from cache");
            boolean any = false;
            for (JsonNode each : all) {
                String state = each.path("state").asText();
                if (each.path("last_success").isNull() && (state.equals("fine") || state.equals("not_set"))) {
                    continue;
                }
                any = true;
                long used = 0;
                for (JsonNode quota : each.path("quotas")) {
                    used = Math.max(used, quota.path("percent").asLong());
                }
                String last = each.path("last_success").asText("");
                table.row(
                        each.path("connection").asText(),
                        state,
                        last.isEmpty() ? "not within a day" : Words.age(Instant.parse(last), now),
                        percent(each.path("error_percent")),
                        each.path("quotas").isEmpty() ? "-" : used + " %",
                        percent(each.path("cache_hit_percent")));
            }
            if (any) {
                out().println();
                table.print(out(), shell().paint());
            }
        }

        private static String percent(JsonNode value) {
            return value.isNull() ? "-" : value.asText() + " %";
        }

        private void printQuotas(Database database) throws SQLException {
            Settings settings = shell().quietSettings();
            var folder = new LibraryFolder(settings.path(Setting.MAPPINGS), settings::lookup);
            folder.reload();
            var quotas = QuotaTable.of(database, folder.current(), settings);
            if (!quotas.isEmpty()) {
                out().println();
                quotas.print(out(), shell().paint());
            }
        }

        private void print(List<Trouble> troubles) {
            Instant now = Instant.now();
            var table = new Table("connection", "operation", "state", "since", "tried again", "waiting runs");
            for (Trouble trouble : troubles) {
                table.noted(
                        trouble.reason(),
                        trouble.connection(),
                        trouble.operation() == null ? "all" : trouble.operation(),
                        trouble.state(),
                        Words.age(trouble.since(), now),
                        trouble.until() == null ? "-" : Words.age(trouble.until(), now),
                        Integer.toString(trouble.waiting()));
            }
            table.print(out(), shell().paint());
        }
    }

    @Command(
            name = "resume",
            description = {
                "Let a parked connection go on with the credential it has, and try its operations that are left",
                "alone at once. Who and why are noted."
            })
    @SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
    static final class Resume extends ShellCommand {
        @Parameters(paramLabel = "NAME", description = "The connection, as the list shows it: mailchimp.")
        private String name;

        @Option(names = "--why", paramLabel = "TEXT", required = true, description = "What was mended.")
        private String why;

        Resume(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() throws SQLException {
            return RunLists.inStore(shell(), Cli.FOUND, database -> {
                int touched = new ParkedConnections(database.dataSource())
                        .resume(name, Instant.now(), System.getProperty("user.name"), why);
                if (new Buckets(database.dataSource(), Thresholds.USUAL).open(name, Instant.now())) {
                    touched++;
                }
                if (touched == 0) {
                    shell().err().println("Nothing is held up at " + name + "; see serai connections list.");
                    return Cli.FOUND;
                }
                out().println(name + " may go on; a running hub sees it within a second.");
                return Cli.FINE;
            });
        }
    }
}
