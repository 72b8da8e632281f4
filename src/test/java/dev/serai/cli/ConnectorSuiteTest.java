package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.cli.suite.Report;
import dev.serai.cli.suite.Suite;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

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
        assertThat(suite.connectors().stream().filter(name -> !suite.testable().contains(name)))
                .as("systems without a simulator.yaml")
                .containsExactly("crm", "github", "shopify");
    }
}
