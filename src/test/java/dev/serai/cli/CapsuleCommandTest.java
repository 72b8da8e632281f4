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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dead runs become folders that fail until they are mended: what a vendor refused, and what a mapping did. */
class CapsuleCommandTest {
    /** What may stand nowhere in a capsule. */
    private static final String[] CANARIES = {"canary", "finch", "goldcrest", "901820", "canary-secret", "51012345"};

    @TempDir
    private static Path folder;

    private static TestFolders files;
    private static TestHub hub;

    @BeforeAll
    static void start() throws IOException {
        files = new TestFolders(folder)
                .flow("lead-created", Files.readString(Path.of("routes/lead-created.camel.yaml")));
        hub = TestHub.with(files.settings("serai.retry.attempts", "0"));
        hub.simulator().rotate("mailchimp", "canary-secret");
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static Map<String, String> beside() {
        var settings = new HashMap<String, String>();
        hub.settings().forEach((name, value) -> {
            if (name.startsWith("serai.database.")) {
                settings.put(name, value);
            }
        });
        settings.put("serai.mappings", files.mappings().toString());
        settings.put("serai.routes", files.routes().toString());
        return settings;
    }

    private static String dead(String id) {
        hub.hubspotTells("contact.creation", id);
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> hub.runs("dead").stream()
                                .filter(run -> run.event().record().endsWith(id))
                                .map(run -> run.name())
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
    }

    private static String all(Path capsule) throws IOException {
        try (Stream<Path> found = Files.walk(capsule)) {
            return found.filter(Files::isRegularFile)
                    .map(file -> {
                        try {
                            return file + "\n" + Files.readString(file);
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .collect(Collectors.joining("\n"));
        }
    }

    @Test
    void whatAVendorRefusedFailsUntilItIsNotSentAnyMore() throws IOException {
        hub.hubspotHas(
                "51012345",
                Map.of(
                        "email", "Canary.Finch@Example.org",
                        "firstname", "Canary",
                        "lastname", "Goldcrest",
                        "phone", "+49 30 901820",
                        "country", "DE"));
        hub.simulator()
                .fault(
                        "mailchimp",
                        Fault.status(400)
                                .body(
                                        "application/json",
                                        "{\"title\":\"Invalid Resource\",\"status\":400,\"detail\":\"Your merge fields were"
                                                + " invalid for canary.finch@example.org, call Goldcrest\",\"errors\":[{\"field\":\"FNAME\"}]}")
                                .times(1));
        String run = dead("51012345");
        Path capsule = folder.resolve("refused");
        Map<String, String> beside = beside();

        Called made = serai(beside, "capsule", run, "--into", capsule.toString());

        assertThat(made.code()).as(made.err()).isZero();
        assertThat(all(capsule).toLowerCase()).doesNotContain(CANARIES).contains("invalid resource", "subscribed");
        assertThat(capsule.resolve("calls/01-fetch-contact.json")).exists();
        assertThat(capsule.resolve("calls/02-enrol.json")).exists();

        Called tried = serai(beside, "capsule", "try", capsule.toString());
        assertThat(tried.code()).as(tried.out() + tried.err()).isEqualTo(Cli.FOUND);
        assertThat(tried.out()).contains("Not mended: enrol sends what it sent then", "still \"fail\"");

        files.mapping(
                "mailchimp/contact-to-member.yaml",
                Files.readString(Path.of("mappings/mailchimp/contact-to-member.yaml"))
                        .replace("  merge_fields.FNAME:   { from: first_name, do: [squeeze] }\n", "")
                        .replace("FNAME: Ada, ", ""));
        Called mended = serai(beside, "capsule", "try", capsule.toString());
        assertThat(mended.code()).as(mended.out() + mended.err()).isZero();
        assertThat(mended.out())
                .contains(
                        "Mended: enrol does not send what was refused any more",
                        "as the contract of mailchimp asks; what would be answered nobody knows",
                        "body.merge_fields.FNAME: then",
                        "now nothing");
    }

    @Test
    void whatAMappingRefusedFailsUntilTheMappingTakesIt() throws IOException {
        hub.hubspotHas("51012399", Map.of("email", "canary at home", "firstname", "Canary", "country", "DE"));
        String run = dead("51012399");
        Path capsule = folder.resolve("unmapped");
        Map<String, String> beside = beside();
        serai(beside, "capsule", run, "--into", capsule.toString());
        assertThat(all(capsule).toLowerCase()).doesNotContain(CANARIES);

        Called tried = serai(beside, "capsule", "try", capsule.toString());

        assertThat(tried.code()).as(tried.out() + tried.err()).isEqualTo(Cli.FOUND);
        assertThat(tried.out() + tried.err()).contains("Not mended: it fails at to-contact as then", "email");
    }

    @Test
    void ofWhatDidNotDieThereIsNoCapsule() {
        assertThat(serai(beside(), "capsule", "r_999999").err()).contains("There is no run r_999999");
        assertThat(serai(beside(), "capsule").err()).contains("Name a run");
        Called nowhere =
                serai(beside(), "capsule", "try", folder.resolve("nowhere").toString());
        assertThat(nowhere.code()).isEqualTo(Cli.WRONG_USAGE);
        assertThat(nowhere.err()).contains("is no capsule");
    }
}
