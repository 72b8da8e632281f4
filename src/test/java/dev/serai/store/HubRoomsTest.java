package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How full all hubs are together, each with a room of its own. */
class HubRoomsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final TestStore store = TestStore.empty();
    private final HubRooms full = new HubRooms(store.database.dataSource());
    private final HubRooms idle = new HubRooms(store.database.dataSource());

    @BeforeEach
    void oneHubHoldsAllItMay() {
        // hubs speak when a minute begins
        store.now = store.now.truncatedTo(ChronoUnit.MINUTES);
        store.execute("TRUNCATE tally");
        store.execute("INSERT INTO open_run (event_id, flow, lane, state, holds, claimed_by)"
                + " SELECT 0, 'orders', 'orders ' || n, 'claimed', true, 'full' FROM generate_series(1, 10) n");
    }

    @AfterEach
    void stop() {
        store.execute("TRUNCATE tally");
        store.close();
    }

    private double percent() throws SQLException {
        return full.percent(store.now.minus(PATIENCE));
    }

    @Test
    void aFullHubBesideAnIdleOneIsRoomForMore() throws SQLException {
        full.here("full", 10, store.now);
        assertThat(percent()).isEqualTo(100);
        idle.here("idle", 30, store.now);
        idle.here("idle", 30, store.now.plusMillis(1));
        assertThat(percent()).isEqualTo(25);
    }

    @Test
    void aHubThatIsGoneHasNoRoom() throws SQLException {
        full.here("full", 10, store.now);
        idle.here("idle", 30, store.now);
        store.now = store.now.plus(Duration.ofMinutes(1));
        full.here("full", 20, store.now);
        assertThat(percent())
                .as("it may speak in a moment, and the other has more room by now")
                .isEqualTo(20);
        store.now = store.now.plus(Duration.ofMinutes(2));
        full.here("full", 20, store.now);
        assertThat(percent()).isEqualTo(50);
    }

    @Test
    void whereNoHubHasSpokenNothingIsFull() throws SQLException {
        assertThat(percent()).isZero();
    }
}
