package dev.serai.connector.webhook;

import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Sections, samples and requests for the tests of this room. */
final class Sections {
    static final String SECRET = "not-a-real-secret";

    private Sections() {}

    /** The section of one system as it is shipped, with {@code secret} as the value of every setting but the previous secret's. */
    static Webhooks shipped(String system, String secret) {
        return read(file(system), name -> name.contains("previous") ? Optional.empty() : Optional.of(secret));
    }

    /** The connector file of one system. */
    static String file(String system) {
        try {
            return Files.readString(Path.of("mappings", system, "connector.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Webhooks read(String file, java.util.function.Function<String, Optional<String>> settings) {
        var problems = new Problems();
        Optional<Webhooks> webhooks = Webhooks.read(section(file), settings, problems);
        problems.throwIfAny();
        return webhooks.orElseThrow();
    }

    /** An unsigned section with the given lines under {@code event:}. */
    static Webhooks unsigned(String event) {
        return read("webhooks:\n  signature: { scheme: none }\n  event:\n" + event.indent(4), name -> Optional.empty());
    }

    static Yaml section(String file) {
        return Yaml.read("connector.yaml", file).get("webhooks").orElseThrow();
    }

    static byte[] sample(String name) {
        Path file = Path.of("mappings", name.split("-", 2)[0], "samples", name.split("-", 2)[1]);
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RawRequest post(String body, String... headers) {
        return post(body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** @param headers names and values in turn */
    static RawRequest post(byte[] body, String... headers) {
        var map = new java.util.HashMap<String, String>();
        for (int i = 0; i < headers.length; i += 2) {
            map.put(headers[i], headers[i + 1]);
        }
        return new RawRequest("POST", "https://hub.example.com/webhooks/x", Map.copyOf(map), body);
    }

    static String text(String resource) {
        return new String(bytes(resource), StandardCharsets.UTF_8);
    }

    static byte[] bytes(String resource) {
        try (InputStream in = Sections.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no " + resource + " on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
