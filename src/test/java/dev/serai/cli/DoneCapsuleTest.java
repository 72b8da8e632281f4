package dev.serai.cli;

import static dev.serai.cli.Called.serai;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.simulator.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are done become tests of what they did. */
class DoneCapsuleTest {
    @TempDir
    private static Path folder;

    private static TestFolders files;
    private static TestHub hub;

    @BeforeAll
    static void start() throws IOException {
        files = new TestFolders(folder)
                .flow("lead-created", Files.readString(Path.of("routes/lead-created.camel.yaml")));
        hub = TestHub.with(files.settings(
                "serai.history.evidence", "all", "serai.retry.quick-attempts", "0", "serai.retry.first", "10ms"));
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static Map<String, String> beside() {
        var settings = new HashMap<String, String>();
        hub.settings().forEach((name, value) -> {
            if (name.startsWith("serai.database.") || name.startsWith("serai.history.")) {
                settings.put(name, value);
            }
        });
        settings.put("serai.mappings", files.mappings().toString());
        settings.put("serai.routes", files.routes().toString());
        return settings;
    }

    private static String done(String id) {
        hub.hubspotHas(
                id,
                Map.of(
                        "email",
                        "Canary.Finch@Example.org",
                        "firstname",
                        "Canary",
                        "lastname",
                        "Goldcrest",
                        "country",
                        "DE"));
        hub.hubspotTells("contact.creation", id);
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> hub.runs("done").stream()
                                .filter(run -> run.event().record().endsWith(id))
                                .map(run -> run.name())
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void itIsGreenAsLongAsTheRunDoesWhatItDidAlsoOfSeveralClaimsAndRedOnceItDoesSomethingElse() throws IOException {
        hub.simulator().fault("mailchimp", Fault.status(500).times(1));
        String run = done("51012345");
        Path capsule = folder.resolve("done");
        Map<String, String> beside = beside();

        Called made = serai(beside, "capsule", run, "--into", capsule.toString());

        assertThat(made.code()).as(made.err()).isZero();
        assertThat(made.out()).contains("It is green as long as the run does what it did then");
        assertThat(Files.readString(capsule.resolve("README.md"))).contains("Done. It is a test of what this run did");
        assertThat(Files.readString(capsule.resolve("calls/02-enrol.json")))
                .contains("\"status\" : 200", "status_if_new")
                .doesNotContainIgnoringCase("canary")
                .doesNotContainIgnoringCase("goldcrest");

        Called tried = serai(beside, "capsule", "try", capsule.toString());
        assertThat(tried.code()).as(tried.out() + tried.err()).isZero();
        assertThat(tried.out()).contains("As then: it comes to its end, and sends what it sent (3 calls)");

        files.mapping(
                "mailchimp/contact-to-member.yaml",
                files.read("mailchimp/contact-to-member.yaml")
                        .replace("  merge_fields.FNAME:   { from: first_name, do: [squeeze] }\n", "")
                        .replace("FNAME: Ada, ", ""));
        Called another = serai(beside, "capsule", "try", capsule.toString());
        assertThat(another.code()).as(another.out() + another.err()).isEqualTo(Cli.FOUND);
        assertThat(another.out())
                .contains(
                        "Not as then: enrol sends something else now", "body.merge_fields.FNAME: then", "now nothing");
    }

    @Test
    void whereItIsNotKeptTheSettingIsNamedAndWhatDidNoWorkPinsNothing() {
        String run = done("51012346");
        hub.column("UPDATE done_run SET evidence = NULL WHERE id = " + run.substring(2) + " RETURNING 1");
        Map<String, String> sampled = beside();
        sampled.put("serai.history.evidence", "sampled");

        Called none = serai(sampled, "capsule", run);

        assertThat(none.code()).isEqualTo(Cli.FOUND);
        assertThat(none.err())
                .contains(run + " is done, and what it sent and was answered is not kept; write"
                        + " serai.history.evidence=all (it is sampled)");
        assertThat(serai(beside(), "capsule", run).err()).contains("before serai.history.evidence was all");

        hub.column("UPDATE done_run SET reason = 'given up by ada: a test' WHERE id = " + run.substring(2)
                + " RETURNING 1");
        assertThat(serai(beside(), "capsule", run).err())
                .contains(run + " ended without doing its work (given up by ada: a test)");
    }
}
