package dev.serai.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    void oneRunAfterTheOther() {
        assertThat(Pace.of("10/s").dueAt(NOON, 10)).isEqualTo(NOON.plusSeconds(1));
        assertThat(Pace.of("600/m").dueAt(NOON, 10)).isEqualTo(NOON.plusSeconds(1));
        assertThat(Pace.of("3600/h").dueAt(NOON, 2)).isEqualTo(NOON.plusSeconds(2));
        assertThat(Pace.AT_ONCE.dueAt(NOON, 1_000_000)).isEqualTo(NOON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "0/s", "-1/s", "10/d", "10 /s", "9999999/s", "1.5/s"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Pace.of(text)).hasMessageEndingWith("is not a rate; write 10/s, 600/m or 36000/h");
    }
}
