package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.facts.Capsule;
import dev.serai.library.LibraryFolder;
import dev.serai.store.History;
import dev.serai.store.Names;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "capsule",
        description = {
            "Make a test of a dead run whose record a mapping refused: it fails until the mapping takes the record.",
            "Other people stand in place of those it was about; look at it before you share it. Works beside a running hub.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai capsule r_81             print it",
            "  serai capsule r_81 --write     add it to the tests of the mapping file; then: serai test"
        })
@SettingFlags.Uses({Setting.MAPPINGS, Setting.DATA, Setting.DATABASE_URL})
final class CapsuleCommand extends ShellCommand {
    private static final int SALT = 16;

    @Parameters(paramLabel = "RUN", description = "Its id, as lists show it: r_81.")
    private String run;

    @Option(names = "--write", description = "Add it to the tests of the mapping file.")
    private boolean write;

    CapsuleCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws SQLException {
        long id = Names.parseRun(RunsCommand.run(run));
        Settings settings = shell().quietSettings();
        var library = new LibraryFolder(settings.path(Setting.MAPPINGS), settings::lookup);
        library.reload();
        byte[] salt = new byte[SALT];
        new SecureRandom().nextBytes(salt);
        return LocalStore.ask(shell(), Cli.FOUND, database -> {
            var history = new History(database.dataSource());
            Optional<History.Run> found = history.run(id);
            if (found.isEmpty()) {
                shell().err().println("There is no run " + Names.run(id) + "; see serai runs list.");
                return Cli.FOUND;
            }
            try {
                var capsule = Capsule.of(
                        history, found.get(), library.current().mappings().values(), salt);
                out().print(capsule.test());
                if (write) {
                    write(settings.path(Setting.MAPPINGS), capsule);
                }
                return Cli.FINE;
            } catch (Capsule.None e) {
                shell().err().println("No capsule: " + e.getMessage() + ".");
                return Cli.FOUND;
            }
        });
    }

    private void write(Path mappings, Capsule capsule) {
        Path file = mappings.resolve(capsule.mapping().name() + ".yaml");
        try {
            Files.writeString(file, capsule.into(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + file, e);
        }
        shell().err()
                .println("Added to " + file + ". It fails until the mapping takes the record: serai test "
                        + capsule.mapping().name());
    }
}
