package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.LogCapture;
import dev.serai.metric.Metrics;
import dev.serai.run.Outcome;
import dev.serai.store.ClaimedRun;
import dev.serai.store.Runs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Which outcomes of runs hold back what a flow takes on next. */
class SettlementTest {
    private static final FlowOptions TOGETHER = new FlowOptions(
            FlowOptions.Priority.NORMAL, 0, false, true, new FlowOptions.Gathering(10, Duration.ofSeconds(1)));

    private Instant now = Instant.parse("2026-11-21T10:00:00Z");
    private final InstantSource clock = () -> now;
    private final Metrics metrics = new Metrics();
    private final Runs runs = new Runs(nowhere(), clock, "here");
    private final Settlement settlement =
            new Settlement(runs, null, new Keeping(Keeping.Done.NONE, null, clock), metrics, clock);

    private static PGSimpleDataSource nowhere() {
        var nowhere = new PGSimpleDataSource();
        nowhere.setPortNumbers(new int[] {1});
        return nowhere;
    }

    @AfterEach
    void close() {
        runs.close();
        metrics.close();
    }

    private void parked(String flow, FlowOptions options, StepFailed.Parked why) {
        settlement.failed(scope(flow, options), why);
    }

    private RunScope scope(String flow, FlowOptions options) {
        var event = new ClaimedRun.Event(
                1, "crm", "contact.updated", "contact:1", now, Optional.empty(), Optional.empty(), "", new byte[0]);
        return new RunScope(new ClaimedRun(1, flow, 1, 0, 1, now, null, event), options, Map.of());
    }

    /** Else it would be held for ever: its lease is renewed while it is. */
    @Test
    void aFailureThatCantBeJudgedStillEndsItsRunAndThoseBesideIt() {
        var odd = new RuntimeException() {
            @Override
            public synchronized Throwable getCause() {
                throw new IllegalStateException("judged badly");
            }
        };
        var both = List.of(scope("one", FlowOptions.USUAL), scope("two", FlowOptions.USUAL));

        try (var log = new LogCapture()) {
            EventConsumer.end(both, odd, settlement);
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("run.not_judged"))
                    .hasSize(2);
        }

        assertThat(both).allSatisfy(scope -> assertThat(scope.settled()).isPresent());
        runs.close();
        assertThat(both).allSatisfy(scope -> assertThat(scope.outcome()).succeedsWithin(Duration.ofSeconds(20)));
    }

    @Test
    void aTurnOfAClockThatWasSetBackIsNoTurn() {
        parked("f", TOGETHER, new StepFailed.Parked(Outcome.retry("not sent"), "quota of crm", now.plusSeconds(600)));
        assertThat(settlement.awaitsItsTurn("f")).isTrue();

        now = now.minus(Duration.ofHours(1));

        assertThat(settlement.awaitsItsTurn("f")).isFalse();
    }

    @Test
    void whatEveryRecordWaitsForHoldsBackTheNextBatchAndWhatOneWaitsForDoesNot() {
        var outcome = Outcome.retry("not sent");
        var quota = new StepFailed.Parked(outcome, "quota of crm", now.plusSeconds(20));
        parked("jobs", TOGETHER, StepFailed.Parked.alone(outcome, "job of crm", now.plusSeconds(20)));
        parked("breaker", TOGETHER, new StepFailed.Parked(outcome, "crm/write"));
        parked("single", FlowOptions.USUAL, quota);
        for (String flow : new String[] {"jobs", "breaker", "single"}) {
            assertThat(settlement.awaitsItsTurn(flow)).as(flow).isFalse();
        }

        parked("each", TOGETHER, quota);
        parked("each", TOGETHER, new StepFailed.Parked(outcome, "quota of crm", now.plusSeconds(30)));

        assertThat(settlement.awaitsItsTurn("each")).isTrue();
        now = now.plusSeconds(20);
        assertThat(settlement.awaitsItsTurn("each")).as("the first one's turn").isFalse();
    }

    @Test
    void whatAPersonHasOpenedHoldsBackNoBatchAnyMore() {
        var outcome = Outcome.retry("not sent");
        parked("crm-flow", TOGETHER, new StepFailed.Parked(outcome, "quota crm", now.plusSeconds(600)));
        parked("shop-flow", TOGETHER, new StepFailed.Parked(outcome, "quota shop", now.plusSeconds(600)));

        settlement.freed("quota crm");

        assertThat(settlement.awaitsItsTurn("crm-flow")).isFalse();
        assertThat(settlement.awaitsItsTurn("shop-flow")).isTrue();
    }
}
