package dev.serai.cli.scaffold;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.cli.scaffold.OpenApi.Operation;
import dev.serai.file.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Begins the folder of a system from its OpenAPI document; what the document does not say is marked, never made up. */
public final class Scaffold {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Documents are written by machines, and longer than what people write. */
    private static final int LONGEST_DOCUMENT = 20_000_000;

    private Scaffold() {}

    /**
     * The files of the folder, by their names.
     *
     * @param name of the system and its folder
     * @throws IllegalArgumentException when the document is no OpenAPI 3, has no operation, or leads nowhere
     */
    public static Map<String, String> files(JsonNode source, String name) {
        JsonNode copy = source.deepCopy();
        var document = new OpenApi(copy);
        List<Operation> operations = document.operations();
        if (operations.isEmpty()) {
            throw new IllegalArgumentException("the document has no operation a connector file can say");
        }
        var files = new LinkedHashMap<String, String>();
        files.put("connector.yaml", new ConnectorText(document, name).write(operations));
        files.put("contract.json", Trimmed.of(copy).toPrettyString() + "\n");
        files.put("simulator.yaml", new PlayedText(document, name).simulator(operations));
        files.put("examples.yaml", new PlayedText(document, name).examples(operations));
        new MappingText(document, name)
                .write(operations)
                .ifPresent(mapping -> files.put(mapping.file() + ".yaml", mapping.yaml()));
        files.forEach(Scaffold::requireReadable);
        return files;
    }

    private static void requireReadable(String file, String text) {
        if (file.endsWith(".yaml") && text.length() > Yaml.MAX_CHARACTERS) {
            throw new IllegalArgumentException(file + " would have " + text.length() + " characters, and at most "
                    + Yaml.MAX_CHARACTERS + " are read; leave out of the document what no flow needs");
        }
    }

    /** Reads a document in JSON or YAML. @throws IllegalArgumentException when it is neither, with the place */
    public static JsonNode read(Path file) throws IOException {
        String text = Files.readString(file);
        if (!text.stripLeading().startsWith("{")) {
            return Yaml.read(file.toString(), text, LONGEST_DOCUMENT).json();
        }
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new IllegalArgumentException("line " + at.getLineNr() + ", column " + at.getColumnNr()
                    + ": this is no JSON: " + e.getOriginalMessage() + "; correct it, or get the document anew");
        }
    }

    /** A name for the system: that of the document, as a folder may be called. */
    public static String name(JsonNode document) {
        String name = OpenApi.snake(
                document.at("/info/title").asText("system").replaceAll("(?i)\\b(rest|api|v\\d+)\\b.*", ""));
        return name.replace('_', '-');
    }

    /** @throws IllegalArgumentException when the folder is there already */
    public static void write(Path folder, Map<String, String> files) throws IOException {
        if (Files.exists(folder)) {
            throw new IllegalArgumentException(folder + " is there already; give another --name, or delete it");
        }
        Files.createDirectories(folder);
        for (var file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue(), StandardCharsets.UTF_8);
        }
    }
}
