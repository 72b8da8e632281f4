package dev.serai.cli;

import dev.serai.cli.demo.Demo;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = {
            "See it work, without any account.",
            "Plays the vendors on this machine, starts a hub among them, sends what the vendors send and shows",
            "where it lands; then stays up for you to try things. Begins empty each time, in a data folder of",
            "its own. With --once it ends after the last scene: 0 when all came out as they should, else 1.",
            ""
        },
        footer = {"", "Examples:", "  serai demo", "  serai demo --once --data /tmp/demo"})
@SettingFlags.Uses({Setting.DATA, Setting.HTTP_PORT, Setting.ROUTES, Setting.MAPPINGS})
final class DemoCommand extends ShellCommand {
    private static final Path FOLDER = Path.of("data", "demo");

    @Option(names = "--once", description = "End after the last scene.")
    private boolean once;

    DemoCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws SQLException {
        Map<String, String> given = new HashMap<>(shell().flags().given());
        Path folder = Path.of(given.getOrDefault(Setting.DATA.key(), FOLDER.toString()));
        Settings settings = Settings.read(Path.of(""), Map.of(), given);
        LintCommand.requireFolder(settings, Setting.ROUTES);
        LintCommand.requireFolder(settings, Setting.MAPPINGS);
        if (shell().verbose()) {
            shell().logAs(settings, "INFO");
        } else {
            System.setProperty("serai.log.appender", "file");
            System.setProperty("serai.log.file", folder.resolve("hub.log").toString());
        }
        try (var stop = new StopSignal()) {
            boolean fine = new Demo(out(), shell().paint()).play(folder, given, once, stop);
            return fine ? Cli.FINE : Cli.FOUND;
        }
    }
}
