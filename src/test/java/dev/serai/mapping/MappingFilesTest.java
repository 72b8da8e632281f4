package dev.serai.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.library.Library;
import dev.serai.library.LibraryFolder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every mapping file we ship: read, checked, its own tests run. */
class MappingFilesTest {
    private static final Library SHIPPED = LibraryFolder.read(Path.of("mappings"), name -> Optional.empty());

    @TestFactory
    Stream<DynamicTest> everyTestInAFilePasses() {
        return SHIPPED.mappings().keySet().stream()
                .sorted()
                .flatMap(name -> SHIPPED.mapping(name).orElseThrow().test().stream()
                        .map(result ->
                                DynamicTest.dynamicTest(name + ": " + result.name(), () -> assertThat(result.problems())
                                        .isEmpty())));
    }

    @Test
    void everyFileSaysWhatItIsForAndShowsARefusal() {
        assertThat(SHIPPED.mappings().keySet()).hasSizeGreaterThanOrEqualTo(24);
        Set<String> waysBack = SHIPPED.mappings().values().stream()
                .flatMap(mapping -> mapping.reversed().stream())
                .map(Mapping::name)
                .collect(Collectors.toSet());
        for (String name : SHIPPED.mappings().keySet()) {
            if (waysBack.contains(name)) {
                continue;
            }
            assertThat(SHIPPED.mapping(name).orElseThrow().description())
                    .as(name)
                    .endsWith(".");
            assertThat(SHIPPED.mapping(name).orElseThrow().test()).as(name).hasSizeGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void theBenchmarksMappingIsOneOfThem() {
        assertThat(LibraryFolder.read(Path.of("bench/hub/mappings"), name -> Optional.empty())
                        .mappings())
                .containsKey("crm/contact-to-member");
    }
}
