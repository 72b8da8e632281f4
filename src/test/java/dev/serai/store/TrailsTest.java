package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrailsTest {
    @Test
    void noRunOfAPageOfEventsIsLeftOutHoweverManyFlowsTheyGoThrough() throws SQLException {
        try (var store = TestStore.fresh()) {
            String[] flows = IntStream.range(0, 1_100).mapToObj(i -> "f" + i).toArray(String[]::new);
            long event = store.store(TestStore.event("k", "contact:7", flows)).eventId();

            assertThat(new Trails(store.database.dataSource()).runs(List.of(event)))
                    .hasSize(1_100);
        }
    }
}
