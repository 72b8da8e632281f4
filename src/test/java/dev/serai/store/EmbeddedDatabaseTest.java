package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may start the server of a data folder, and who only joins it. */
class EmbeddedDatabaseTest {
    /** Another process' look at a lock file: exit code 0 when it is held. */
    static final class Look {
        public static void main(String[] args) throws Exception {
            try (FileChannel channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
                System.exit(channel.tryLock() == null ? 0 : 1);
            }
        }
    }

    @Test
    void theServerWritesThroughToDisk(@TempDir Path data) throws Exception {
        try (var server = EmbeddedDatabase.start(data, true);
                var connection = DriverManager.getConnection(server.url(), EmbeddedDatabase.USER, server.password());
                var statement = connection.createStatement()) {
            for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
                var row = statement.executeQuery("SHOW " + setting);
                row.next();
                assertThat(row.getString(1)).as(setting).isEqualTo("on");
            }
        }
    }

    @Test
    void whoOpensItAgainInTheSameProcessJoinsAndLeavesTheLockAlone(@TempDir Path data) throws Exception {
        try (var first = EmbeddedDatabase.start(data, true)) {
            try (var second = EmbeddedDatabase.start(data, false)) {
                assertThat(second.url()).isEqualTo(first.url());
            }
            assertThat(heldForOthers(data)).isTrue();
        }
        assertThat(heldForOthers(data)).isFalse();
    }

    private static boolean heldForOthers(Path data) throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Look.class.getName(),
                        data.resolve("postgres.lock").toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        return process.exitValue() == 0;
    }
}
