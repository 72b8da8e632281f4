package dev.serai.store;

import static dev.serai.store.TestStore.event;
import static dev.serai.store.TestStore.joined;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.run.Owner;
import dev.serai.store.Runs.Failure;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What runs sent and heard, from claim to claim and into history. */
class EvidenceTest {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Slices.Policy KEPT = new Slices.Policy(MONTH, MONTH, MONTH, 1L << 40);

    private final TestStore store = TestStore.empty();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void whatADoneRunSentAndHeardStaysWithItAndLeavesWithItsSlice() throws SQLException {
        try (var fresh = TestStore.fresh()) {
            fresh.store(event("k", "contact:1", "f"));
            ClaimedRun run = fresh.claim("f").get(0);

            joined(fresh.hub("hub").done(run, line("one")));

            var history = new History(fresh.database.dataSource());
            assertThat(history.evidence(run.id())).containsExactly("{\"calls\":[\"one\"]}");
            for (int days : List.of(1, 40)) {
                fresh.now = fresh.now.plus(Duration.ofDays(days));
                new Slices(fresh.database.dataSource(), () -> fresh.now, KEPT).tidy();
            }
            assertThat(fresh.column("SELECT to_regclass('done_run_0')")).containsExactly((String) null);
            assertThat(history.evidence(run.id())).isEmpty();
        }
    }

    @Test
    void eachClaimAddsItsOwnAndOneThatHasNoneTakesNothingAway() throws SQLException {
        ClaimedRun run = arrived();
        joined(store.hub("hub").retry(run, store.now, failure(line("one"))));
        joined(store.hub("hub").park(next(), store.now, "slack/tell", failure(null)));
        joined(store.hub("hub").dead(next(), failure(line("two")), true));
        assertThat(kept(run)).hasSize(2);
        store.resume(run);
        joined(store.hub("hub").release(next()));

        joined(store.hub("hub").done(next(), line("three")));

        assertThat(kept(run))
                .containsExactly("{\"calls\":[\"one\"]}", "{\"calls\":[\"two\"]}", "{\"calls\":[\"three\"]}");
    }

    @Test
    void aDoneRunOfWhichNothingIsToBeKeptLeavesNothingOfClaimsBeforeEither() throws SQLException {
        ClaimedRun run = arrived();
        joined(store.hub("hub").retry(run, store.now, failure(line("one"))));

        store.done(next());

        assertThat(kept(run)).isEmpty();
        assertThat(store.column("SELECT count(*) FROM done_run WHERE evidence IS NULL"))
                .containsExactly("1");
    }

    @Test
    void whatGrowsBeyondItsBoundLosesItsPast() throws SQLException {
        ClaimedRun run = arrived();
        joined(store.hub("hub").retry(run, store.now, failure(line("1".repeat(100_000)))));

        joined(store.hub("hub").retry(next(), store.now, failure(line("2".repeat(40_000)))));

        assertThat(kept(run)).singleElement().asString().contains("222").doesNotContain("111");
    }

    private ClaimedRun arrived() {
        store.store(event("k", "contact:1", "f"));
        return next();
    }

    private ClaimedRun next() {
        return store.claim("f").get(0);
    }

    private static byte[] line(String call) {
        return ("{\"calls\":[\"" + call + "\"]}").getBytes(StandardCharsets.UTF_8);
    }

    private static Failure failure(byte[] evidence) {
        return new Failure("tell", "it said no", Owner.TRANSIENT, evidence);
    }

    private List<String> kept(ClaimedRun run) throws SQLException {
        return new History(store.database.dataSource()).evidence(run.id());
    }
}
