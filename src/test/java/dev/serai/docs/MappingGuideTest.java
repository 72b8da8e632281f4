package dev.serai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.mapping.Mapping;
import dev.serai.mapping.Surroundings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The guide's files are real ones: read, checked, their tests run. */
class MappingGuideTest {
    private static final Pattern FILE =
            Pattern.compile("```yaml\n((mapping|table): ([a-z/-]+)\n.*?)```", Pattern.DOTALL);

    @Test
    void everyFileOfTheGuideIsTakenAndItsTestsPass() throws Exception {
        Map<String, String> files = files();
        assertThat(files).hasSize(5);
        for (var file : files.entrySet()) {
            if (!file.getKey().contains("/tables/")) {
                Mapping.read(file.getKey(), file.getValue(), in(files));
            }
        }
    }

    @Test
    void theGuideShowsEveryKeyOfAField() throws Exception {
        JsonNode schema =
                new ObjectMapper().readTree(MappingGuideTest.class.getResourceAsStream("/schema/mapping.schema.json"));
        var lacking = new TreeSet<String>();
        schema.at("/$defs/field/properties").fieldNames().forEachRemaining(lacking::add);
        String guide = Files.readString(Path.of("docs/mappings.md"));
        lacking.removeIf(key -> guide.contains(key + ":"));

        assertThat(lacking).isEmpty();
    }

    private static Map<String, String> files() throws Exception {
        var files = new LinkedHashMap<String, String>();
        FILE.matcher(Files.readString(Path.of("docs/mappings.md"))).results().forEach(found -> {
            String name = found.group(3);
            String path = found.group(2).equals("table") ? name.replaceFirst("/", "/tables/") : name;
            files.put(path + ".yaml", found.group(1));
        });
        return files;
    }

    private static Surroundings in(Map<String, String> files) {
        return new Surroundings() {
            @Override
            public Optional<String> setting(String name) {
                return Optional.empty();
            }

            @Override
            public Optional<String> file(String path) {
                return Optional.ofNullable(files.get(path));
            }
        };
    }
}
