package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.cli.suite.Report;
import dev.serai.cli.suite.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every shipped connector, tried on its contract and its simulator: what {@code serai connector test --all} does. */
class ConnectorSuiteTest {
    private static Suite suite;

    @BeforeAll
    static void start() {
        suite = new Suite(Path.of("mappings"));
    }

    @AfterAll
    static void stop() {
        suite.close();
    }

    @TestFactory
    Stream<DynamicTest> everyShippedConnectorKeepsToItsContract() {
        return suite.testable().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    Report report = suite.test(name);
                    assertThat(report.rows()).isNotEmpty();
                    assertThat(report.failures()).isEmpty();
                }));
    }

    @Test
    void noConnectorWithOperationsIsLeftOut() {
        assertThat(suite.connectors()).hasSizeGreaterThanOrEqualTo(15);
        suite.connectors().stream()
                .filter(name -> !suite.testable().contains(name))
                .forEach(name -> assertThat(suite.test(name).rows()).as(name).isEmpty());
    }

    /** A system that the program knew by name would be more than its folder. */
    @ParameterizedTest
    @ValueSource(strings = {"woocommerce", "intercom", "zoho", "pipedrive", "brevo"})
    void aSystemIsItsFolderAlone(String system) throws IOException {
        assertThat(suite.test(system).passed()).isTrue();
        try (Stream<Path> files = Files.walk(Path.of("src/main"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                // comments may give a vendor as an example; names in quotes are what the program acts upon
                assertThat(Files.readString(file).toLowerCase(Locale.ROOT))
                        .as(file.toString())
                        .doesNotContain("\"" + system);
            }
        }
    }

    @Test
    void theTableSaysWhatIsFineAndWhatOnlySeemsSo() {
        var called = Called.serai("connector", "test", "slack", "zendesk");

        assertThat(called.code()).isZero();
        assertThat(called.out())
                .contains("post_message  ok        ok    ok    ok      ok      -")
                .contains("create_ticket  unverified  ok")
                .contains("contract: contract.json is our own reading of the documentation")
                .contains("2 connectors, 2 operations: 10 ok, 0 failed, 1 unverified.");
    }

    @Test
    void aNameNobodyHasIsRefusedWithTheNearest() {
        var called = Called.serai("connector", "test", "zendesc");

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err()).contains("No connector is called zendesc; did you mean \"zendesk\"?");
    }
}
