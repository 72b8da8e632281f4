package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.serai.route.BatchChunks.Entry;
import dev.serai.store.ClaimedRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How records are cut into calls. */
class BatchChunksTest {

    @Test
    void whatTheyAreCutIntoHoldsEveryRecordOnceAndKeepsToTheRules() {
        var dice = new Random(42);
        for (int round = 0; round < 1_000; round++) {
            int most = 1 + dice.nextInt(12);
            var chunks = new BatchChunks(most);
            var given = new ArrayList<Entry>();
            for (int i = dice.nextInt(60); i > 0; i--) {
                given.add(entry(dice.nextInt(4), "l" + dice.nextInt(2), Optional.of("id" + dice.nextInt(30))));
                chunks.add(given.get(given.size() - 1));
            }

            assertThat(chunks.all().stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(given);
            var callOfId = new HashMap<String, Integer>();
            for (int call = 0; call < chunks.all().size(); call++) {
                List<Entry> chunk = chunks.all().get(call);
                var ids = new HashSet<String>();
                for (Entry entry : chunk) {
                    assertThat(chunk)
                            .hasSizeLessThanOrEqualTo(
                                    Math.max(1, most >> entry.scope().run().retries()));
                    assertThat(entry.arguments()).isEqualTo(chunk.get(0).arguments());
                    assertThat(ids.add(entry.id().orElseThrow())).isTrue();
                    callOfId.put(entry.id().get() + entry.scope().run().id(), call);
                }
            }
            inOrder(given, callOfId);
        }
    }

    /** Of records with one id, what was given later is sent later. */
    private static void inOrder(List<Entry> given, Map<String, Integer> callOfId) {
        var last = new HashMap<String, Integer>();
        for (Entry entry : given) {
            String id = entry.id().orElseThrow();
            int call = callOfId.get(id + entry.scope().run().id());
            assertThat(call).isGreaterThan(last.getOrDefault(id, -1));
            last.put(id, call);
        }
    }

    @Test
    void recordsThatAreToldByTheirPositionNeedNoId() {
        var chunks = new BatchChunks(2);
        for (int i = 0; i < 5; i++) {
            chunks.add(entry(0, "l", Optional.empty()));
        }
        assertThat(chunks.all()).extracting(List::size).containsExactly(2, 2, 1);
    }

    private static long number;

    private static Entry entry(int retries, String list, Optional<String> id) {
        var run = new ClaimedRun(++number, "f", 1, retries, 1, null, null, null);
        return new Entry(
                new RunScope(run, FlowOptions.USUAL, Map.of()),
                "step",
                NullNode.getInstance(),
                Map.of("list", list),
                id);
    }
}
