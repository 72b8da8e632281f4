package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.cli.capsule.CapsuleFolder;
import dev.serai.config.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "capsule",
        description = {
            "Make a test of a run: a folder with its event, what it sent and what it was answered.",
            "Of a dead run it fails until the flow, a mapping or the connector is mended; of a done one it",
            "passes until something else is done, and takes what serai.history.evidence keeps of it.",
            "Other people stand in place of those it was about; look at it before you share it. Works beside a running hub, or"
                    + " over --hub.",
            ""
        },
        subcommands = CapsuleTryCommand.class,
        footer = {
            "",
            "Examples:",
            "  serai capsule r_81                write the folder capsule-r_81",
            "  serai capsule try capsule-r_81    live through it again, by the files as they are now",
            "  serai capsule r_81 --write        add the record to the tests of the mapping that refused it; then: serai test"
        })
@SettingFlags.Uses(Setting.MAPPINGS)
final class CapsuleCommand extends HubCommand {
    private static final Pattern TESTS = Pattern.compile("^tests:.*$", Pattern.MULTILINE);
    private static final Pattern KEY = Pattern.compile("^\\w", Pattern.MULTILINE);

    @Parameters(paramLabel = "RUN", arity = "0..1", description = "Its id, as lists show it: r_81.")
    private String run;

    @Option(names = "--into", paramLabel = "FOLDER", description = "Default: capsule- and the run's id.")
    private Path into;

    @Option(
            names = "--write",
            description = "Add a refused record to the tests of its mapping file instead, in the folder of --mappings.")
    private boolean write;

    CapsuleCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        if (run == null) {
            throw new WrongUse("Name a run: serai capsule r_81, as serai dead-letters list shows it");
        }
        String name = RunsCommand.run(run);
        return hub(Cli.FOUND, hub -> {
            if (write) {
                return write(hub.get(HubClient.path("runs", name, "mapping-test")));
            }
            keep(hub.get(HubClient.path("runs", name, "capsule")));
            return Cli.FINE;
        });
    }

    private void keep(JsonNode capsule) {
        Path folder = into == null ? Path.of("capsule-" + capsule.path("run").asText()) : into;
        try {
            CapsuleFolder.write(capsule, folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + folder, e);
        }
        out().println(capsule.path("run").asText() + " of "
                + capsule.path("flow").asText() + " stands in " + folder
                + ", with other people in it. "
                + (CapsuleFolder.died(capsule)
                        ? "It fails until it is mended"
                        : "It is green as long as the run does what it did then")
                + ": serai capsule try " + folder);
        capsule.path("notes").forEach(note -> out().println("Note: " + note.asText() + "."));
    }

    /** Of a hub elsewhere the mapping is that one's, and the file is of this machine. */
    private int write(JsonNode made) {
        String mapping = made.path("mapping").asText();
        String test = made.path("test").asText();
        out().print(test);
        Path file = shell().quietSettings().path(Setting.MAPPINGS).resolve(mapping + ".yaml");
        if (!Files.isRegularFile(file)) {
            return missing("There is no " + file + "; name the folder with --mappings, or add the test by hand.");
        }
        try {
            String yaml = Files.readString(file);
            if (!endsWithTests(yaml)) {
                return missing(
                        "The tests of " + mapping + " do not stand at the end of its file; add the test by hand.");
            }
            Files.writeString(file, yaml + (yaml.endsWith("\n") ? "" : "\n") + test);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + file, e);
        }
        shell().err()
                .println("Added to " + file + ". It fails until the mapping takes the record: serai test " + mapping);
        return Cli.FINE;
    }

    private static boolean endsWithTests(String yaml) {
        Matcher tests = TESTS.matcher(yaml);
        return tests.find()
                && tests.group().strip().equals("tests:")
                && !KEY.matcher(yaml.substring(tests.end())).find();
    }
}
