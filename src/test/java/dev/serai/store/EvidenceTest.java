package dev.serai.store;

import static dev.serai.store.TestStore.event;
import static dev.serai.store.TestStore.joined;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.run.Owner;
import dev.serai.store.Runs.Account;
import dev.serai.store.Runs.Failure;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

            joined(fresh.hub("hub").done(run, account("one")));

            var history = new History(fresh.database.dataSource());
            assertThat(history.evidence(run.id())).containsExactly(line("one"));
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
        joined(store.hub("hub").retry(run, store.now, failure("one")));
        joined(store.hub("hub").park(next(), store.now, "slack/tell", failure("")));
        joined(store.hub("hub").dead(next(), failure("two"), true));
        assertThat(kept(run)).hasSize(2);
        store.resume(run);
        joined(store.hub("hub").release(next()));

        joined(store.hub("hub").done(next(), account("three")));

        assertThat(kept(run)).containsExactly(line("one"), line("two"), line("three"));
    }

    @Test
    void aDoneRunOfWhichNothingIsToBeKeptLeavesNothingOfClaimsBeforeEither() throws SQLException {
        ClaimedRun run = arrived();
        joined(store.hub("hub").retry(run, store.now, failure("one")));

        store.done(next());

        assertThat(kept(run)).isEmpty();
        assertThat(store.column("SELECT count(*) FROM done_run WHERE evidence IS NULL"))
                .containsExactly("1");
    }

    @Test
    void whatGrowsBeyondItsBoundLosesItsPast() throws SQLException {
        ClaimedRun run = arrived();
        joined(store.hub("hub").retry(run, store.now, failure("1".repeat(100_000))));

        joined(store.hub("hub").retry(next(), store.now, failure("2".repeat(40_000))));

        assertThat(kept(run)).singleElement().asString().contains("222").doesNotContain("111");
    }

    private ClaimedRun arrived() {
        store.store(event("k", "contact:1", "f"));
        return next();
    }

    private ClaimedRun next() {
        return store.claim("f").get(0);
    }

    private static String line(String call) {
        return "{\"noted\":true,\"calls\":[\"" + call + "\"]}";
    }

    private static Account account(String call) {
        return new Account(line(call).getBytes(StandardCharsets.UTF_8), List.of());
    }

    private static Failure failure(String call) {
        return new Failure("tell", "it said no", Owner.TRANSIENT, call.isEmpty() ? Account.NONE : account(call));
    }

    private List<String> kept(ClaimedRun run) throws SQLException {
        return new History(store.database.dataSource()).evidence(run.id());
    }

    @Test
    void whomItTellsOfIsNotedInItsCommitOrItIsNotKept() throws SQLException {
        try (var fresh = TestStore.fresh()) {
            fresh.store(event("k", "contact:1", "f"));
            ClaimedRun run = fresh.claim("f").get(0);
            var journal = new Journal(
                    fresh.database.engine(), fresh.hub("hub"), new IdentifierKey(fresh.database.dataSource()));
            Account account = journal.account(
                    run, line("one").getBytes(StandardCharsets.UTF_8), Map.of("email:ada@example.com", true));
            fresh.execute("CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS"
                    + " $$ BEGIN RAISE EXCEPTION 'gone in that very moment'; END $$");
            fresh.execute("CREATE TRIGGER away BEFORE INSERT ON identifier FOR EACH ROW EXECUTE FUNCTION away()");

            assertThatThrownBy(() -> joined(fresh.hub("hub").done(run, account)))
                    .hasStackTraceContaining("very moment");
            assertThatThrownBy(
                            () -> joined(fresh.hub("hub").dead(run, new Failure("", "", Owner.SYSTEM, account), true)))
                    .hasStackTraceContaining("very moment");

            assertThat(fresh.column("SELECT state FROM open_run WHERE evidence IS NULL"))
                    .containsExactly("claimed");
            fresh.execute("DROP TRIGGER away ON identifier");
            joined(fresh.hub("hub").done(run, account));
            assertThat(new History(fresh.database.dataSource()).evidence(run.id()))
                    .containsExactly(line("one"));
            assertThat(fresh.column("SELECT count(*) FROM identifier WHERE fetched"))
                    .containsExactly("1");
        }
    }

    @Test
    void whatAnEarlierVersionLeftWithoutNotingWhomItTellsOfGoesNotIntoHistory() throws SQLException {
        ClaimedRun run = arrived();
        var old = new Account("{\"mappings\":[],\"calls\":[\"old\"]}".getBytes(StandardCharsets.UTF_8), List.of());
        joined(store.hub("hub").dead(run, new Failure("tell", "no", Owner.CONFIG, old), true));
        store.resume(run);
        joined(store.hub("hub").retry(next(), store.now, failure("two")));
        assertThat(kept(run)).as("an erasure reads what open runs keep").hasSize(2);

        joined(store.hub("hub").done(next(), account("three")));

        assertThat(kept(run)).containsExactly(line("two"), line("three"));
    }
}
