package dev.serai.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.file.Durations;
import dev.serai.library.MappingSurroundings;
import dev.serai.mapping.Comparison;
import dev.serai.mapping.Mapping;
import dev.serai.store.Received;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "diff",
        description = {
            "Run the old and the new version of a mapping over events, and tell what becomes different.",
            "Takes the events really received, or a file of records. Sends nothing, writes nothing.",
            "Exit code 1 when a record is newly refused; with --strict when anything differs.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai diff mappings/hubspot/contact-to-contact.yaml --source hubspot --since 24h",
            "  serai diff new.yaml --old mappings/shop/order-to-deal.yaml --events orders.ndjson --strict"
        })
@SettingFlags.Uses({Setting.MAPPINGS, Setting.DATA, Setting.DATABASE_URL})
final class DiffCommand extends ShellCommand {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(paramLabel = "FILE", description = "The new version.")
    private Path file;

    @Option(
            names = "--old",
            paramLabel = "OLD",
            description = "The old version. Default: the one last committed to git.")
    private Path old;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "How far back, such as 90m, 24h or 7d. Default: 24h.")
    private String since;

    @Option(names = "--source", paramLabel = "NAME", defaultValue = "", description = "Only events of this source.")
    private String source;

    @Option(names = "--type", paramLabel = "TYPE", defaultValue = "", description = "Only events of this type.")
    private String type;

    @Option(names = "--events", paramLabel = "EVENTS", description = "Records, one JSON a line, instead of the store.")
    private Path events;

    @Option(names = "--strict", description = "Exit code 1 when anything differs.")
    private boolean strict;

    private long unreadable;

    DiffCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException, SQLException {
        Settings settings = shell().quietSettings();
        var surroundings = new MappingSurroundings(settings.path(Setting.MAPPINGS), settings::lookup);
        var comparison = new Comparison(
                Mapping.parse(old == null ? file + " (committed)" : old.toString(), oldText(), surroundings),
                Mapping.parse(file.toString(), Files.readString(file), surroundings));
        if (events != null) {
            try (Stream<String> lines = Files.lines(events)) {
                int[] line = {0};
                lines.forEach(text -> take(comparison, "line " + ++line[0], text.getBytes(StandardCharsets.UTF_8)));
            }
            return told(comparison);
        }
        Instant from = Instant.now().minus(span());
        return LocalStore.ask(shell(), Cli.FOUND, database -> {
            try {
                new Received(database.dataSource())
                        .since(from, source, type, (receipt, payload) -> take(comparison, receipt, payload));
            } catch (IOException e) {
                throw new SQLException(e);
            }
            return told(comparison);
        });
    }

    private Duration span() {
        return Durations.parse(since)
                .orElseThrow(
                        () -> new WrongUse("--since is \"" + since + "\"; a time such as 90m, 24h or 7d is expected"));
    }

    private void take(Comparison comparison, String name, byte[] payload) {
        try {
            comparison.take(name, JSON.readTree(payload));
        } catch (JsonProcessingException e) {
            unreadable++;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String oldText() throws IOException {
        if (old != null) {
            return Files.readString(old);
        }
        Path whole = file.toAbsolutePath().normalize();
        try {
            Process git = new ProcessBuilder("git", "show", "HEAD:./" + whole.getFileName())
                    .directory(whole.getParent().toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (git.waitFor() == 0) {
                return text;
            }
        } catch (IOException e) {
            // said below: whether git is missing or the file is new, the way on is the same
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new WrongUse("git has no committed version of " + file + "; give the old one with --old");
    }

    private int told(Comparison comparison) {
        if (!comparison.fields().isEmpty()) {
            var table = new Table("field", "records", "before", "after", "in");
            comparison.fields().forEach((field, changes) -> rows(table, field, changes));
            table.print(out(), shell().paint());
            out().println();
        }
        refusals("newly refused", comparison.newlyRefused());
        refusals("newly taken", comparison.newlyTaken());
        out().println(comparison.records() + " records: " + comparison.changed() + " changed, "
                + comparison.newlyRefused().count() + " newly refused, "
                + comparison.newlyTaken().count() + " newly taken, " + comparison.refusedByBoth()
                + " refused by both" + (unreadable == 0 ? "." : ", " + unreadable + " not JSON."));
        boolean bad = comparison.newlyRefused().count() > 0 || strict && !comparison.same();
        return bad ? Cli.FOUND : Cli.FINE;
    }

    private static void rows(Table table, String field, Comparison.Changes changes) {
        List<Comparison.Example> examples = changes.examples();
        for (int i = 0; i < examples.size(); i++) {
            Comparison.Example example = examples.get(i);
            table.row(
                    i == 0 ? field : "",
                    i == 0 ? String.valueOf(changes.count()) : "",
                    Words.shortened(example.before(), 40),
                    Words.shortened(example.after(), 40),
                    example.record());
        }
    }

    private void refusals(String what, Comparison.Changes changes) {
        changes.examples().forEach(example -> out().println(what + ", " + example.record() + ": "
                + (example.after().equals("a result") ? "was " + example.before() : example.after())));
    }
}
