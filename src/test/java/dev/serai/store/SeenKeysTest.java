package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeenKeysTest {

    @Test
    void aKeyBelongsToWhoeverBroughtItFirstAndIsTheirsAlsoTheSecondTime() throws Exception {
        try (var database = TestDatabase.open()) {
            var keys = new SeenKeys(database.dataSource());

            assertThat(keys.add("order-1", "r_1")).isTrue();
            assertThat(keys.add("order-1", "r_2")).isFalse();
            assertThat(keys.add("order-1", "r_1")).as("the run was resumed").isTrue();
            assertThat(keys.contains("order-1")).isTrue();

            assertThat(keys.remove("order-1")).isTrue();
            assertThat(keys.contains("order-1")).isFalse();
            assertThat(keys.add("order-1", "r_2")).isTrue();
        }
    }
}
