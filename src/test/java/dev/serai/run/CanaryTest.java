package dev.serai.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.run.Canary.Ended;
import dev.serai.run.Canary.Rule;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CanaryTest {
    private static final Rule RULE = new Rule(20, 10);

    private static List<String> records() {
        return IntStream.range(0, 10_000).mapToObj(i -> "contact:" + i).toList();
    }

    private static List<String> taken(String flow, int share) {
        return records().stream()
                .filter(record -> Canary.takes(flow, record, share))
                .toList();
    }

    @Test
    void aCanaryGetsItsShareOfTheRecordsAndKeepsThemWhileItGrows() {
        assertThat(taken("orders-2", 0)).isEmpty();
        assertThat(taken("orders-2", 5)).hasSizeBetween(400, 600);
        assertThat(taken("orders-2", 50)).hasSizeBetween(4_700, 5_300).containsAll(taken("orders-2", 5));
        assertThat(taken("orders-2", 100)).hasSize(10_000);
    }

    @Test
    void notAlwaysTheSameRecordsGoFirst() {
        var first = new java.util.ArrayList<>(taken("orders-2", 10));
        first.retainAll(taken("leads-2", 10));

        assertThat(first).hasSizeBetween(50, 150);
    }

    @Test
    void aCanaryIsWorseWhenChanceCannotExplainIt() {
        assertThat(Canary.isWorse(new Ended(0, 20), new Ended(500, 0), RULE)).isTrue();
        assertThat(Canary.isWorse(new Ended(14, 6), new Ended(500, 0), RULE)).isTrue();
        assertThat(Canary.isWorse(new Ended(700, 300), new Ended(900, 100), RULE))
                .isTrue();
    }

    @Test
    void whatMayBeChanceIsLetGoOn() {
        assertThat(Canary.isWorse(new Ended(0, 19), new Ended(500, 0), RULE))
                .as("too few")
                .isFalse();
        assertThat(Canary.isWorse(new Ended(17, 3), new Ended(500, 0), RULE))
                .as("3 of 20 may be 5 %")
                .isFalse();
        assertThat(Canary.isWorse(new Ended(10, 10), new Ended(250, 250), RULE))
                .as("both fail alike")
                .isFalse();
        assertThat(Canary.isWorse(new Ended(0, 0), new Ended(0, 0), RULE)).isFalse();
    }
}
