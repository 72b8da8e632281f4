package dev.serai.cli;

import static dev.serai.cli.Called.serai;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The acceptance test of the whole: real files, real PostgreSQL, real HTTP on both sides. */
class DemoTest {

    @Test
    void everySceneComesOutAsItShouldAlsoTheSecondTime(@TempDir Path folder) {
        for (int turn = 1; turn <= 2; turn++) {
            Called called = serai("demo", "--once", "--data", folder.toString());

            assertThat(called.out())
                    .contains("8 of 8 scenes came out as they should.", "each as its API contract asks.")
                    .doesNotContain("not so");
            assertThat(called.code()).as(called.err()).isZero();
            assertThat(called.out().lines()).as("80 columns").allMatch(line -> line.length() <= 80);
        }
        Called beside = serai("dead-letters", "list", "--data", folder.toString());
        assertThat(beside.out()).contains("r_2", "email: properties.email is missing");
    }

    @Test
    void theDatabaseOfAHubIsNotEmptied(@TempDir Path folder) throws Exception {
        Files.createDirectories(folder.resolve("postgres"));

        Called called = serai("demo", "--once", "--data", folder.toString());

        assertThat(called.code()).isEqualTo(1);
        assertThat(called.err()).contains("holds the database of a hub", "--data");
    }
}
