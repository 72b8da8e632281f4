package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private final TestStore store = TestStore.empty();
    private final Backlog backlog = new Backlog(store.database.dataSource());

    @AfterEach
    void stop() {
        store.close();
    }

    private void fails(String key) {
        store.store(TestStore.event(key, "contact:" + key, "enrol"));
        store.claim("enrol").forEach(run -> store.dead(run, false));
    }

    private List<Long> lines() throws SQLException {
        return backlog.lately(store.now).stream().map(Backlog.Line::runs).toList();
    }

    private List<Long> steps() throws SQLException {
        return backlog.steps("enrol", store.now).stream()
                .map(Backlog.AtStep::runs)
                .toList();
    }

    @Test
    void manyPagesWithinAMomentReadTheRunsOnce() throws SQLException {
        fails("1");
        assertThat(lines()).containsExactly(1L);
        assertThat(steps()).containsExactly(1L);
        fails("2");
        store.now = store.now.plusMillis(1_900);
        assertThat(lines()).as("of the same moment").containsExactly(1L);
        assertThat(steps()).as("of the same moment").containsExactly(1L);
        assertThat(backlog.steps("other", store.now)).isEmpty();

        store.now = store.now.plusMillis(200);

        assertThat(lines()).containsExactly(2L);
        assertThat(steps()).containsExactly(2L);
    }

    @Test
    void aClockThatWasPutBackKeepsNothing() throws SQLException {
        fails("1");
        assertThat(lines()).containsExactly(1L);
        fails("2");
        store.now = store.now.minus(Duration.ofHours(1));

        assertThat(lines()).containsExactly(2L);
    }
}
