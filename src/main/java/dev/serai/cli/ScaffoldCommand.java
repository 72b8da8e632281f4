package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.cli.scaffold.Scaffold;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.file.FileRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "scaffold",
        description = {
            "Begin the folder of a system from its OpenAPI 3 document.",
            "Written are connector, contract, simulator, examples and a mapping. What the document does not say is "
                    + "marked \"unknown\" or \"TODO\" where it stands.",
            ""
        },
        footer = {"", "Example:", "  serai connector scaffold openapi.json --name acme"})
@SettingFlags.Uses(Setting.MAPPINGS)
final class ScaffoldCommand extends ShellCommand {
    @Parameters(paramLabel = "FILE", description = "The document, in JSON or YAML.")
    private Path file;

    @Option(names = "--name", paramLabel = "NAME", description = "What the system and its folder are called.")
    private String name;

    ScaffoldCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException {
        Settings settings = shell().quietSettings();
        LintCommand.requireFolder(settings, Setting.MAPPINGS);
        if (!Files.isRegularFile(file)) {
            throw new WrongUse("There is no file " + file + "; give the system's OpenAPI document");
        }
        if (name != null && !name.matches("[a-z][a-z0-9-]*")) {
            throw new WrongUse("--name " + name + ": lower-case letters, digits and hyphens are needed");
        }
        Path folder;
        try {
            JsonNode document = Scaffold.read(file);
            String system = name == null ? Scaffold.name(document) : name;
            Map<String, String> files = Scaffold.files(document, system);
            folder = settings.path(Setting.MAPPINGS).resolve(system);
            Scaffold.write(folder, files);
            files.keySet().forEach(written -> out().println("wrote " + folder.resolve(written)));
            out().println("Look for \"unknown\" and \"TODO\" in them, then: serai connector test " + system);
        } catch (FileRefused e) {
            throw new WrongUse(e.getMessage()); // with its place
        } catch (IllegalArgumentException | IOException e) {
            throw new WrongUse(file + ": " + e.getMessage());
        }
        return Cli.FINE;
    }
}
