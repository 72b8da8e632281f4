package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.FreePort;
import dev.serai.store.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hub as a process of its own, as people start and stop it. */
class RunTest {
    @TempDir
    private Path folder;

    @Test
    void aHubServesUntilItIsAskedToStopAndSaysNothingUgly() throws Exception {
        int port = FreePort.any();
        Process hub =
                start("--http-port", String.valueOf(port), "--set", "stripe.webhook-secret=never-to-be-seen-in-a-log");
        await().atMost(Duration.ofMinutes(3)).until(() -> !hub.isAlive() || isReady(port));
        assertThat(hub.isAlive()).as(output()).isTrue();

        hub.destroy();

        assertThat(hub.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(hub.exitValue()).as(output()).isZero();
        assertThat(output()).doesNotContain("Exception", "\tat ", "never-to-be-seen-in-a-log");
    }

    @Test
    void aDatabaseThatIsAwayIsOneSentenceAndNoStackTrace() throws Exception {
        Process hub = start(
                "--http-port", "0", "--database-url", "jdbc:postgresql://127.0.0.1:1/none", "--database-wait", "1s");

        assertThat(hub.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(hub.exitValue()).isEqualTo(1);
        assertThat(output())
                .contains("Can't open the database jdbc:postgresql://127.0.0.1:1/none", "Check serai.database.url")
                .doesNotContain("\tat ");
    }

    private Process start(String... flags) throws Exception {
        var command = new ArrayList<String>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.serai.Serai"));
        TestDatabase.fresh().forEach((name, value) -> command.addAll(List.of("--set", name + "=" + value)));
        command.addAll(List.of(flags));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private String output() throws Exception {
        return Files.readString(folder.resolve("output"));
    }

    private static boolean isReady(int port) {
        try {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                    .build();
            return HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (Exception e) {
            return false;
        }
    }
}
