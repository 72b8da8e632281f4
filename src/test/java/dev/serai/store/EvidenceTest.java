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
    private static final Duration DAY = Duration.ofDays(1);

    private final TestStore store = TestStore.fresh();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void whatADoneRunSentAndHeardStaysWithItAndLeavesWithItsSlice() throws SQLException {
        ClaimedRun run = arrived();

        joined(store.hub("hub").done(run, line("one")));

        assertThat(kept(run)).containsExactly("{\"calls\":[\"one\"]}");
        tidyAfter(DAY);
        tidyAfter(DAY.multipliedBy(40));
        assertThat(store.column("SELECT to_regclass('done_run_0')")).containsExactly((String) null);
        assertThat(kept(run)).isEmpty();
    }

    @Test
    void ofARunThatOutlivesItsSliceItIsKeptAsLongAsOfAnother() throws SQLException {
        store.dead(arrived(), false);
        tidyAfter(DAY);
        tidyAfter(DAY.multipliedBy(40));
        ClaimedRun run = store.claim("f").stream().findFirst().orElse(null);
        assertThat(run).as("it is dead").isNull();
        store.execute("UPDATE open_run SET state = 'waiting', holds = true, due_at = '" + store.now + "'");
        run = store.claim("f").get(0);

        joined(store.hub("hub").done(run, line("late")));

        assertThat(kept(run)).hasSize(1);
        tidyAfter(DAY.multipliedBy(40));
        assertThat(kept(run)).isEmpty();
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

    private void tidyAfter(Duration time) throws SQLException {
        store.now = store.now.plus(time);
        var policy = new Slices.Policy(DAY.multipliedBy(30), DAY.multipliedBy(90), DAY.multipliedBy(90), 1L << 40);
        new Slices(store.database.dataSource(), () -> store.now, policy).tidy();
    }
}
