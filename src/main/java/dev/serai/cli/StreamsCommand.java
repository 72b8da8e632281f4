package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.facts.StreamFacts;
import dev.serai.store.ByHand;
import dev.serai.store.Cursors;
import dev.serai.store.Cursors.Position;
import dev.serai.store.Database;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "streams",
        description = {
            "See how far polled streams were read, and let one be read again from another place.",
            "Works beside running hubs, on the same settings.",
            ""
        },
        synopsisSubcommandLabel = "(list | set)",
        footer = {
            "",
            "Examples:",
            "  serai streams list",
            "  serai streams set hubspot/new_contacts 2026-11-20T00:00:00Z --dry-run",
            "  serai streams set hubspot/new_contacts 2026-11-20T00:00:00Z --why \"two days are missing\""
        },
        subcommands = {StreamsCommand.Lists.class, StreamsCommand.Set.class})
final class StreamsCommand extends ShellCommand {
    StreamsCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        throw new WrongUse("Write serai streams list or serai streams set hubspot/new_contacts CURSOR --why \"…\".");
    }

    private static Cursors cursors(Database database) {
        return new Cursors(database.dataSource(), InstantSource.system(), "");
    }

    @Command(name = "list", description = "The streams that were polled, and how far each was read.")
    @SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
    static final class Lists extends ShellCommand {
        @Option(names = "--json", description = "As JSON, for scripts.")
        private boolean json;

        Lists(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() throws SQLException {
            return RunLists.inStore(shell(), Cli.FINE, database -> {
                var all = cursors(database).all();
                if (json) {
                    out().println(StreamFacts.list(all).toPrettyString());
                    return Cli.FINE;
                }
                var table = new Table("stream", "read up to", "asked");
                Instant now = Instant.now();
                all.forEach(each -> table.row(
                        each.connection() + "/" + each.stream(),
                        RunLists.orDash(each.value()),
                        each.polledAt() == null ? "never" : Words.age(each.polledAt(), now)));
                table.print(out(), shell().paint());
                return Cli.FINE;
            });
        }
    }

    @Command(
            name = "set",
            description = {
                "Let the next poll of a stream begin at another place. What was read before is recognised by its key, for",
                "as long as keys are kept, and makes no second run. Who and why are noted."
            })
    @SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
    static final class Set extends ShellCommand {
        @Parameters(index = "0", paramLabel = "STREAM", description = "As the list shows it: hubspot/new_contacts.")
        private String name;

        @Parameters(
                index = "1",
                paramLabel = "CURSOR",
                description = "In the form the list shows; an empty text for the very beginning.")
        private String cursor;

        @Option(names = "--why", paramLabel = "TEXT", description = "Why. Needed.")
        private String why;

        @Option(names = "--dry-run", description = "Only show what would happen.")
        private boolean dryRun;

        Set(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() throws SQLException {
            Optional<ByHand> by = dryRun ? Optional.empty() : Optional.of(Given.byHand(why));
            return RunLists.inStore(shell(), Cli.FOUND, database -> {
                Cursors cursors = cursors(database);
                Optional<Position> before = cursors.all().stream()
                        .filter(each -> name.equals(each.connection() + "/" + each.stream()))
                        .findFirst();
                if (before.isEmpty()) {
                    shell().err().println("No hub has polled " + name + " yet; see serai streams list.");
                    return Cli.FOUND;
                }
                String move = "from \"" + before.get().value() + "\" to \"" + cursor + "\"";
                if (by.isEmpty()) {
                    out().println(name + " would go " + move + ". Nothing was changed.");
                    return Cli.FINE;
                }
                if (!cursors.set(before.get(), cursor, Instant.now(), by.get())) {
                    shell().err().println(name + " is being polled now; nothing was changed. Write the command again.");
                    return Cli.FOUND;
                }
                out().println(name + " goes " + move + " with its next poll.");
                return Cli.FINE;
            });
        }
    }
}
