package dev.serai.route;

import dev.serai.file.FileRefused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The folder {@code routes/} as it is now. */
record FlowFolder(Path folder) {
    static final String SUFFIX = ".camel.yaml";

    /** The flow files by the order of their names. A file that is no UTF-8 comes with replacement characters. */
    Map<Path, String> texts() {
        var texts = new LinkedHashMap<Path, String>();
        if (!Files.isDirectory(folder)) {
            return texts;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path path : files.filter(f -> f.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList()) {
                read(path, texts);
            }
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException("Can't read the folder " + folder, e);
        }
    }

    private static void read(Path path, Map<Path, String> texts) throws IOException {
        try {
            texts.put(path, new String(Files.readAllBytes(path), java.nio.charset.StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            // deleted since the folder was listed
            texts.remove(path);
        }
    }

    /**
     * Sources last, so that the first thing they publish finds its flows; among the others, those that declare error handling
     * first, as routes name it, and new versions of flows after the flows they replace.
     */
    List<Path> inOrder(Map<Path, String> texts) {
        Map<Path, Boolean> sources =
                texts.keySet().stream().collect(Collectors.toMap(p -> p, p -> isSource(p, texts.get(p))));
        return texts.keySet().stream()
                .sorted(Comparator.comparing((Path p) -> sources.get(p))
                        .thenComparing(p -> !texts.get(p).contains("routeConfiguration:"))
                        .thenComparing(p -> texts.get(p).contains("replaces"))
                        .thenComparing(p -> p))
                .toList();
    }

    /** Whether a route of the file begins by itself, by a timer or a request; what can't be read may do so as well. */
    boolean isSource(Path path, String text) {
        try {
            FlowFile file = FlowFile.read(shown(path), text);
            return file.routes().values().stream()
                    .flatMap(route -> file.from(route).stream())
                    .map(FlowFile.Use::uri)
                    .anyMatch(uri -> !uri.startsWith("event:") && !uri.startsWith("direct:"));
        } catch (FileRefused e) {
            return true;
        }
    }

    /** Whether a text, even one that is no YAML, names a route so. */
    static boolean declares(String text, String id) {
        return Pattern.compile("\\bid:\\s*[\"']?" + Pattern.quote(id) + "[\"']?\\s*([,}#]|$)", Pattern.MULTILINE)
                .matcher(text)
                .find();
    }

    /** As messages name it: {@code routes/lead-created.camel.yaml}. */
    String shown(Path path) {
        return folder.getFileName() + "/" + path.getFileName();
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
