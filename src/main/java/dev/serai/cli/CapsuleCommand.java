package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.cli.capsule.CapsuleFolder;
import dev.serai.cli.capsule.Finding;
import dev.serai.cli.capsule.Rehearsal;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.facts.Capsule;
import dev.serai.facts.Incident;
import dev.serai.library.LibraryFolder;
import dev.serai.store.Capsules;
import dev.serai.store.History;
import dev.serai.store.Names;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "capsule",
        description = {
            "Make a test of a dead run: a folder with its event, what it sent and what it was answered.",
            "It fails until the flow, a mapping or the connector is mended: serai capsule try.",
            "Other people stand in place of those it was about; look at it before you share it. Works beside a running hub.",
            ""
        },
        subcommands = CapsuleCommand.TryCommand.class,
        footer = {
            "",
            "Examples:",
            "  serai capsule r_81                write the folder capsule-r_81",
            "  serai capsule try capsule-r_81    live through it again, by the files as they are now",
            "  serai capsule r_81 --write        add the record to the tests of the mapping that refused it; then: serai test"
        })
@SettingFlags.Uses({Setting.MAPPINGS, Setting.DATA, Setting.DATABASE_URL})
final class CapsuleCommand extends ShellCommand {
    private static final int SALT = 16;

    @Parameters(paramLabel = "RUN", arity = "0..1", description = "Its id, as lists show it: r_81.")
    private String run;

    @Option(names = "--into", paramLabel = "FOLDER", description = "Default: capsule- and the run's id.")
    private Path into;

    @Option(names = "--write", description = "Add a refused record to the tests of its mapping file instead.")
    private boolean write;

    CapsuleCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws SQLException {
        if (run == null) {
            throw new WrongUse("Name a run: serai capsule r_81, as serai dead-letters list shows it");
        }
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
                if (write) {
                    write(
                            settings.path(Setting.MAPPINGS),
                            Capsule.of(
                                    history,
                                    found.get(),
                                    library.current().mappings().values(),
                                    salt));
                } else {
                    keep(new Incident(history, new Capsules(database.dataSource()))
                            .json(found.get(), library.current(), salt));
                }
                return Cli.FINE;
            } catch (Capsule.None e) {
                shell().err().println("No capsule: " + e.getMessage() + ".");
                return Cli.FOUND;
            }
        });
    }

    private void keep(JsonNode capsule) {
        Path folder = into == null ? Path.of("capsule-" + capsule.path("run").asText()) : into;
        try {
            CapsuleFolder.write(capsule, folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + folder, e);
        }
        out().println(capsule.path("run").asText() + " of "
                + capsule.path("flow").asText() + " stands in " + folder
                + ", with other people in it. It fails until it is mended: serai capsule try " + folder);
        capsule.path("notes").forEach(note -> out().println("Note: " + note.asText() + "."));
    }

    private void write(Path mappings, Capsule capsule) {
        out().print(capsule.test());
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

    @Command(
            name = "try",
            description = {
                "Live through a capsule again: a hub of its own with an empty database, the flow, mappings and connectors as",
                "they are in the folders now, and no network. Ends with 0 when it is mended, else with 1, and says why.",
                ""
            },
            footer = {"", "Examples:", "  serai capsule try capsule-r_81", "  serai capsule try r_81.json"})
    @SettingFlags.Uses({Setting.ROUTES, Setting.MAPPINGS})
    static final class TryCommand extends ShellCommand {
        @Parameters(paramLabel = "CAPSULE", description = "The folder, or the document of the API as a file.")
        private Path place;

        TryCommand(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() throws SQLException {
            Settings settings = shell().quietSettings();
            LintCommand.requireFolder(settings, Setting.ROUTES);
            LintCommand.requireFolder(settings, Setting.MAPPINGS);
            try {
                Finding found = new Rehearsal(CapsuleFolder.read(place), settings, others -> {
                            var given = new HashMap<>(shell().flags().given());
                            given.putAll(others);
                            return Settings.read(shell().flags().config(), System.getenv(), given);
                        })
                        .play();
                String verdict = found.lines().get(0);
                out().println(
                                found.mended()
                                        ? shell().paint().good(verdict)
                                        : shell().paint().bad(verdict));
                found.lines().stream().skip(1).forEach(line -> out().println("  " + line));
                return found.mended() ? Cli.FINE : Cli.FOUND;
            } catch (IOException | IllegalArgumentException e) {
                throw new WrongUse(e.getMessage());
            }
        }
    }
}
