package dev.serai.cli.suite;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.file.FileRefused;
import dev.serai.file.FileSchema;
import dev.serai.file.Place;
import dev.serai.file.Problem;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code examples.yaml} of a system's folder: the calls the suite makes. */
final class Examples {
    static final String NAME = "examples.yaml";
    static final String READ_BY = "read_by";

    private static final FileSchema SCHEMA = FileSchema.of("examples");

    private final Optional<Yaml> root;

    private Examples(Optional<Yaml> root) {
        this.root = root;
    }

    /** @throws FileRefused when the file is not as its schema asks; a folder may have none */
    static Examples of(Path folder) {
        Path file = folder.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            return new Examples(Optional.empty());
        }
        Yaml root = Yaml.read(shown(folder, NAME), text(file));
        var problems = new Problems();
        SCHEMA.check(root, problems);
        problems.throwIfAny();
        return new Examples(Optional.of(root));
    }

    /** {@code mappings/hubspot/examples.yaml}, as messages name it. */
    static String shown(Path folder, String file) {
        Path systems = folder.toAbsolutePath().normalize().getParent();
        return systems.getFileName() + "/" + folder.getFileName() + "/" + file;
    }

    /** @throws FileRefused when it can't be read */
    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            var place = Place.whole(shown(file.getParent(), file.getFileName().toString()));
            throw new FileRefused(List.of(
                    new Problem(place, "can't be read (" + e + "); it must be text in UTF-8 that this user may read")));
        }
    }

    /** @throws IllegalArgumentException when there is no such file in the folder's samples */
    static byte[] sample(Path folder, String name) {
        try {
            return Files.readAllBytes(folder.resolve("samples").resolve(name));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    NAME + " names the sample " + name
                            + ", which can't be read; put it into the folder samples, or correct the name",
                    e);
        }
    }

    /** What is wrong with a member that is there. */
    Problem problem(String member, String text) {
        return root.orElseThrow().problem(root.orElseThrow().keyPlace(member), "under " + member + ": " + text);
    }

    /** The setting that holds the address of a mail server; empty for what is called by HTTP. */
    Optional<String> mailServer() {
        return root.flatMap(at -> at.text("mail_server"));
    }

    /** Settings the connector file asks for, beside its address and its credentials. */
    Map<String, String> settings() {
        return texts(root.flatMap(at -> at.get("settings")));
    }

    /** Records the simulated vendor has before each check, by collection. */
    Map<String, List<JsonNode>> seed() {
        var seed = new LinkedHashMap<String, List<JsonNode>>();
        root.flatMap(at -> at.get("seed")).ifPresent(all -> all.entries()
                .forEach((collection, records) -> seed.put(
                        collection, records.items().stream().map(Yaml::json).toList())));
        return seed;
    }

    /** Collections that grow with every call, whatever it does. */
    List<String> logs() {
        return root.flatMap(at -> at.get("logs"))
                .map(at -> at.items().stream().map(Yaml::text).toList())
                .orElse(List.of());
    }

    Optional<Example> operation(String name) {
        return root.flatMap(at -> at.get("operations"))
                .flatMap(all -> all.get(name))
                .map(Example::new);
    }

    /** The names of the operations it has examples of. */
    Map<String, Yaml> operations() {
        return root.flatMap(at -> at.get("operations")).map(Yaml::entries).orElse(Map.of());
    }

    /** Answers that tell of limits. */
    List<Yaml> limits() {
        return root.flatMap(at -> at.get("limits")).map(Yaml::items).orElse(List.of());
    }

    List<Yaml> webhooks() {
        return root.flatMap(at -> at.get("webhooks")).map(Yaml::items).orElse(List.of());
    }

    static Map<String, String> texts(Optional<Yaml> map) {
        var texts = new LinkedHashMap<String, String>();
        map.ifPresent(at -> at.entries().forEach((name, value) -> texts.put(name, value.text())));
        return texts;
    }

    /** How one operation is called. */
    record Example(Yaml at) {
        Map<String, String> arguments() {
            return texts(at.get("args"));
        }

        /** Why there is nothing to hold its requests against; empty when there is. */
        Optional<String> notCovered() {
            return at.text("not_covered");
        }

        Optional<String> mapping() {
            return at.text("mapping");
        }

        /** A file of the folder samples with what it answers. */
        Optional<String> sample() {
            return at.text("sample");
        }

        /** The mapping that reads what a stream lists, or what a read returns. */
        Optional<String> readBy() {
            return at.text(READ_BY);
        }

        Optional<JsonNode> body() {
            return at.get("body").map(Yaml::json);
        }

        /** A record of a batch that the vendor refuses. */
        Optional<JsonNode> refused() {
            return at.get("refused").map(Yaml::json);
        }

        /** The records a stream lists. */
        Optional<Yaml> records() {
            return at.get("records");
        }
    }
}
