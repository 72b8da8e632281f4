package dev.serai.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.file.FileRefused;
import dev.serai.file.Problem;
import dev.serai.library.MappingSurroundings;
import dev.serai.mapping.Explained;
import dev.serai.mapping.Mapping;
import dev.serai.mapping.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "map",
        description = {
            "Send one record through a mapping file.",
            "Prints the result, or why the record is refused (exit code 1).",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai map mappings/mailchimp/contact-to-member.yaml < contact.json",
            "  serai map mailchimp/contact-to-member --explain contact.json",
            "  serai map slack/contact-to-message --param channel=sales < contact.json"
        })
@SettingFlags.Uses(Setting.MAPPINGS)
final class MapCommand extends ShellCommand {
    private static final int CELL = 40;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(index = "0", paramLabel = "MAPPING", description = "The file, or system/name.")
    private String mapping;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PAYLOAD",
            description = "File with the record as JSON. Default: standard input.")
    private Path payload;

    @Option(names = "--explain", description = "Tell of every field where its value comes from.")
    private boolean explain;

    @Option(names = "--param", paramLabel = "NAME=VALUE", description = "A parameter of the mapping.")
    private Map<String, String> parameters = Map.of();

    MapCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException {
        Settings settings = shell().quietSettings();
        Path file = file(settings);
        try {
            Mapping read = Mapping.read(mapping, Files.readString(file), surroundings(settings));
            JsonNode record = record();
            if (explain) {
                explain(read, record);
            }
            JsonNode result = read.apply(record, parameters);
            if (!explain) {
                out().println(result.toPrettyString());
            }
            return Cli.FINE;
        } catch (FileRefused e) {
            shell().err()
                    .println(e.problems().stream().map(Problem::withExcerpt).collect(Collectors.joining("\n")));
        } catch (Refused e) {
            shell().err().println("mapping " + e.mapping() + " refused the record:");
            e.problems().forEach(problem -> shell().err().println("  " + problem));
        }
        return Cli.FOUND;
    }

    private static MappingSurroundings surroundings(Settings settings) {
        return new MappingSurroundings(settings.path(Setting.MAPPINGS), settings::lookup);
    }

    private Path file(Settings settings) {
        Path named = Path.of(mapping);
        Path inFolder = settings.path(Setting.MAPPINGS).resolve(mapping + ".yaml");
        if (!Files.isRegularFile(named) && !Files.isRegularFile(inFolder)) {
            throw new WrongUse("There is no file " + named + " and no mapping " + inFolder);
        }
        return Files.isRegularFile(named) ? named : inFolder;
    }

    private JsonNode record() throws IOException {
        try {
            JsonNode record =
                    payload == null ? JSON.readTree(shell().in()) : JSON.readTree(Files.readAllBytes(payload));
            if (record == null || record.isMissingNode()) {
                throw new WrongUse(
                        "No record came in: give a file, or send JSON to standard input with < payload.json");
            }
            return record;
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new WrongUse((payload == null ? "standard input" : payload) + ":" + at.getLineNr() + ":"
                    + at.getColumnNr() + ": this is not JSON");
        }
    }

    private void explain(Mapping read, JsonNode record) {
        var table = new Table("field", "from", "value", "rules", "result");
        for (Explained field : read.explain(record, parameters)) {
            Optional<JsonNode> source = field.steps().isEmpty()
                    ? Optional.empty()
                    : field.steps().get(0).value();
            String rules =
                    field.steps().stream().skip(1).map(Explained.Step::rule).collect(Collectors.joining(", "));
            String result = field.problem()
                    .map(problem -> "refused: " + problem.sentence())
                    .orElseGet(() -> field.after().map(MapCommand::cell).orElse("(left out)"));
            table.row(
                    field.field(),
                    Words.shortened(field.source(), CELL),
                    source.map(MapCommand::cell).orElse("-"),
                    rules.isEmpty() ? "-" : rules,
                    result);
        }
        table.print(out(), shell().paint());
    }

    private static String cell(JsonNode value) {
        return Words.shortened(value.toString(), CELL);
    }
}
