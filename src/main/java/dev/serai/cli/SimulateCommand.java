package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.file.Suggest;
import dev.serai.library.Library;
import dev.serai.library.LibraryFolder;
import dev.serai.simulator.Simulator;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "simulate",
        description = {
            "Play the vendors on this machine.",
            "They are made from API contracts, so that nothing needs an account. Stays until Ctrl-C.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai simulate",
            "  serai simulate --port 9191 --vendor hubspot --vendor mailchimp"
        })
@SettingFlags.Uses(Setting.MAPPINGS)
final class SimulateCommand extends ShellCommand {
    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "9090",
            description = "Default: 9090; 0 takes a free one.")
    private int port;

    @Option(names = "--vendor", paramLabel = "VENDOR", description = "Only print this one; may be repeated.")
    private List<String> vendors = new ArrayList<>();

    SimulateCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        Settings settings = shell().quietSettings();
        LintCommand.requireFolder(settings, Setting.MAPPINGS);
        Path systems = settings.path(Setting.MAPPINGS);
        try (var stop = new StopSignal();
                var simulator = Simulator.start(systems, port, InstantSource.system())) {
            for (String vendor : vendors) {
                if (!simulator.vendors().contains(vendor)) {
                    throw new WrongUse("--vendor " + vendor + ": no such vendor is simulated; "
                            + Suggest.hint(vendor, simulator.vendors()));
                }
            }
            var files = new LibraryFolder(systems, settings::lookup);
            files.reload();
            print(simulator, files.current());
            stop.await();
        }
        return Cli.FINE;
    }

    private void print(Simulator simulator, Library library) {
        List<String> shown = vendors.isEmpty() ? List.copyOf(simulator.vendors()) : vendors;
        out().println("# Paste into serai.properties:");
        for (String vendor : shown) {
            VendorSettings.of(vendor, library, simulator)
                    .forEach((setting, value) -> out().println(setting + "=" + value));
        }
        String admin = "http://127.0.0.1:" + simulator.port() + "/_simulator";
        String vendor = shown.get(0);
        out().println();
        out().println("# Let a vendor fail twice, see what it was asked, begin again:");
        out().println("curl -d '{\"vendor\":\"" + vendor + "\",\"fault\":\"status\",\"status\":503,\"times\":2}' "
                + admin + "/faults");
        out().println("curl '" + admin + "/ledger?vendor=" + vendor + "'");
        out().println("curl -X POST " + admin + "/reset");
        out().println();
        out().println("# Ctrl-C stops it.");
    }
}
