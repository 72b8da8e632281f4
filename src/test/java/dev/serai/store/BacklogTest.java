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
    void whatWaitsForItsTurnOrForAJobOfARemoteIsCountedApart() throws SQLException {
        for (String key : List.of("1", "2", "3", "4")) {
            store.store(TestStore.event(key, "contact:" + key, "enrol"));
        }
        store.execute("UPDATE open_run SET waits_for = 'pace', due_at = '" + store.now.plusSeconds(60)
                + "' WHERE lane LIKE '%:1' OR lane LIKE '%:2'");
        store.execute("UPDATE open_run SET waits_for = 'pace', due_at = '" + store.now.plusSeconds(120)
                + "' WHERE lane LIKE '%:2'");
        store.execute("UPDATE open_run SET waits_for = 'job of sendgrid' WHERE lane LIKE '%:3'");

        assertThat(backlog.read(store.now)).singleElement().satisfies(line -> {
            assertThat(line.runs()).isEqualTo(4);
            assertThat(line.paced()).isEqualTo(2);
            assertThat(line.pacedUntil()).isEqualTo(store.now.plusSeconds(120));
            assertThat(line.accepted()).isEqualTo(1);
        });
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
