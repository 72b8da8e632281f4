package dev.serai.library;

import dev.serai.file.FileRefused;
import dev.serai.file.Problem;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Shared tables that no mapping uses: whoever mends one should not have to find out that it changes nothing. */
public final class TableLint {
    private TableLint() {}

    /** @param folder that of all mappings */
    public static void check(Path folder, Problems problems) {
        var used = new HashSet<String>();
        for (Path file : files(folder, 2, "[^/]+/[^/]+")) {
            try {
                collect(Yaml.read(file.toString(), Files.readString(file)), used);
            } catch (FileRefused e) {
                // told already; a file that can't be read may use any of them
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        for (Path file : files(folder, 3, "[^/]+/tables/[^/]+")) {
            String shown = folder.getFileName() + "/" + folder.relativize(file);
            String name =
                    folder.relativize(file).toString().replace("/tables/", "/").replaceFirst("\\.yaml$", "");
            if (!used.contains(name)) {
                problems.add(new Problem(
                        new dev.serai.file.Place(shown, 1, 1),
                        "no mapping uses table \"" + name + "\"; write table: " + name + ", or delete the file"));
            }
        }
    }

    private static void collect(Yaml at, Set<String> used) {
        at.entries().forEach((key, value) -> {
            if (Set.of("table", "decimals").contains(key) && value.isScalar()) {
                used.add(value.text());
            }
            collect(value, used);
        });
        at.items().forEach(item -> collect(item, used));
    }

    private static List<Path> files(Path folder, int depth, String below) {
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(file -> folder.relativize(file).toString().matches(below + "\\.yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
