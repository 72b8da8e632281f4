package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.store.ClaimedRun;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LeaseKeeperTest {
    private static final List<ClaimedRun> HELD = List.of(new ClaimedRun(1, "f", 1, 0, 1, Instant.EPOCH, null, null));

    @Test
    void aRenewalThatFailsOddlyIsTriedAgain() {
        var stops = new AtomicBoolean();
        var held = new ArrayList<>(HELD);
        var renewed = new ArrayList<List<ClaimedRun>>();
        LeaseKeeper.Renewal renewal = runs -> {
            renewed.add(List.copyOf(runs));
            if (renewed.size() == 1) {
                throw new IllegalStateException("odd");
            }
            if (renewed.size() == 2) {
                throw new SQLException("away");
            }
            stops.set(true);
            if (renewed.size() == 4) {
                held.clear();
            }
        };

        new LeaseKeeper(Duration.ofMillis(1), () -> held, stops::get, renewal).run();

        assertThat(renewed).as("as long as one is held").hasSize(4).allSatisfy(runs -> assertThat(runs)
                .isEqualTo(HELD));
    }

    @Test
    void whoIsInterruptedWhileOneIsStillHeldEnds() {
        var renewed = new ArrayList<List<ClaimedRun>>();
        Thread.currentThread().interrupt();

        new LeaseKeeper(Duration.ofHours(1), () -> HELD, () -> false, renewed::add).run();

        assertThat(renewed).isEmpty();
        assertThat(Thread.interrupted()).isFalse();
    }
}
