package dev.serai.cli;

import dev.serai.cli.capsule.CapsuleFolder;
import dev.serai.cli.capsule.Finding;
import dev.serai.cli.capsule.Rehearsal;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "try",
        description = {
            "Live through a capsule again, without a network.",
            "It gets a hub of its own with an empty database, and the flow, mappings and connectors as they are in "
                    + "the folders now. Ends with 0 when what died is mended, or what was done is done as then; else with 1, "
                    + "and says why.",
            ""
        },
        footer = {"", "Examples:", "  serai capsule try capsule-r_81", "  serai capsule try r_81.json"})
@SettingFlags.Uses({Setting.ROUTES, Setting.MAPPINGS})
final class CapsuleTryCommand extends ShellCommand {
    @Parameters(paramLabel = "CAPSULE", description = "The folder, or the document of the API as a file.")
    private Path place;

    CapsuleTryCommand(Shell shell) {
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
                            found.passes()
                                    ? shell().paint().good(verdict)
                                    : shell().paint().bad(verdict));
            found.lines().stream().skip(1).forEach(line -> out().println("  " + line));
            return found.passes() ? Cli.FINE : Cli.FOUND;
        } catch (IOException | IllegalArgumentException e) {
            throw new WrongUse(e.getMessage());
        }
    }
}
