package dev.serai.cli.capsule;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A capsule on disk: {@code capsule.json}, {@code event.json}, {@code calls/01-step.json}, {@code done/01-step.json} and a page for
 * people; or all of it in one file, as the API gives it.
 */
public final class CapsuleFolder {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final List<String> LISTS = List.of("calls", "done");

    private CapsuleFolder() {}

    /** @param capsule as the API gives it */
    public static void write(JsonNode capsule, Path folder) throws IOException {
        Files.createDirectories(folder);
        ObjectNode rest = capsule.deepCopy();
        ObjectNode event = (ObjectNode) rest.path("event");
        write(folder.resolve("event.json"), event.remove("payload"));
        for (String list : LISTS) {
            JsonNode items = rest.remove(list);
            for (int i = 0; i < items.size(); i++) {
                String step = items.get(i).path("step").asText().replaceAll("[^A-Za-z0-9_-]", "-");
                Path file = folder.resolve(list).resolve("%02d-%s.json".formatted(i + 1, step));
                Files.createDirectories(file.getParent());
                write(file, items.get(i));
            }
        }
        write(folder.resolve("capsule.json"), rest);
        Files.writeString(folder.resolve("README.md"), page(capsule));
    }

    /** @throws IOException when it is none; says what is missing */
    public static JsonNode read(Path place) throws IOException {
        if (Files.isRegularFile(place)) {
            return checked(JSON.readTree(place.toFile()), place);
        }
        Path file = place.resolve("capsule.json");
        if (!Files.isRegularFile(file)) {
            throw new IOException(place + " is no capsule: it has no capsule.json; serai capsule r_81 makes one");
        }
        JsonNode read = JSON.readTree(file.toFile());
        if (!(read instanceof ObjectNode capsule) || !(read.path("event") instanceof ObjectNode event)) {
            throw new IOException(file + " is no capsule: it lacks \"event\"");
        }
        event.set("payload", JSON.readTree(place.resolve("event.json").toFile()));
        for (String list : LISTS) {
            ArrayNode items = capsule.putArray(list);
            for (Path item : files(place.resolve(list))) {
                items.add(JSON.readTree(item.toFile()));
            }
        }
        return checked(capsule, file);
    }

    private static JsonNode checked(JsonNode capsule, Path place) throws IOException {
        if (capsule.path("capsule").asInt() != 1 || !capsule.at("/event").has("payload")) {
            throw new IOException(
                    place + " is no capsule that this version reads; it needs \"capsule\": 1 and an event");
        }
        return capsule;
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    /** Else it is of a run that was done. An earlier version made them of dead runs alone, and did not say so. */
    public static boolean died(JsonNode capsule) {
        return !capsule.path("state").asText().equals("done");
    }

    private static void write(Path file, JsonNode json) throws IOException {
        Files.writeString(file, json.toPrettyString() + "\n");
    }

    private static String page(JsonNode capsule) {
        var page = new StringBuilder("# " + capsule.path("run").asText() + " of "
                + capsule.path("flow").asText() + "\n\n");
        if (died(capsule)) {
            page.append("Died at step ")
                    .append(capsule.at("/died/step").asText("-"))
                    .append(": ");
            page.append(capsule.at("/died/reason").asText()).append("\n\n");
        } else {
            page.append("Done. It is a test of what this run did.\n\n");
        }
        page.append(
                "Other people stand in place of those it was about, and no credential is in it. To live through it again,\n");
        page.append("without a network, by the files in `routes/` and `mappings/` as they are:\n\n");
        page.append("    ./serai capsule try <this folder>\n\n");
        page.append(
                died(capsule)
                        ? "It fails until the flow, a mapping or the connector is mended. Of a request that is another one then nobody\n"
                                + "knows what the vendor would answer: it is held against the vendor's contract, where there is one.\n\n"
                        : "It is green as long as the run comes to its end and sends what it sent, and fails once it does not.\n\n");
        page.append(
                "- `event.json`: what arrived\n- `calls/`: what was sent and answered; correct or add an answer here if you know it\n");
        page.append(
                "- `done/`: writes that are not tried again, and what the flow got of them\n- `capsule.json`: the rest\n");
        capsule.path("notes")
                .forEach(note -> page.append("\nNote: ").append(note.asText()).append(".\n"));
        return page.toString();
    }
}
