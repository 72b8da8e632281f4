package dev.serai.cli;

import static dev.serai.cli.Called.serai;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.TestFolders;
import dev.serai.config.Settings;
import dev.serai.store.Database;
import dev.serai.store.FlowSwitches;
import dev.serai.store.FlowSwitches.State;
import dev.serai.store.TestDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serai flows}, without any hub: what it switches counts for the next one that starts. */
class FlowsCommandTest {
    @TempDir
    private Path folder;

    private Map<String, String> settings;

    @BeforeEach
    void flows() {
        var files = new TestFolders(folder).flow("orders", """
                - route:
                    id: orders
                    description: Orders become deals
                    routeConfigurationId: write
                    from:
                      uri: event:order.paid
                      parameters: { source: shop }
                      steps:
                        - choice:
                            id: by-size
                            when:
                              - simple: "${body[total]} > 100"
                                steps:
                                  - to: { id: tell, uri: "connector:slack/post_message" }
                            otherwise:
                              steps:
                                - setBody: { id: nothing, constant: "small" }
                """).flow("orders-2", """
                - route:
                    id: orders-2
                    from:
                      uri: event:order.paid?source=shop&replaces=orders
                      steps:
                        - setBody: { id: anew, constant: "x" }
                """);
        settings = new HashMap<>(TestDatabase.fresh());
        settings.putAll(files.settings());
        Database.own(Settings.read(Path.of("none"), Map.of(), settings)).close();
    }

    private Called flows(String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "flows";
        System.arraycopy(words, 0, all, 1, words.length);
        return serai(settings, all);
    }

    private FlowSwitches.Switch switched(String flow) throws SQLException {
        try (var database = Database.open(Settings.read(Path.of("none"), Map.of(), settings))) {
            return new FlowSwitches(database.dataSource()).all().get(flow);
        }
    }

    @Test
    void flowsAreListedAndShownWithTheirSteps() {
        assertThat(flows("list").out())
                .containsPattern("orders +on +event:order.paid +0")
                .containsPattern("orders-2 +on, 0 % of orders")
                .doesNotContain("dead-letter");
        assertThat(flows("list", "--json").out()).contains("\"replaces\" : \"orders\"");
        assertThat(flows("show", "orders").out())
                .startsWith("orders: Orders become deals\non, from event:order.paid\n  by-size  choice\n")
                .contains("    ${body[total]} > 100:\n      tell  connector slack/post_message\n")
                .contains("    otherwise:\n      nothing  setBody small\n");
        assertThat(flows("show", "order").err()).contains("There is no flow order; did you mean \"orders\"?");
    }

    @Test
    void aFlowIsSwitchedWithAReason() throws SQLException {
        assertThat(flows("pause", "orders").err()).contains("--why is missing");
        assertThat(flows("pause", "orders", "--why", "they move house").out())
                .isEqualTo("orders is paused; its runs wait.\n");
        assertThat(flows("pause", "orders", "--why", "again").out()).contains("is so already");
        assertThat(switched("orders").state()).isEqualTo(State.PAUSED);
        assertThat(flows("show", "orders").out())
                .contains("paused", "switched by " + System.getProperty("user.name") + ": they move house");
        assertThat(flows("disable", "orders", "--why", "x").out()).contains("its events make no runs");
        assertThat(flows("enable", "orders", "--why", "x").out()).isEqualTo("orders is on.\n");
        assertThat(flows("resume", "ordrs", "--why", "x").err()).contains("did you mean \"orders\"?");
    }

    @Test
    void aNewVersionGetsAShareAndNoOtherFlowDoes() throws SQLException {
        assertThat(flows("canary", "orders-2", "--share", "25", "--why", "a first try")
                        .out())
                .isEqualTo("orders-2 gets 25 % of the records of orders.\n");
        assertThat(switched("orders-2").share()).isEqualTo(25);
        assertThat(flows("canary", "orders", "--share", "25", "--why", "x").err())
                .contains("orders replaces no flow", "event:…?replaces=orders");
        assertThat(flows("canary", "orders-2", "--share", "101", "--why", "x").err())
                .contains("--share 101: a number from 0 to 100 is needed");
    }
}
