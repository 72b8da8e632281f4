package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.config.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "forecast",
        description = {
            "See what is used of the limits of each connection and what flows call by the clock, or what a backfill would.",
            "Tells when a limit will be used up, before anything is begun. Works beside a hub, or over --hub.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai forecast",
            "  serai forecast --records 100000 --write hubspot/upsert_contacts",
            "  serai forecast --records 100000 --flow lead-created"
        })
@SettingFlags.Uses({Setting.MAPPINGS, Setting.ROUTES})
final class ForecastCommand extends HubCommand {
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
    public Integer call() {
        if (write == null && flow == null) {
            if (records > 0) {
                throw new WrongUse("--records needs --write hubspot/upsert_contacts or --flow lead-created.");
            }
            return usage();
        }
        if (records < 1) {
            throw new WrongUse("Say how many: --records 100000.");
        }
        return withoutDatabase(this::backfill, Setting.MAPPINGS, Setting.ROUTES);
    }

    private int usage() {
        int code = hub(Cli.FINE, hub -> {
            List<JsonNode> quotas = hub.items("/quotas");
            if (quotas.isEmpty()) {
                out().println("Nothing has been called yet that has a limit.");
            } else {
                print(QuotaTable.of(quotas));
            }
            return Cli.FINE;
        });
        withoutDatabase(
                hub -> {
                    List<JsonNode> polls = hub.items("/polls");
                    if (!polls.isEmpty()) {
                        out().println();
                        print(polls(polls));
                    }
                    return Cli.FINE;
                },
                Setting.MAPPINGS,
                Setting.ROUTES);
        return code;
    }

    private static Table polls(List<JsonNode> polls) {
        var table = new Table("flow", "calls", "times a day", "of its limits");
        for (JsonNode poll : polls) {
            var shares = new ArrayList<String>();
            poll.path("limits")
                    .forEach(limit -> shares.add(String.format(
                            Locale.ROOT,
                            "%.1f %% of %s",
                            limit.path("percent").asDouble(),
                            (Facts.has(limit, "operation") ? Facts.text(limit, "operation") + " " : "")
                                    + Facts.text(limit, "limit_name"))));
            table.row(
                    Facts.text(poll, "flow"),
                    Facts.text(poll, "connection") + "/" + Facts.text(poll, "operation"),
                    QuotaTable.number(poll.path("calls_a_day").asLong()),
                    shares.isEmpty() ? "-" : String.join(", ", shares));
        }
        return table;
    }

    /** What all records cost at each connection and group of its operations, if each makes each call. */
    private int backfill(HubClient hub) {
        var asked = new HashMap<String, String>();
        asked.put("records", Long.toString(records));
        // the operation says more than the flow, when both are given
        asked.put(write == null ? "flow" : "write", write == null ? flow : write);
        var table = new Table("connection", "calls", "limit", "takes of it", "at least");
        for (JsonNode each : hub.get("/forecast", asked).path("items")) {
            String name = Facts.text(each, "connection")
                    + (Facts.has(each, "operation") ? "/" + Facts.text(each, "operation") : "");
            String calls = QuotaTable.number(each.path("calls").asLong());
            if (each.path("limits").isEmpty()) {
                table.row(name, calls, "none stated", "-", "-");
            }
            for (JsonNode limit : each.path("limits")) {
                String percent = Facts.has(limit, "percent")
                        ? String.format(
                                Locale.ROOT, "%.1f %%", limit.path("percent").asDouble())
                        : "-";
                table.row(name, calls, QuotaTable.limit(limit), percent, time(limit));
            }
        }
        print(table);
        return Cli.FINE;
    }

    private static String time(JsonNode limit) {
        Duration least = Duration.ofSeconds(limit.path("at_least_seconds").asLong());
        return least.toMinutes() < 2
                ? least.toSeconds() + " s"
                : least.toHours() < 3
                        ? least.toMinutes() + " min"
                        : least.toDays() < 2 ? least.toHours() + " h" : least.toDays() + " d";
    }
}
