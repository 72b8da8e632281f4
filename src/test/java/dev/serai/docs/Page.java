package dev.serai.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Markdown page of the project. */
record Page(Path file, String text) {
    private static final Pattern BLOCK =
            Pattern.compile("(?ms)^(?:<!-- (\\w+)(?:: (\\S+))? -->\\n)?```(\\w*)\\n(.*?)^```$");

    private static final Set<String> LEFT_ASIDE = Set.of("target", "data", "node_modules", ".git", ".idea");

    /**
     * A fenced block.
     *
     * @param marker the word of the comment above it: file, run, answer, words; empty when there is none
     * @param argument what the comment says after the word, such as a path
     */
    record Block(Path page, int line, String marker, String argument, String language, String text) {
        /** For messages: {@code README.md:42}. */
        String place() {
            return page + ":" + line;
        }
    }

    static Page read(String file) {
        try {
            return new Page(Path.of(file), Files.readString(Path.of(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The pages whose every block is checked. */
    static List<Page> ours() {
        var pages = new ArrayList<>(List.of(read("README.md"), read("CONTRIBUTING.md"), read("mappings/SAMPLES.md")));
        all().stream().filter(page -> page.file.startsWith("docs")).forEach(pages::add);
        return pages;
    }

    /** Every page of the project. */
    static List<Page> all() {
        return files().stream()
                .filter(file -> file.toString().endsWith(".md"))
                .filter(file -> Stream.of("target", "data", "node_modules")
                        .noneMatch(folder -> file.toString().contains("/" + folder + "/")))
                .map(file -> read(file.toString()))
                .toList();
    }

    /** Every file of the project, in order. No look at what builds and databases leave: it comes and goes. */
    static List<Path> files() {
        var files = new ArrayList<Path>();
        try (Stream<Path> top = Files.list(Path.of(""))) {
            for (Path one :
                    top.filter(one -> !LEFT_ASIDE.contains(one.toString())).toList()) {
                try (Stream<Path> below = Files.walk(one)) {
                    below.filter(Files::isRegularFile).forEach(files::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files.stream().sorted().toList();
    }

    List<Block> blocks() {
        var blocks = new ArrayList<Block>();
        Matcher found = BLOCK.matcher(text);
        while (found.find()) {
            int line = (int) text.substring(0, found.start()).lines().count() + 1;
            blocks.add(new Block(file, line, or(found.group(1)), or(found.group(2)), found.group(3), found.group(4)));
        }
        return blocks;
    }

    private static String or(String group) {
        return group == null ? "" : group;
    }

    /** The text without fenced blocks. */
    String prose() {
        return BLOCK.matcher(text).replaceAll("");
    }
}
