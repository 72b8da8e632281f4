package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.connector.Connector;
import dev.serai.file.Suggest;
import dev.serai.library.Library;
import dev.serai.library.LibraryFolder;
import dev.serai.store.Database;
import dev.serai.store.Seal;
import dev.serai.store.Secrets;
import dev.serai.store.Tokens;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.TreeSet;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What people do with credentials on the machine of the hub: keep a secret, change the key. */
final class CredentialCommands {
    private CredentialCommands() {}

    static Library library(Database database, Settings settings, Seal seal) throws SQLException {
        var secrets = new Secrets(database.dataSource(), seal);
        secrets.refresh();
        var folder = new LibraryFolder(
                settings.path(Setting.MAPPINGS), name -> settings.lookup(name).or(() -> secrets.get(name)));
        folder.reload();
        return folder.current();
    }

    /** @throws WrongUse naming the nearest when there is no such connection */
    static Connector connector(Library library, String name) {
        return library.connector(name)
                .orElseThrow(() -> new WrongUse("There is no connection \"" + name + "\"; "
                        + Suggest.hint(name, library.connectors().keySet())));
    }

    /** What its webhooks ask for. */
    private static Stream<String> ofDoor(Library library, String name) {
        return library.door(name).stream().flatMap(door -> door.settings().stream());
    }

    static Seal seal(Settings settings) {
        return Seal.of(settings.text(Setting.SECRETS_KEY));
    }

    static String user() {
        return System.getProperty("user.name");
    }

    @Command(
            name = "set",
            description = {
                "Keep a secret of a connection, encrypted, in the database.",
                "Its value is read from the input, so that no list of processes and no history shows it. Hubs use it "
                        + "within a second."
            })
    @SettingFlags.Uses({Setting.MAPPINGS, Setting.DATA, Setting.DATABASE_URL})
    static final class Set extends ShellCommand {
        @Parameters(index = "0", paramLabel = "NAME", description = "The connection: mailchimp.")
        private String name;

        @Parameters(
                index = "1",
                paramLabel = "KEY",
                description = "The setting without the connection's name: api-key.")
        private String key;

        Set(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() throws SQLException {
            return LocalStore.ask(shell(), Cli.FOUND, database -> {
                Settings settings = shell().quietSettings();
                Seal seal = seal(settings);
                Library library = library(database, settings, seal);
                Connector connector = connector(library, name);
                var known = new TreeSet<String>();
                Stream.concat(connector.settings().stream(), ofDoor(library, name))
                        .filter(setting -> setting.startsWith(name + "."))
                        .forEach(setting -> known.add(setting.substring(name.length() + 1)));
                if (!known.contains(key)) {
                    throw new WrongUse("The file of " + name + " asks for no {{" + name + "." + key + "}}; "
                            + Suggest.hint(key, known));
                }
                if (!seal.usable()) {
                    throw new WrongUse(name + ": " + Seal.NO_KEY);
                }
                String value = new String(Given.file(shell(), "the value", "-"), StandardCharsets.UTF_8).strip();
                if (value.isEmpty()) {
                    throw new WrongUse("No value came in; write it into the input: serai connections set " + name + " "
                            + key + " < file");
                }
                int version = new Secrets(database.dataSource(), seal).set(name, key, value, Instant.now(), user());
                out().println(name + "." + key + " is kept, version " + version
                        + "; running hubs use it within a second.");
                if (settings.lookup(name + "." + key).isPresent()) {
                    out().println("But it is also set outside, and that one wins: remove " + name + "." + key
                            + " from flags, environment, serai.properties and serai.secrets.dir.");
                }
                return Cli.FINE;
            });
        }
    }

    @Command(
            name = "rotate-key",
            description = {
                "Encrypt every secret and token in the database anew with the first key of serai.secrets.key.",
                "Put the new key first and keep the old one behind it, restart the hubs, run this, then remove the old "
                        + "key."
            })
    @SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL, Setting.SECRETS_KEY})
    static final class RotateKey extends ShellCommand {
        RotateKey(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() throws SQLException {
            return LocalStore.ask(shell(), Cli.FINE, database -> {
                Seal seal = seal(shell().quietSettings());
                if (!seal.usable()) {
                    throw new WrongUse(Seal.NO_KEY);
                }
                var data = database.dataSource();
                Instant now = Instant.now();
                int secrets = new Secrets(data, seal).reseal(now, user());
                int tokens = new Tokens(data, seal).reseal(now, user());
                out().println("Encrypted anew: " + secrets + " secrets, " + tokens
                        + " tokens. Keys that came after the first can be removed.");
                return Cli.FINE;
            });
        }
    }
}
