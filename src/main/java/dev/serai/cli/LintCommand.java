package dev.serai.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.serai.Wiring;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.file.FileRefused;
import dev.serai.file.Place;
import dev.serai.file.Problem;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import dev.serai.library.TableLint;
import dev.serai.mapping.ExampleLint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "lint",
        description = {
            "Check every file of mappings/ and routes/.",
            "By the code that checks them at start, the tests inside the mappings included. Needs no database.",
            "Exit code 1 when anything is wrong.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  serai lint",
            "  serai lint --mappings ../other/mappings --format json",
            "  serai lint --format github     as annotations of a pull request"
        })
@SettingFlags.Uses({Setting.ROUTES, Setting.MAPPINGS})
final class LintCommand extends ShellCommand {
    /** How problems are printed. */
    enum Format {
        text,
        json,
        github
    }

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, json or github. Default: text.")
    private Format format;

    LintCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        Settings settings = shell().quietSettings();
        requireFolder(settings, Setting.MAPPINGS);
        requireFolder(settings, Setting.ROUTES);
        var found = new Problems();
        found.addAll(Wiring.check(settings));
        checkExamples(settings.path(Setting.MAPPINGS), found);
        TableLint.check(settings.path(Setting.MAPPINGS), found);
        List<Problem> problems = found.all();
        switch (format) {
            case json -> out().println(json(problems));
            case github -> problems.forEach(problem -> out().println(annotation(problem)));
            default -> text(settings, problems);
        }
        return problems.isEmpty() ? Cli.FINE : Cli.FOUND;
    }

    /** What only people should be told of, not a hub that starts. */
    private static void checkExamples(Path folder, Problems problems) {
        try (Stream<Path> files = Files.walk(folder, 2)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
                try {
                    String shown = folder.getFileName() + "/" + folder.relativize(file);
                    ExampleLint.check(Yaml.read(shown, Files.readString(file)), problems);
                } catch (FileRefused e) {
                    // told already
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void requireFolder(Settings settings, Setting setting) {
        Path folder = settings.path(setting);
        if (!Files.isDirectory(folder)) {
            throw new WrongUse(setting.key() + " = \"" + folder + "\": there is no such folder; give "
                    + SettingFlags.flagOf(setting) + " or start in the folder that holds it");
        }
    }

    private void text(Settings settings, List<Problem> problems) {
        problems.forEach(problem -> out().println(problem.withExcerpt()));
        String folders = settings.text(Setting.MAPPINGS) + " and " + settings.text(Setting.ROUTES);
        out().println(
                        problems.isEmpty()
                                ? shell().paint().good("No problems in " + folders + ".")
                                : shell().paint()
                                        .bad(Words.count(problems.size(), "problem") + " in " + folders + "."));
    }

    private static String json(List<Problem> problems) {
        ArrayNode list = new ObjectMapper().createArrayNode();
        for (Problem problem : problems) {
            list.addObject()
                    .put("file", problem.place().file())
                    .put("line", problem.place().line())
                    .put("column", problem.place().column())
                    .put("problem", problem.text());
        }
        return list.toPrettyString();
    }

    /** A workflow command of GitHub Actions; percent, comma and line end are escaped as its toolkit does. */
    private static String annotation(Problem problem) {
        Place place = problem.place();
        String at = place.line() == 0 ? "" : ",line=" + place.line() + ",col=" + place.column();
        String file = data(place.file()).replace(":", "%3A").replace(",", "%2C");
        return "::error file=" + file + at + "::" + data(problem.text());
    }

    private static String data(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }
}
