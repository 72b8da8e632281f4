package dev.serai.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import dev.serai.file.Yaml;
import dev.serai.library.LibraryFolder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever a record is, a mapping gives a result or refuses it, after bounded work. Work is measured by the memory that it
 * allocates, which depends on neither the machine nor who else uses it.
 */
class AnyRecordTest {
    /** As much as a core allocates in some 20 ms. */
    private static final long MOST_ALLOCATED = 20L << 20;

    private static final JsonNodeFactory MAKE = JsonNodeFactory.instance;

    private final Random random = new Random(7);
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Notes every class that is asked for by name. */
    private static final class Watching extends ClassLoader {
        private final List<String> asked = new ArrayList<>();

        Watching(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            asked.add(name);
            return super.loadClass(name, resolve);
        }
    }

    @Test
    void anyJsonIsMappedOrRefusedWithBoundedWorkAndNoClassIsLoaded() throws IOException {
        var watching = new Watching(getClass().getClassLoader());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        var tooMuch = new ArrayList<String>();
        int results = 0;
        int refusals = 0;
        for (Mapping mapping : LibraryFolder.read(
                        Path.of("mappings"),
                        name -> name.endsWith("url") || name.endsWith("server") ? Optional.empty() : Optional.of("7"))
                .mappings()
                .values()) {
            List<JsonNode> good = examples(mapping);
            for (int i = 0; i < 150; i++) {
                JsonNode record = i % 10 == 0 ? junk(0) : spoiled(good.get(random.nextInt(good.size())), 0);
                thread.setContextClassLoader(watching);
                long start = threads.getCurrentThreadAllocatedBytes();
                try {
                    mapping.apply(record);
                    results++;
                } catch (Refused e) {
                    refusals++;
                } finally {
                    thread.setContextClassLoader(before);
                }
                long allocated = threads.getCurrentThreadAllocatedBytes() - start;
                if (allocated > MOST_ALLOCATED) {
                    tooMuch.add(mapping.name() + " " + allocated / 1024 + " KiB for " + shortened(record));
                }
            }
        }
        assertThat(results).isGreaterThan(100);
        assertThat(refusals).isGreaterThan(500);
        assertThat(tooMuch).isEmpty();
        assertThat(watching.asked).isEmpty();
    }

    private static String shortened(JsonNode record) {
        String text = record.toString();
        return text.substring(0, Math.min(300, text.length()));
    }

    /** What its own tests give it, or the empty record. */
    private static List<JsonNode> examples(Mapping mapping) throws IOException {
        var examples = new ArrayList<JsonNode>(List.of(MAKE.objectNode()));
        Path file = Path.of("mappings", mapping.name() + ".yaml");
        if (Files.exists(file)) {
            for (Yaml test : Yaml.read("f", Files.readString(file))
                    .get("tests")
                    .orElseThrow()
                    .items()) {
                test.get("given").map(Yaml::json).ifPresent(examples::add);
            }
        }
        return examples;
    }

    /** The same record with some of its values replaced by anything. */
    private JsonNode spoiled(JsonNode value, int depth) {
        if (value.isObject()) {
            ObjectNode object = MAKE.objectNode();
            value.properties().forEach(field -> object.set(field.getKey(), spoiled(field.getValue(), depth + 1)));
            return object;
        }
        if (value.isArray() && random.nextInt(4) > 0) {
            ArrayNode array = MAKE.arrayNode();
            value.forEach(item -> array.add(spoiled(item, depth + 1)));
            return array;
        }
        return random.nextInt(4) == 0 ? junk(depth) : value;
    }

    private JsonNode junk(int depth) {
        return switch (random.nextInt(depth > 3 ? 9 : 13)) {
            case 0 -> MAKE.nullNode();
            case 1 -> MAKE.textNode("a".repeat(random.nextInt(20_000)));
            case 2 -> MAKE.textNode("1e30000000");
            case 3 -> MAKE.numberNode(new BigDecimal("1e30000000"));
            case 4 -> MAKE.numberNode(random.nextDouble() * 1e300);
            case 5 -> MAKE.textNode("<a href='" + "<".repeat(random.nextInt(3_000)) + "&#x" + "9".repeat(50));
            case 6 -> MAKE.textNode("\uD800\u0000\u202E+49 " + "(".repeat(random.nextInt(3_000)) + "@".repeat(50));
            case 7 -> MAKE.booleanNode(random.nextBoolean());
            case 8 -> MAKE.textNode("https://x.test/?" + "utm_source=a&".repeat(random.nextInt(300)) + "%".repeat(99));
            case 9 -> nested(random.nextInt(3_000));
            case 10 -> many(random.nextInt(3_000));
            default -> {
                ObjectNode object = MAKE.objectNode();
                for (int i = random.nextInt(5); i > 0; i--) {
                    object.set("k" + i, junk(depth + 1));
                }
                yield object;
            }
        };
    }

    private static JsonNode nested(int deep) {
        JsonNode node = MAKE.objectNode();
        for (int i = 0; i < deep; i++) {
            node = i % 2 == 0 ? MAKE.arrayNode().add(node) : MAKE.objectNode().set("a", node);
        }
        return node;
    }

    private static JsonNode many(int items) {
        ArrayNode array = MAKE.arrayNode();
        for (int i = 0; i < items; i++) {
            array.addObject().put("id", i).put("email", "x" + i);
        }
        return array;
    }
}
