package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.connector.Connector;
import dev.serai.library.Library;
import dev.serai.route.ConnectionCheck;
import dev.serai.route.ConnectionCheck.Found;
import dev.serai.store.Proofs;
import dev.serai.store.Seal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description = {
            "Prove that connections work: a token is asked for where there are tokens, and a read is made that needs",
            "nothing of a record. Exit code 1 when one does not work."
        })
@SettingFlags.Uses({Setting.MAPPINGS, Setting.DATA, Setting.DATABASE_URL})
final class CheckCommand extends ShellCommand {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The connection: mailchimp.")
    private String name;

    @Option(names = "--all", description = "Every connection whose settings are there.")
    private boolean all;

    CheckCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws SQLException {
        if (all == (name != null)) {
            throw new WrongUse("Name a connection, or write --all: serai connections check mailchimp.");
        }
        return RunLists.inStore(shell(), Cli.FOUND, database -> {
            Settings settings = shell().quietSettings();
            Seal seal = CredentialCommands.seal(settings);
            Library library = CredentialCommands.library(database, settings, seal);
            Collection<Connector> asked =
                    all ? library.connectors().values() : List.of(CredentialCommands.connector(library, name));
            var proofs = new Proofs(database.dataSource());
            boolean fine = true;
            try (var check = ConnectionCheck.beside(database, seal, library, settings)) {
                var table = new Table("connection", "state", "worked last");
                for (Connector connector : asked) {
                    fine &= check(connector, check, proofs, table);
                }
                table.print(out(), shell().paint());
            }
            return fine ? Cli.FINE : Cli.FOUND;
        });
    }

    private boolean check(Connector connector, ConnectionCheck check, Proofs proofs, Table table) throws SQLException {
        if (!connector.missingSettings().isEmpty()) {
            if (!all) {
                table.noted(
                        "set " + String.join(", ", connector.missingSettings()), connector.name(), "not set up", "-");
            }
            return all;
        }
        Instant now = Instant.now();
        Found found = check.check(connector);
        proofs.proved(connector.name(), now, found.fine() ? "" : found.words());
        Instant last = proofs.all().get(connector.name()).provedAt();
        table.noted(
                found.words(),
                connector.name(),
                found.fine() ? "works" : "does not work",
                last == null ? "never" : Words.age(last, now));
        return found.fine();
    }
}
