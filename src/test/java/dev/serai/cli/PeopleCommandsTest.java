package dev.serai.cli;

import static dev.serai.cli.Called.serai;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code find}, {@code why}, {@code export}, {@code capsule} and {@code forget}, beside a running hub. */
class PeopleCommandsTest {
    @TempDir
    private static Path folder;

    private static TestFolders files;
    private static TestHub hub;
    private static final Map<String, String> SETTINGS = new HashMap<>();

    @BeforeAll
    static void start() {
        files = new TestFolders(folder).flow("import-contacts", """
                - route:
                    id: import-contacts
                    routeConfigurationId: write
                    from:
                      uri: event:contact.updated
                      steps:
                        - to: { id: crm-to-contact, uri: "mapping:crm/contact-to-contact" }
                        - to: { id: to-member, uri: "mapping:mailchimp/contact-to-member" }
                        - to: { id: enrol-it, uri: "connector:mailchimp/upsert_member?list=cli" }
                """);
        hub = TestHub.with(files.settings());
        hub.settings().forEach((name, value) -> {
            if (name.startsWith("serai.database.") || name.equals("serai.mappings") || name.equals("serai.routes")) {
                SETTINGS.put(name, value);
            }
        });
        hub.crm("{\"id\":\"p1\",\"updated_at\":\"2026-11-21T10:00:01Z\",\"properties\":{\"email\":\"Ada@Example.com\","
                + "\"firstname\":\"Ada\",\"phone\":\"+49 30 901820\"}}");
        hub.crm("{\"id\":\"p2\",\"updated_at\":\"2026-11-21T10:00:02Z\",\"properties\":{\"email\":\"grace at home\","
                + "\"firstname\":\"Grace\",\"lastname\":\"Hopper\"}}");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> hub.runs("done").size() == 1 && hub.runs("dead").size() == 1);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static Called call(String... args) {
        return serai(SETTINGS, args);
    }

    @Test
    void aPersonIsFoundExplainedAndHandedOver() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> call("find", "ada@example.com").code() == Cli.FINE);
        assertThat(call("find", "ada@example.com").out())
                .contains("1 event, 1 run", "contact.updated of crm", "enrol-it, try 1", "done");
        assertThat(call("find", "nobody@example.com").code()).isEqualTo(Cli.FOUND);
        assertThat(call("why", "contact:ada@example.com", "phone").out())
                .contains(
                        "mailchimp upsert_member",
                        "\"+4930901820\"",
                        "mailchimp/contact-to-member.yaml:11",
                        "flow import-contacts, step enrol-it");
        assertThat(call("why", "ada@example.com", "shoe_size").code()).isEqualTo(Cli.FOUND);
        assertThat(call("export", "ada@example.com").out()).contains("\"Ada@Example.com\"", "\"answers\"");
        assertThat(call("forget", "7").err()).contains("write an e-mail address");
        await().pollDelay(Duration.ZERO).untilAsserted(() -> assertThat(
                        call("forget", "ada@example.com").out())
                .contains("content of 1 event and of 1 run", "contact:p1", "Nothing was changed"));
    }

    @Test
    void whichSystemHasWhatIsToldAndMendedFromTheCommandLine() {
        Called fine = call("systems", "contact:p1");
        assertThat(fine.code()).as(fine.err() + fine.out()).isEqualTo(Cli.FINE);
        assertThat(fine.out()).contains("contact:p1", "mailchimp upsert_member", "2026-11-21T10:00:01Z", "current");

        String dead = hub.runs("dead").get(0).name();
        Called behind = call("systems", "contact:p2");
        assertThat(behind.code()).isEqualTo(Cli.FOUND);
        assertThat(behind.out()).contains("never_written", dead + " of e_", "--repair resume:" + dead);
        Called tried = call("systems", "contact:p2", "--repair", "resume:" + dead, "--dry-run");
        assertThat(tried.code()).as(tried.err()).isEqualTo(Cli.FINE);
        assertThat(tried.out()).contains("Nothing was changed. Then: " + dead + " goes on", "mends mailchimp");
        assertThat(call("systems", "contact:p2", "--repair", "resume:r_999", "--why", "x")
                        .err())
                .contains("asks for no such repair now", "nothing was changed");
        assertThat(call("systems", "contact:p2", "--why", "x").code()).isEqualTo(Cli.WRONG_USAGE);
        assertThat(call("systems", "contact:nobody").code()).isEqualTo(Cli.FOUND);
    }

    @Test
    void whoeverHoldsACertificateCanHaveItChecked() throws Exception {
        Called forgotten = call("forget", "nobody@example.com", "--why", "asked for");
        assertThat(forgotten.code()).as(forgotten.err()).isEqualTo(Cli.FINE);
        assertThat(forgotten.out()).as("what is not reached").contains("histories of browsers and logs of proxies");
        Path held = Files.writeString(folder.resolve("held.json"), forgotten.out());
        Path changed = Files.writeString(
                folder.resolve("changed.json"), forgotten.out().replace("asked for", "nobody asked"));

        Called genuine = call("forget", "--check", held.toString());
        assertThat(genuine.code()).isEqualTo(Cli.FINE);
        assertThat(genuine.out()).startsWith("Genuine: certificate f_");
        Called forged = call("forget", "--check", changed.toString());
        assertThat(forged.code()).isEqualTo(Cli.FOUND);
        assertThat(forged.out()).startsWith("Not genuine: this hub did not write certificate f_");
        String name = genuine.out().split(" ")[2];
        Path alone = Files.writeString(
                folder.resolve("alone.json"),
                new ObjectMapper()
                        .readTree(call("forget", "--certificate", name).out())
                        .path("certificate")
                        .toPrettyString());
        assertThat(call("forget", "--check", alone.toString(), "--json").out()).contains("\"genuine\" : true");
        Path list = Files.writeString(folder.resolve("list.json"), "[]");
        assertThat(call("forget", "--check", list.toString()).err()).contains("not a certificate");
        assertThat(call("forget", "ada@example.com", "--check", held.toString()).code())
                .isEqualTo(Cli.WRONG_USAGE);
    }

    @Test
    void aMappingThatHasChangedSinceIsSaid() throws Exception {
        Path file = files.mappings().resolve("crm/contact-to-contact.yaml");
        String before = Files.readString(file);
        Files.writeString(file, before + "# a word more\n");

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                        call("why", "contact:p1", "phone").out())
                .contains("a mapping file has changed since"));
        Files.writeString(file, before);
    }

    @Test
    void aRefusedRecordBecomesATestThatFailsUntilTheMappingTakesIt() throws Exception {
        String dead = hub.runs("dead").get(0).name();

        Path file = files.mappings().resolve("crm/contact-to-contact.yaml");
        String before = Files.readString(file);
        Called capsule = call("capsule", dead, "--write");

        assertThat(capsule.code()).as(capsule.err()).isZero();
        assertThat(capsule.out())
                .contains("was refused: email:", "expect: {}")
                .doesNotContain("grace", "Grace", "Hopper");
        Called test = call("test", "crm/contact-to-contact");
        Files.writeString(file, before);
        assertThat(test.code()).isEqualTo(Cli.FOUND);
        assertThat(test.out()).contains(dead + " was refused", "1 of ");
        String done = hub.runs("done").get(0).name();
        assertThat(call("capsule", done, "--write").err()).contains("refused by no mapping");
        assertThat(call("capsule", "r_999999").err()).contains("There is no run r_999999");
    }
}
