package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
    private final TestStore store = TestStore.empty();
    private final DeadLetters letters = new DeadLetters(store.resuming());

    @AfterEach
    void stop() {
        store.close();
    }

    private void die(long runs) {
        store.execute("INSERT INTO open_run (event_id, flow, lane, state, holds, finished_at, step, reason, owner)"
                + " SELECT n, 'enrol', 'enrol ' || n, 'dead', false, now(), 'put', 'is missing', 'config'"
                + " FROM generate_series(1, " + runs + ") n");
    }

    private long told() throws SQLException {
        DeadLetters.Seen seen = letters.lately(store.now);
        assertThat(seen.patterns().stream().mapToLong(Resume.Pattern::runs).sum())
                .isEqualTo(seen.runs());
        return seen.runs();
    }

    @Test
    void fewAreReadByEveryPage() throws SQLException {
        assertThat(told()).isZero();
        die(1);
        assertThat(told()).isEqualTo(1);
        die(1);
        assertThat(told()).isEqualTo(2);
    }

    @Test
    void manyAreReadOnceForAllPagesOfAMoment() throws SQLException {
        die(DeadLetters.FEW + 1);
        assertThat(told()).isEqualTo(DeadLetters.FEW + 1);
        die(1);
        store.now = store.now.plus(DeadLetters.MOMENT).minusMillis(1);
        assertThat(told()).as("of the same moment").isEqualTo(DeadLetters.FEW + 1);

        store.now = store.now.plusMillis(1);
        assertThat(told()).isEqualTo(DeadLetters.FEW + 2);

        die(1);
        store.now = store.now.minus(Duration.ofHours(1));
        assertThat(told()).as("by a clock that was put back").isEqualTo(DeadLetters.FEW + 3);
    }
}
