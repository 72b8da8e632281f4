package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseTest {

    @Test
    void joiningTheServerOfTheSameProcessKeepsItsLock(@TempDir Path data) throws Exception {
        try (var server = EmbeddedDatabase.start(data)) {
            try (var joined = EmbeddedDatabase.start(data)) {
                assertThat(joined.url()).isEqualTo(server.url());
            }

            assertThat(anotherProcessFindsItTaken(data)).isTrue();
        }
    }

    /** Whether a process other than this one finds the lock taken. */
    private static boolean anotherProcessFindsItTaken(Path data) throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Asker.class.getName(),
                        data.resolve("postgres.lock").toString())
                .inheritIO()
                .start();
        return process.waitFor() == Asker.HELD;
    }

    /** Exits with {@link #HELD} when somebody else holds the lock. */
    static final class Asker {
        static final int HELD = 7;

        public static void main(String[] args) throws Exception {
            try (var channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
                System.exit(channel.tryLock() == null ? HELD : 0);
            }
        }
    }
}
