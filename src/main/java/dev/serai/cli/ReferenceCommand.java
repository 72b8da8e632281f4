package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "reference",
        description = {
            "Print the reference of all settings.",
            "Made from the list the hub itself checks by, as Markdown or as serai.properties.example.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai reference > settings.md",
            "  serai reference --format properties",
            "  serai reference --write .      all pages of docs/reference"
        })
@SettingFlags.Uses({Setting.ROUTES, Setting.MAPPINGS})
final class ReferenceCommand extends ShellCommand {
    /** What is printed. */
    enum Format {
        markdown,
        properties
    }

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "markdown",
            description = "markdown, or properties for serai.properties.example. Default: markdown.")
    private Format format;

    @Option(
            names = "--write",
            paramLabel = "FOLDER",
            description = "Write every page of docs/reference, and docker/hub.properties.example, into that project.")
    private Path project;

    ReferenceCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException {
        if (project != null) {
            return write();
        }
        out().print(format == Format.markdown ? markdown() : properties());
        return Cli.FINE;
    }

    private int write() throws IOException {
        Settings settings = shell().quietSettings();
        LintCommand.requireFolder(settings, Setting.MAPPINGS);
        LintCommand.requireFolder(settings, Setting.ROUTES);
        var asked = new AskedSettings(settings.path(Setting.MAPPINGS), settings.path(Setting.ROUTES));
        for (var page : ReferencePages.all(Cli.line(shell()), asked).entrySet()) {
            Path file = project.resolve(page.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, page.getValue());
            out().println(file);
        }
        return Cli.FINE;
    }

    static String markdown() {
        return """
                # Settings

                A setting is a line of `serai.properties`, an environment variable or a flag; a flag wins over the
                environment, the environment over the file. Names that do not begin with `serai.` belong to the files in
                `routes/` and `mappings/`, which ask for them as `{{name}}`; their flag is `--set name=value`.

                | setting | environment | flag | default | meaning |
                |---|---|---|---|---|
                """ + Arrays.stream(Setting.values()).map(ReferenceCommand::row).collect(Collectors.joining());
    }

    private static String row(Setting setting) {
        String byDefault = setting.byDefault().isEmpty() ? "" : "`" + setting.byDefault() + "`";
        String flag = setting == SettingFlags.NEVER_A_FLAG ? "" : "`" + SettingFlags.flagOf(setting) + "`";
        return "| `" + setting.key() + "` | `" + Setting.environmentName(setting.key()) + "` | " + flag + " | "
                + byDefault + " | " + setting.meaning() + (setting.secret() ? " Secret." : "") + " |\n";
    }

    static String properties() {
        return "# Copy to serai.properties and take the # away where a value is to change.\n"
                + Arrays.stream(Setting.values())
                        .map(setting -> "\n# " + setting.meaning() + (setting.secret() ? " Secret." : "") + "\n#"
                                + setting.key() + "=" + setting.byDefault() + "\n")
                        .collect(Collectors.joining());
    }
}
