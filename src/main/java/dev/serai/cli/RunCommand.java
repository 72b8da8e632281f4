package dev.serai.cli;

import dev.serai.Wiring;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.library.Library;
import java.time.Duration;
import java.util.TreeMap;
import picocli.CommandLine.Command;

@Command(
        name = "run",
        sortOptions = false,
        description = {
            "Start the hub.",
            "Files of routes/ and mappings/ are checked first and reloaded when they change.",
            "Ctrl-C or SIGTERM takes up no more runs, lets those at work come to their end, and closes",
            "the door; a second Ctrl-C ends at once.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai run",
            "  serai run --http-port 8081 --set mailchimp.api-key=…",
            "  SERAI_DATABASE_URL=jdbc:postgresql://db:5432/serai serai run"
        })
@SettingFlags.Uses(all = true)
final class RunCommand extends ShellCommand {
    RunCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        long begin = System.nanoTime();
        Settings settings = shell().settings();
        shell().logAs(settings, shell().verbose() ? "DEBUG" : "INFO");
        LintCommand.requireFolder(settings, Setting.ROUTES);
        LintCommand.requireFolder(settings, Setting.MAPPINGS);
        try (var stop = new StopSignal();
                var wiring = new Wiring(settings)) {
            summary(settings, wiring, Duration.ofNanos(System.nanoTime() - begin));
            stop.await();
            if (shell().terminal()) {
                out().println(
                                "\nStopping: runs come to their end, then the door is closed. Ctrl-C again ends at once.");
            }
        }
        return Cli.FINE;
    }

    private void summary(Settings settings, Wiring wiring, Duration took) {
        if (!shell().terminal()) {
            org.slf4j.LoggerFactory.getLogger(RunCommand.class)
                    .info(
                            "hub.started port={} database=\"{}\" flows={} duration_ms={}",
                            wiring.hub().port(),
                            wiring.database().place(),
                            wiring.hub().flows().size(),
                            took.toMillis());
            return;
        }
        Paint paint = shell().paint();
        String door = "http://" + settings.text(Setting.HTTP_HOST) + ":"
                + wiring.hub().port();
        out().println(paint.bold("Serai is up") + " after " + took.toMillis() + " ms.");
        out().println("  door      " + door);
        out().println("  database  " + wiring.database().place());
        out().println("  flows     " + String.join(", ", wiring.hub().flows()));
        sources(wiring.library(), door);
        if (settings.text(Setting.API_KEY).isEmpty()) {
            out().println("  POST /v1/events is " + paint.bad("closed") + ": set serai.api.key");
        }
        out().println("Ctrl-C stops it.");
    }

    private void sources(Library library, String door) {
        new TreeMap<>(library.doors()).forEach((name, webhooks) -> {
            String state = webhooks.closedBecause()
                    .map(reason -> shell().paint().bad("closed") + ": " + reason)
                    .orElse(shell().paint().good("open"));
            out().println("  source    " + door + "/webhooks/" + name + " " + state);
        });
    }
}
