package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.run.Units;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PromisesTest {
    private static final Units ONE = new Units(1, 2);
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

    /** Of a million many share an entry: what is promised in all stays exact, and is forgotten a little later at most. */
    @Test
    void aMillionAreCountedAsExactlyAsTen() {
        var promises = new Promises();
        for (int i = 1; i <= 1_000_000; i++) {
            assertThat(promises.promise(NOW.plusSeconds(i), ONE)).isEqualTo(NOW.plusSeconds(i));
        }
        assertThat(promises.promise(NOW, ONE)).as("nobody overtakes").isEqualTo(NOW.plusSeconds(1_000_000));

        assertThat(promises.count()).isEqualTo(1_000_001);
        assertThat(promises.with(Units.NONE, NOW.plusSeconds(10))).isEqualTo(new Units(999_991, 1_999_982));
        assertThat(promises.with(Units.NONE, NOW.plusSeconds(500_000)).calls()).isBetween(500_001L, 500_201L);
        assertThat(promises.with(Units.NONE, NOW.plusSeconds(1_000_000))).isEqualTo(Units.NONE);
        assertThat(promises.count()).isZero();
    }
}
