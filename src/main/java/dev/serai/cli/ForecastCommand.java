package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.connector.Batches;
import dev.serai.connector.Connector;
import dev.serai.library.Library;
import dev.serai.library.LibraryFolder;
import dev.serai.route.Polls;
import dev.serai.route.Polls.Calls;
import dev.serai.run.Cost;
import dev.serai.run.Units;
import dev.serai.run.Window;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "forecast",
        description = {
            "See what is used of the limits of each connection and what polls cost, or what a backfill would.",
            "Tells when a limit will be used up, before anything is begun.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai forecast",
            "  serai forecast --records 100000 --write hubspot/upsert_contacts",
            "  serai forecast --records 100000 --flow lead-created"
        })
@SettingFlags.Uses({Setting.MAPPINGS, Setting.ROUTES, Setting.DATA, Setting.DATABASE_URL})
final class ForecastCommand extends ShellCommand {
    @Option(names = "--records", paramLabel = "NUMBER", description = "How many records a backfill has.")
    private long records;

    @Option(names = "--write", paramLabel = "OPERATION", description = "What each of them is sent to.")
    private String write;

    @Option(names = "--flow", paramLabel = "FLOW", description = "The flow each of them goes through.")
    private String flow;

    ForecastCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws SQLException {
        Settings settings = shell().quietSettings();
        LintCommand.requireFolder(settings, Setting.MAPPINGS);
        LintCommand.requireFolder(settings, Setting.ROUTES);
        var folder = new LibraryFolder(settings.path(Setting.MAPPINGS), settings::lookup);
        folder.reload();
        Library library = folder.current();
        var polls = new Polls(settings.path(Setting.ROUTES), library, settings::lookup);
        if (write == null && flow == null) {
            if (records > 0) {
                throw new WrongUse("--records needs --write hubspot/upsert_contacts or --flow lead-created.");
            }
            return usage(settings, library, polls);
        }
        if (records < 1) {
            throw new WrongUse("Say how many: --records 100000.");
        }
        return backfill(write == null ? ofFlow(polls) : List.of(ofWrite(library)));
    }

    private int usage(Settings settings, Library library, Polls polls) throws SQLException {
        var pollTable = new Table("poll", "connection", "calls a day", "of its limits");
        List<Polls.Poll> all = polls.all();
        all.forEach(poll -> pollTable.row(
                poll.route(), poll.connector().name() + "/" + poll.stream(), number(poll.aDay()), shares(poll)));
        int code = RunLists.inStore(shell(), Cli.FINE, database -> {
            QuotaTable.of(database, library, settings).print(out(), shell().paint());
            return Cli.FINE;
        });
        if (!all.isEmpty()) {
            out().println();
            pollTable.print(out(), shell().paint());
        }
        return code;
    }

    private static String shares(Polls.Poll poll) {
        var shares = new ArrayList<String>();
        for (Window window : poll.connector().quotas().all().allowed().windows()) {
            if (window.budget()) {
                shares.add(String.format(Locale.ROOT, "%.1f %% of %s", poll.percentOf(window), window.name()));
            }
        }
        return shares.isEmpty() ? "-" : String.join(", ", shares);
    }

    private Calls ofWrite(Library library) {
        String[] parts = write.split("/", 2);
        Connector connector = library.connector(parts[0])
                .orElseThrow(() -> new WrongUse("--write " + write + ": there is no connector " + parts[0] + "."));
        if (parts.length < 2 || !connector.operations().containsKey(parts[1])) {
            throw new WrongUse("--write " + write + ": " + parts[0] + " has "
                    + String.join(", ", connector.operations().keySet()) + ".");
        }
        return new Calls(connector, parts[1]);
    }

    private List<Calls> ofFlow(Polls polls) {
        return polls.ofFlow(flow).orElseThrow(() -> new WrongUse("--flow " + flow + ": there is no such flow."));
    }

    /** What all records cost at each connection, if each makes each call. */
    private int backfill(List<Calls> calls) {
        Map<String, Connector> connectors = new LinkedHashMap<>();
        Map<String, Units> units = new LinkedHashMap<>();
        for (Calls each : calls) {
            Connector connector = each.connector();
            int most = connector.batch(each.operation()).map(Batches::most).orElse(1);
            long full = records / most;
            Units all = connector.quotas().units(each.operation(), most).times(full);
            if (records % most > 0) {
                all = all.plus(connector.quotas().units(each.operation(), (int) (records % most)));
            }
            connectors.put(connector.name(), connector);
            units.merge(connector.name(), all, Units::plus);
        }
        var table = new Table("connection", "calls", "limit", "takes of it", "at least");
        units.forEach((name, all) -> rows(table, connectors.get(name), new Cost(all)));
        table.print(out(), shell().paint());
        return Cli.FINE;
    }

    private static void rows(Table table, Connector connector, Cost cost) {
        String calls = number(cost.units().calls());
        String name = connector.name();
        if (connector.quotas().all().allowed().windows().isEmpty()) {
            table.row(name, calls, "none stated", "-", "-");
        }
        for (Window window : connector.quotas().all().allowed().windows()) {
            String percent = window.budget() ? String.format(Locale.ROOT, "%.1f %%", cost.percentOf(window)) : "-";
            table.row(name, calls, QuotaTable.limit(window, window.limit()), percent, time(cost, window));
        }
    }

    private static String time(Cost cost, Window window) {
        Duration least = cost.atLeast(new dev.serai.run.Allowance(List.of(window), 0));
        return least.toMinutes() < 2
                ? least.toSeconds() + " s"
                : least.toHours() < 3
                        ? least.toMinutes() + " min"
                        : least.toDays() < 2 ? least.toHours() + " h" : least.toDays() + " d";
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
