package dev.serai.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every mapping file we ship: read, checked, its own tests run. */
class MappingFilesTest {
    private static final Mappings SHIPPED = Mappings.readAll(Path.of("mappings"), name -> Optional.empty());

    @TestFactory
    Stream<DynamicTest> everyTestInAFilePasses() {
        return SHIPPED.names().stream().sorted().flatMap(name -> SHIPPED.get(name).test().stream()
                .map(result -> DynamicTest.dynamicTest(name + ": " + result.name(), () -> assertThat(result.problems())
                        .isEmpty())));
    }

    @Test
    void everyFileSaysWhatItIsForAndShowsARefusal() {
        assertThat(SHIPPED.names()).hasSizeGreaterThanOrEqualTo(9);
        for (String name : SHIPPED.names()) {
            assertThat(SHIPPED.get(name).description()).as(name).endsWith(".");
            assertThat(SHIPPED.get(name).test()).as(name).hasSizeGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void theBenchmarksMappingIsOneOfThem() {
        assertThat(Mappings.readAll(Path.of("bench/hub/mappings"), name -> Optional.empty())
                        .names())
                .contains("crm/contact-to-member");
    }
}
