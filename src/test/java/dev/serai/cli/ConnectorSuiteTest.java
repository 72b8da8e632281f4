package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.cli.suite.Check;
import dev.serai.cli.suite.Finding;
import dev.serai.cli.suite.Report;
import dev.serai.cli.suite.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
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

    private static final Map<String, Report> REPORTS = new HashMap<>();

    private static Report report(String name) {
        return REPORTS.computeIfAbsent(name, suite::test);
    }

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
        return suite.connectors().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    Report report = report(name);
                    assertThat(report.rows()).isNotEmpty();
                    assertThat(report.failures()).isEmpty();
                }));
    }

    @Test
    void noOperationIsLeftOut() {
        assertThat(suite.connectors()).hasSizeGreaterThanOrEqualTo(18);
        assertThat(suite.connectors().stream().flatMap(name -> report(name).rows().stream()
                        .filter(row -> row.findings().containsKey(Check.CALL))
                        .filter(row -> row.findings().get(Check.CALL).state() != Finding.State.OK)
                        .map(row -> name + "/" + row.name())))
                .as("operations that no simulator plays")
                .isEmpty();
    }

    @Test
    void everySectionForWebhooksIsTriedOnASample() {
        assertThat(suite.connectors().stream().flatMap(name -> report(name).rows().stream()
                        .filter(row -> row.findings().containsKey(Check.WEBHOOK))
                        .filter(row -> row.findings().get(Check.WEBHOOK).state() != Finding.State.OK)
                        .map(row -> name + "/" + row.name())))
                .as("samples that we wrote ourselves: file and sample agree, no vendor was asked")
                .containsExactly(
                        "brevo/unsubscribe.json",
                        "calendly/invitee.created.json",
                        "cloudevents/structured.json",
                        "crm/contact.json",
                        "hubspot/contact.batch.json",
                        "intercom/contact.user.updated.json",
                        "mailchimp/subscribe.txt",
                        "pagerduty/incident.triggered.json",
                        "pipedrive/change.person.json",
                        "sendgrid/event.batch.json",
                        "zendesk/ticket.created.json");
    }

    /** What stands in SAMPLES.md and what the suite is told are one. */
    @Test
    void aSampleOfOursIsCalledUnverifiedAndOneOfTheVendorsIsNot() throws IOException {
        String list = Files.readString(Path.of("mappings/SAMPLES.md"));
        for (String name : suite.connectors()) {
            for (Report.Row row : report(name).rows()) {
                if (row.findings().containsKey(Check.WEBHOOK)) {
                    String line = list.lines()
                            .filter(each -> each.contains(name + "/samples/") && each.contains(row.name()))
                            .findFirst()
                            .orElse("");
                    boolean ok = row.findings().get(Check.WEBHOOK).state() == Finding.State.OK;
                    assertThat(line.endsWith("| ours |")).as(row.name()).isNotEqualTo(ok);
                }
            }
        }
    }

    @Test
    void aMailServerIsTriedAsEveryOtherSystemIs() {
        var called = Called.serai("connector", "test", "email");

        assertThat(called.code()).isZero();
        assertThat(called.out())
                .containsPattern("encryption +- +- +ok")
                .containsPattern("send +- +ok +ok +ok +- +ok +- +- +-")
                .contains("1 connector, 2 rows: 5 ok, 0 failed, 0 unverified.");
    }

    @Test
    void whereAFileAndItsContractBothSayWhereASystemAnswersTheyAreHeldAgainstEachOther() {
        assertThat(suite.connectors().stream().filter(name -> report(name).rows().stream()
                        .noneMatch(row -> row.name().equals("address"))))
                .as("no address of their own, or none in the contract")
                .containsExactly("calendly", "cloudevents", "crm", "email", "rest", "webhook-out", "woocommerce");
    }

    @Test
    void thePageListsWhatEachSystemCanDo() throws IOException {
        String page = Files.readString(Path.of("docs/systems.md"));
        for (String name : suite.connectors()) {
            String line = page.lines()
                    .filter(row -> row.startsWith("| " + name + " |"))
                    .findFirst()
                    .orElse("");
            assertThat(line).as("docs/systems.md, " + name).isNotEmpty();
            report(name).rows().stream()
                    .filter(row -> row.findings().containsKey(Check.CONTRACT))
                    .filter(row -> !row.name().equals("address") && !row.name().contains(".")) // of samples
                    .forEach(row -> assertThat(line).contains("`" + row.name() + "`"));
        }
    }

    /** A system that the program knew by name would be more than its folder. */
    @ParameterizedTest
    @ValueSource(strings = {"woocommerce", "intercom", "zoho", "pipedrive", "brevo", "pagerduty", "webhook-out"})
    void aSystemIsItsFolderAlone(String system) throws IOException {
        assertThat(report(system).passed()).isTrue();
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
                .containsPattern("post_message +ok +ok +ok +ok +ok +-")
                .containsPattern("create_ticket +unverified +ok")
                .contains("contract: contract.json is our own reading of the documentation")
                .contains("2 connectors, ");
    }

    @Test
    void aNameNobodyHasIsRefusedWithTheNearest() {
        var called = Called.serai("connector", "test", "zendesc");

        assertThat(called.code()).isEqualTo(2);
        assertThat(called.err()).contains("No connector is called zendesc; did you mean \"zendesk\"?");
    }
}
