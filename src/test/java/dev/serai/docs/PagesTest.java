package dev.serai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Pages lead where they say, and speak of the project alone. */
class PagesTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    @Test
    void everyLinkLeadsToAFileAndAHeading() {
        for (Page page : Page.all()) {
            LINK.matcher(page.prose()).results().map(found -> found.group(1)).forEach(link -> {
                if (!link.matches("[a-z]+:.*")) {
                    String[] parts = link.split("#", 2);
                    Path folder = page.file().toAbsolutePath().getParent();
                    Path target = parts[0].isEmpty() ? page.file() : folder.resolve(parts[0]);
                    assertThat(target).as("%s links to %s", page.file(), link).exists();
                    if (parts.length == 2) {
                        assertThat(anchors(target))
                                .as("%s links to %s", page.file(), link)
                                .contains(parts[1]);
                    }
                }
            });
        }
    }

    private static List<String> anchors(Path page) {
        return Page.read(page.toString())
                .prose()
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    @Test
    void theChangelogHasRoomForTheNextVersion() {
        assertThat(Page.read("CHANGELOG.md").text()).contains("\n## Unreleased\n");
    }

    @Test
    void everyDecisionIsListedAndSaysWhatWouldChangeIt() throws IOException {
        String list = Page.read("docs/decisions/README.md").text();
        try (Stream<Path> files = Files.list(Path.of("docs/decisions"))) {
            for (Path file : files.filter(f -> f.getFileName().toString().matches("\\d{4}-.*\\.md"))
                    .toList()) {
                String name = file.getFileName().toString();
                assertThat(list).contains("(" + name + ")");
                assertThat(Page.read(file.toString()).text())
                        .startsWith("# " + name.substring(0, 4) + " ")
                        .contains("\n## Context\n", "\n## Choice\n", "\n## What would change our mind\n");
            }
        }
    }

    @Test
    void noFileNamesAMachineOrWhatLiesOutside() throws IOException {
        // put together, so that this file does not name them itself
        List<String> foreign = List.of("/" + "work/", "/tmp" + "/h/", "../" + "shared", "/root" + "/", "/home" + "/");
        for (Path file : Page.files().stream().filter(PagesTest::isOurs).toList()) {
            String text = text(file);
            foreign.forEach(word -> assertThat(text).as("%s", file).doesNotContain(word));
        }
    }

    private static boolean isOurs(Path file) {
        return !file.equals(Path.of("serai.properties"))
                && !file.toString().contains("node_modules")
                && !file.toString().endsWith("contract.json")
                && !file.toString().contains("samples/")
                && !file.getFileName().toString().startsWith("mvnw");
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (MalformedInputException e) {
            return "";
        }
    }
}
