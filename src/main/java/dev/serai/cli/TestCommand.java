package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.file.FileRefused;
import dev.serai.file.Problem;
import dev.serai.library.LibraryFolder;
import dev.serai.library.MappingSurroundings;
import dev.serai.mapping.Mapping;
import dev.serai.mapping.TestResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "test",
        description = {"Run the tests inside the mapping files.", "Exit code 1 when one fails.", ""},
        footer = {
            "",
            "Examples:",
            "  serai test",
            "  serai test mailchimp           only mappings whose name has that word",
            "  serai test --update hubspot    accept what these mappings give today"
        })
@SettingFlags.Uses(Setting.MAPPINGS)
final class TestCommand extends ShellCommand {
    @Parameters(arity = "0..1", paramLabel = "WORD", defaultValue = "", description = "Part of a mapping's name.")
    private String word;

    @Option(
            names = "--update",
            description =
                    "Write what the mappings give today into the tests, with all comments kept. Look at the difference"
                            + " before you keep it.")
    private boolean update;

    TestCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() throws IOException {
        Settings settings = shell().quietSettings();
        LintCommand.requireFolder(settings, Setting.MAPPINGS);
        var table = new Table("mapping", "tests", "result");
        var problems = new ArrayList<Problem>();
        int tests = 0;
        int failed = 0;
        List<Path> files = files(settings.path(Setting.MAPPINGS));
        for (Path file : files) {
            String name = name(settings.path(Setting.MAPPINGS), file);
            try {
                List<TestResult> results = results(settings, name, file);
                long bad = results.stream().filter(result -> !result.passed()).count();
                results.forEach(result -> problems.addAll(result.problems()));
                tests += results.size();
                failed += (int) bad;
                table.row(name, String.valueOf(results.size()), bad == 0 ? "passed" : "failed");
            } catch (FileRefused e) {
                problems.addAll(e.problems());
                failed++;
                table.row(name, "-", "failed");
            }
        }
        if (files.isEmpty()) {
            throw new WrongUse("No mapping has \"" + word + "\" in its name, in " + settings.text(Setting.MAPPINGS));
        }
        table.print(out(), shell().paint());
        problems.forEach(problem -> out().println("\n" + problem.withExcerpt()));
        out().println();
        out().println(
                        failed == 0
                                ? shell().paint().good(Words.count(tests, "test") + " passed.")
                                : shell().paint().bad(failed + " of " + Words.count(tests, "test") + " failed."));
        return failed == 0 ? Cli.FINE : Cli.FOUND;
    }

    private List<TestResult> results(Settings settings, String name, Path file) throws IOException {
        var surroundings = new MappingSurroundings(settings.path(Setting.MAPPINGS), settings::lookup);
        String yaml = Files.readString(file);
        Mapping mapping = Mapping.parse(shown(settings, name), yaml, surroundings);
        String updated = update ? mapping.updated(yaml) : yaml;
        if (updated.equals(yaml)) {
            return mapping.test();
        }
        Mapping again = Mapping.parse(shown(settings, name), updated, surroundings);
        Files.writeString(file, updated);
        out().println("updated " + shown(settings, name));
        return again.test();
    }

    private List<Path> files(Path folder) {
        return LibraryFolder.mappings(folder).stream()
                .filter(file -> name(folder, file).contains(word))
                .toList();
    }

    private static String name(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/').replaceFirst("\\.yaml$", "");
    }

    private static String shown(Settings settings, String name) {
        return settings.path(Setting.MAPPINGS).getFileName() + "/" + name + ".yaml";
    }
}
