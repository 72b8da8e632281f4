package dev.serai.cli;

import static dev.serai.cli.Called.serai;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriftCommandTest {
    @TempDir
    private Path folder;

    @Test
    void whatARunningHubFindsIsListedShownAndAccepted() {
        var files =
                new TestFolders(folder).mapping("crm/contact-to-note.yaml", """
                mapping: crm/contact-to-note
                from: any
                fields:
                  plan: { from: plan, table: { free: none, team: paid }, unknown: pass }
                tests: [ { name: t, given: { plan: team }, expect: { plan: paid } } ]
                """).flow("notes", """
                - route:
                    id: notes
                    routeConfigurationId: write
                    from:
                      uri: event:contact.updated?source=crm
                      steps:
                        - to: { id: to-note, uri: "mapping:crm/contact-to-note" }
                """);
        try (var hub = TestHub.with(files.settings())) {
            var settings = new HashMap<>(hub.settings());
            assertThat(serai(settings, "drift", "list").out()).startsWith("Nothing has changed.");
            for (int i = 0; i < 130; i++) {
                contact(hub, i, i < 110 ? "team" : "school");
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> serai(settings, "drift", "list").out().contains("plan has a new value: school"));

            String list = serai(settings, "drift", "list").out();
            assertThat(list)
                    .contains(
                            "Add \"school\" to the table at mappings/crm/contact-to-note.yaml:4:30 (plan); now it lets it pass as it is.")
                    .contains("crm/contact-to-note plan let pass: school")
                    .contains("Watched: 1 stream of events, 0 of them still being learned.");
            String id = list.lines()
                    .filter(line -> line.contains("new value"))
                    .findFirst()
                    .orElseThrow()
                    .split(" ")[0];
            assertThat(serai(settings, "drift", "show", id).out())
                    .contains("plan has a new value: school (open)", "first event   e_111", "matters       table")
                    .contains("read by       flow notes: crm/contact-to-note, field plan");
            assertThat(serai(settings, "drift", "show", id, "--json").out())
                    .containsPattern("\"count\" : ([5-9]|1\\d|20)\\b");
            accept(settings, id);
            assertThat(hub.column("SELECT why FROM audit")).contains("a new plan");
        }
    }

    private void accept(Map<String, String> settings, String id) {
        assertThat(serai(settings, "drift", "accept", id).err()).contains("--why is missing");
        assertThat(serai(settings, "drift", "accept", "--why", "x").err()).contains("Name what is accepted");
        assertThat(serai(settings, "drift", "accept", id, "--why", "a new plan").out())
                .isEqualTo("1 accepted.\n");
        assertThat(serai(settings, "drift", "accept", id, "--why", "again").code())
                .isOne();
        assertThat(serai(settings, "drift", "list").out()).doesNotContain("new value: school");
        assertThat(serai(settings, "drift", "list", "--all", "--json").out()).contains("\"state\" : \"accepted\"");
        assertThat(serai(settings, "drift", "accept", "--source", "crm", "--why", "all of it")
                        .code())
                .isZero();
        assertThat(serai(settings, "drift", "list").out()).startsWith("Nothing has changed.");
        assertThat(serai(settings, "drift", "show", "d_9999").code()).isOne();
    }

    private static void contact(TestHub hub, int id, String plan) {
        hub.crm(
                "{\"id\":\"%d\",\"type\":\"contact.updated\",\"contact\":\"%d\",\"plan\":\"%s\",\"updated_at\":\"2026-11-21T10:00:00Z\"}"
                        .formatted(id, id, plan));
    }
}
