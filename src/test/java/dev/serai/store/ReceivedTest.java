package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReceivedTest {
    @Test
    void eventsAreReadInTheOrderTheyCameWithTheirBytes() throws Exception {
        try (TestStore store = TestStore.empty()) {
            NewEvent first = TestStore.event("r-1", "contact:1");
            var before = store.now.minusSeconds(1);
            store.store(List.of(first, TestStore.event("r-2", "contact:2")));
            var read = new ArrayList<String>();
            var received = new Received(store.database.dataSource());

            received.since(before, "", "", (receipt, payload) -> read.add(new String(payload, StandardCharsets.UTF_8)));
            assertThat(read).hasSize(2).first().isEqualTo(new String(first.payload(), StandardCharsets.UTF_8));

            read.clear();
            received.since(before, "nobody", "", (receipt, payload) -> read.add(receipt));
            received.since(before, "", "no.such", (receipt, payload) -> read.add(receipt));
            received.since(store.now.plusSeconds(60), "", "", (receipt, payload) -> read.add(receipt));
            assertThat(read).isEmpty();
        }
    }
}
