package dev.serai.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.drift.Shape;
import dev.serai.library.LibraryFolder;
import dev.serai.route.DriftFacts;
import dev.serai.route.DriftFacts.Fact;
import dev.serai.route.DriftHits;
import dev.serai.route.DriftReport;
import dev.serai.store.Database;
import dev.serai.store.DriftShapes;
import dev.serai.store.DriftShapes.Stream;
import dev.serai.store.Drifts;
import dev.serai.store.Drifts.Drift;
import dev.serai.store.Receipt;
import java.sql.SQLException;
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
            "Works beside a running hub, on the same settings.",
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

    /** What the hub knows of drift, seen with the files of this call. */
    private static DriftFacts facts(Settings settings, Database database, boolean all) throws SQLException {
        var library = new LibraryFolder(settings.path(Setting.MAPPINGS), settings::lookup);
        library.reload();
        var data = database.dataSource();
        return DriftFacts.read(
                new DriftShapes(data), new Drifts(data), settings.path(Setting.ROUTES), library.current(), all);
    }

    @Command(
            name = "list",
            description = {
                "What has changed and nobody has accepted, what matters most first: values that a table lacks, what is",
                "read, then what is harmless. Also how many events of each source and type were looked at."
            })
    @SettingFlags.Uses({Setting.ROUTES, Setting.MAPPINGS, Setting.DATA, Setting.DATABASE_URL})
    static final class Lists extends ShellCommand {
        @Option(names = "--all", description = "Also what was accepted, and what is over.")
        private boolean all;

        @Option(names = "--json", description = "As JSON, for scripts.")
        private boolean json;

        Lists(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() throws SQLException {
            Settings settings = shell().quietSettings();
            return RunLists.inStore(shell(), Cli.FINE, database -> {
                DriftFacts facts = facts(settings, database, all);
                if (json) {
                    ArrayNode list = JsonNodeFactory.instance.arrayNode();
                    facts.all().forEach(fact -> list.add(fact.json()));
                    out().println(list.toPrettyString());
                    return Cli.FINE;
                }
                print(facts.all());
                streams(facts.shapes());
                return Cli.FINE;
            });
        }

        private void print(List<Fact> facts) {
            if (facts.isEmpty()) {
                out().println("Nothing has changed.");
                return;
            }
            Instant now = Instant.now();
            var table = new Table("drift", "matters", "source", "type", "what", "events", "since");
            for (Fact fact : facts) {
                table.noted(
                        DriftReport.whatToDo(fact.drift(), fact.hits()),
                        fact.drift().name(),
                        fact.weight().word(),
                        fact.drift().stream().source(),
                        fact.drift().stream().type(),
                        Words.shortened(DriftReport.words(fact.drift(), fact.hits()), 60),
                        Long.toString(fact.count()),
                        Words.age(fact.drift().finding().at(), now));
            }
            table.print(out(), shell().paint());
        }

        private void streams(Map<Stream, Shape> shapes) {
            long learning = shapes.values().stream().filter(Shape::isLearning).count();
            long overfull = shapes.values().stream()
                    .filter(shape -> shape.overfull() > 0)
                    .count();
            out().println("Watched: " + Words.count(shapes.size(), "stream") + " of events, " + learning
                    + " of them still being learned."
                    + (overfull == 0
                            ? ""
                            : " " + Words.count((int) overfull, "stream") + " had more fields than are watched."));
        }
    }

    @Command(name = "show", description = "All about one of them: example, first event, and who reads the field.")
    @SettingFlags.Uses({Setting.ROUTES, Setting.MAPPINGS, Setting.DATA, Setting.DATABASE_URL})
    static final class Show extends ShellCommand {
        @Parameters(paramLabel = "DRIFT", description = "As the list shows it: d_7.")
        private String name;

        @Option(names = "--json", description = "As JSON, for scripts.")
        private boolean json;

        Show(Shell shell) {
            super(shell);
        }

        @Override
        public Integer call() throws SQLException {
            long id = Drift.parse(name);
            Settings settings = shell().quietSettings();
            return RunLists.inStore(shell(), Cli.FOUND, database -> {
                var fact = facts(settings, database, true).all().stream()
                        .filter(f -> f.drift().id() == id)
                        .findFirst();
                if (fact.isEmpty()) {
                    shell().err().println("There is no drift " + name + "; see serai drift list --all.");
                    return Cli.FOUND;
                }
                if (json) {
                    out().println(fact.get().json().toPrettyString());
                } else {
                    print(fact.get());
                }
                return Cli.FINE;
            });
        }

        private void print(Fact fact) {
            Drift drift = fact.drift();
            line(drift.name(), DriftReport.words(drift, fact.hits()) + " (" + drift.state() + ")");
            line("source", drift.stream().source() + ", type " + drift.stream().type());
            line(
                    "first event",
                    new Receipt(drift.finding().event(), false).name() + ", "
                            + Words.time(drift.finding().at()));
            line("events since", Long.toString(fact.count()));
            line("example", RunLists.orDash(DriftReport.example(drift, fact.hits())));
            line("matters", fact.weight().word());
            for (DriftHits.Hit hit : fact.hits()) {
                String reader = hit.mapping().isEmpty() ? "by itself" : hit.mapping() + ", field " + hit.field();
                line("read by", (hit.flow().isEmpty() ? "" : "flow " + hit.flow() + ": ") + reader);
            }
            line("what to do", DriftReport.whatToDo(drift, fact.hits()));
        }

        private void line(String what, String value) {
            out().println("%-13s %s".formatted(what, value));
        }
    }

    @Command(name = "accept", description = "Say that this is normal now: it leaves the list. Who and why are noted.")
    @SettingFlags.Uses({Setting.DATA, Setting.DATABASE_URL})
    static final class Accept extends ShellCommand {
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
        public Integer call() throws SQLException {
            if (names.isEmpty() == (source == null)) {
                throw new WrongUse("Name what is accepted: serai drift accept d_7, or all of --source NAME.");
            }
            var by = Given.byHand(why);
            var ids = new ArrayList<>(names.stream().map(Drift::parse).toList());
            return RunLists.inStore(shell(), Cli.FOUND, database -> {
                var drifts = new Drifts(database.dataSource());
                if (source != null) {
                    drifts.list(false).stream()
                            .filter(drift -> drift.stream().source().equals(source))
                            .forEach(drift -> ids.add(drift.id()));
                }
                int accepted = drifts.accept(ids, by);
                out().println(accepted + " accepted.");
                if (accepted < ids.size() || accepted == 0) {
                    shell().err().println("The others were not open; see serai drift list --all.");
                    return Cli.FOUND;
                }
                return Cli.FINE;
            });
        }
    }
}
