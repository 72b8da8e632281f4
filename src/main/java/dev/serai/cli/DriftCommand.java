package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.config.Setting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "drift",
        description = {
            "See what has changed in what the sources send, and which mappings and flows that concerns.",
            "Works beside a running hub, on the same settings, or over --hub.",
            ""
        },
        synopsisSubcommandLabel = "(list | show | accept)",
        footer = {
            "",
            "Examples:",
            "  serai drift list",
            "  serai drift show d_7",
            "  serai drift accept d_7 --why \"the shop has a new state\"",
            "  serai drift accept --source shop --why \"their version 3\""
        },
        subcommands = {DriftCommand.Lists.class, DriftCommand.Show.class, DriftCommand.Accept.class})
final class DriftCommand extends ShellCommand {
    DriftCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        throw new WrongUse("Write serai drift list, serai drift show d_7 or serai drift accept d_7 --why \"…\".");
    }

    @Command(
            name = "list",
            description = {
                "Tell what has changed and nobody has accepted, what matters most first.",
                "First values that a table lacks, then what is read, then what is harmless. Also how many events of each "
                        + "source and type were looked at."
            })
    @SettingFlags.Uses({Setting.ROUTES, Setting.MAPPINGS})
    static final class Lists extends ListCommand {
        @Option(names = "--all", description = "Also what was accepted, and what is over.")
        private boolean all;

        private JsonNode watched;

        Lists(Shell shell) {
            super(shell);
        }

        @Override
        List<JsonNode> items(HubClient hub) {
            JsonNode list = hub.get("/drift", Map.of("all", Boolean.toString(all)));
            watched = list.path("watched");
            var items = new ArrayList<JsonNode>();
            list.path("items").forEach(items::add);
            return items;
        }

        @Override
        String none() {
            return "Nothing has changed.";
        }

        @Override
        Table table(List<JsonNode> drifts) {
            Instant now = Instant.now();
            var table = new Table("drift", "matters", "source", "type", "what", "events", "since");
            drifts.forEach(drift -> table.noted(
                    Facts.text(drift, "what_to_do"),
                    Facts.text(drift, "drift"),
                    Facts.text(drift, "importance"),
                    Facts.text(drift, "source"),
                    Facts.text(drift, "type"),
                    Words.shortened(Facts.text(drift, "what"), 60),
                    Facts.text(drift, "count"),
                    Facts.age(drift, "since", now, "-")));
            return table;
        }

        @Override
        void more(List<JsonNode> drifts) {
            int overfull = watched.path("overfull").asInt();
            out().println("Watched: " + Words.count(watched.path("streams").asInt(), "stream") + " of events, "
                    + watched.path("learning").asInt() + " of them still being learned."
                    + (overfull == 0
                            ? ""
                            : " " + Words.count(overfull, "stream") + " had more fields than are watched."));
        }
    }

    @Command(name = "show", description = "All about one of them: example, first event, and who reads the field.")
    @SettingFlags.Uses({Setting.ROUTES, Setting.MAPPINGS})
    static final class Show extends ShowCommand {
        @Parameters(paramLabel = "DRIFT", description = "As the list shows it: d_7.")
        private String name;

        Show(Shell shell) {
            super(shell);
        }

        @Override
        JsonNode read(HubClient hub) {
            return hub.get(HubClient.path("drift", RunsCommand.name("d_", name)));
        }

        @Override
        String missing(HubProblem problem) {
            return "There is no drift " + name + "; see serai drift list --all.";
        }

        @Override
        void tell(JsonNode drift) {
            line(Facts.text(drift, "drift"), Facts.text(drift, "what") + " (" + Facts.text(drift, "state") + ")");
            line("source", Facts.text(drift, "source") + ", type " + Facts.text(drift, "type"));
            line("first event", Facts.text(drift, "receipt") + ", " + Words.time(Facts.time(drift, "since")));
            line("events since", Facts.text(drift, "count"));
            line("example", Facts.orDash(drift, "example"));
            line("matters", Facts.text(drift, "importance"));
            for (JsonNode hit : drift.path("read_by")) {
                String mapping = Facts.text(hit, "mapping");
                String flow = Facts.text(hit, "flow");
                String reader = mapping.isEmpty() ? "by itself" : mapping + ", field " + Facts.text(hit, "field");
                line("read by", (flow.isEmpty() ? "" : "flow " + flow + ": ") + reader);
            }
            line("what to do", Facts.text(drift, "what_to_do"));
        }

        private void line(String what, String value) {
            out().println("%-13s %s".formatted(what, value));
        }
    }

    @Command(name = "accept", description = "Say that this is normal now: it leaves the list. Who and why are noted.")
    static final class Accept extends HubCommand {
        @Parameters(paramLabel = "DRIFT", arity = "0..*", description = "As the list shows it: d_7.")
        private List<String> names = List.of();

        @Option(names = "--source", paramLabel = "NAME", description = "All that is open of this source.")
        private String source;

        @Option(names = "--why", paramLabel = "TEXT", description = "Why it is right as it is. Needed.")
        private String why;

        Accept(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() {
            if (names.isEmpty() == (source == null)) {
                throw new WrongUse("Name what is accepted: serai drift accept d_7, or all of --source NAME.");
            }
            ObjectNode order = HubClient.body().put("why", Given.why(why));
            ArrayNode drifts = order.putArray("drifts");
            names.forEach(name -> drifts.add(RunsCommand.name("d_", name)));
            return hub(Cli.FOUND, hub -> {
                if (source != null) {
                    hub.items("/drift").stream()
                            .filter(drift -> Facts.text(drift, "source").equals(source))
                            .forEach(drift -> drifts.add(drift.path("drift")));
                }
                int accepted = drifts.isEmpty()
                        ? 0
                        : hub.post("/drift/accept", order).path("accepted").asInt();
                out().println(accepted + " accepted.");
                return accepted < drifts.size() || accepted == 0
                        ? missing("The others were not open; see serai drift list --all.")
                        : Cli.FINE;
            });
        }
    }
}
