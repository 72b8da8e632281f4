package dev.serai.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.chaos.Checker.Findings;
import dev.serai.chaos.Event.Kind;
import dev.serai.chaos.Evidence.Run;
import dev.serai.chaos.Evidence.Step;
import dev.serai.chaos.Vendor.Reaction;
import dev.serai.chaos.Vendor.Request;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A checker that finds nothing proves nothing: every violation is planted once. */
class CheckerTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Event FIRST = new Event(Kind.MEMBER, "ada", 1);
    private static final Event SECOND = new Event(Kind.MEMBER, "ada", 2);
    private static final Event TICKET = new Event(Kind.TICKET, "bob", 1);
    private static final Event MESSAGE = new Event(Kind.MESSAGE, "eve", 1);
    private static final Event INVOICE = new Event(Kind.INVOICE, "joe", 1);

    @Test
    void whatWasPromisedAndKeptIsFine() {
        assertThat(check(List.of(FIRST), List.of(sent(FIRST, "members", "")), List.of(run(FIRST, "done")))
                        .all())
                .isEmpty();
    }

    @Test
    void aRunInDoubtNeedsNoEffect() {
        assertThat(check(List.of(FIRST), List.of(), List.of(run(FIRST, "in_doubt")))
                        .all())
                .isEmpty();
    }

    @Test
    void anAcknowledgedEventWithoutARunIsLost() {
        assertThat(check(List.of(FIRST), List.of(), List.of()).lost()).hasSize(1);
    }

    @Test
    void aRunThatCountsAsDoneWithoutItsEffectIsLost() {
        assertThat(check(List.of(FIRST), List.of(), List.of(run(FIRST, "done"))).lost())
                .hasSize(1);
    }

    @Test
    void aSecondRunIsADouble() {
        assertThat(check(
                                List.of(FIRST),
                                List.of(sent(FIRST, "members", "")),
                                List.of(run(FIRST, "done"), run(FIRST, "done")))
                        .doubled())
                .hasSize(1);
    }

    @Test
    void aRunThatNeverEndsIsSeen() {
        assertThat(check(List.of(FIRST), List.of(), List.of(run(FIRST, "claimed")))
                        .restless())
                .hasSize(1);
    }

    @Test
    void anOlderNumberAfterANewerOneIsOutOfOrderEvenAsARepeat() {
        var requests = List.of(sent(FIRST, "members", ""), sent(SECOND, "members", ""), sent(FIRST, "members", ""));

        assertThat(check(List.of(), requests, List.of()).disordered()).hasSize(1);
    }

    @Test
    void twoKeysForOneWriteAreADouble() {
        var requests = List.of(sent(INVOICE, "invoices", "k1"), sent(INVOICE, "invoices", "k2"));

        assertThat(check(List.of(), requests, List.of()).doubled()).hasSize(1);
    }

    @Test
    void aTicketMadeTwiceIsADoubleThoughTheLookUpCouldHaveTold() {
        var requests = List.of(sent(TICKET, "tickets", ""), sent(TICKET, "tickets", ""));

        assertThat(check(List.of(), requests, List.of()).doubled()).hasSize(1);
    }

    @Test
    void aMessageInDoubtMayNotBeSentAgainButOneThatWasRefusedMay() {
        var failed = new Request(NOON, "messages", "eve", 1, "", Reaction.FAILED);
        var refused = new Request(NOON, "messages", "eve", 1, "", Reaction.PATIENCE);
        var done = sent(MESSAGE, "messages", "");

        assertThat(check(List.of(), List.of(failed, done), List.of()).doubled()).hasSize(1);
        assertThat(check(List.of(), List.of(refused, done), List.of()).doubled())
                .isEmpty();
    }

    @Test
    void whatTheJournalHasAsDoneMayNotBeSentAgain() {
        var evidence = new Evidence(
                List.of(),
                List.of(sent(FIRST, "members", "")),
                List.of(),
                List.of(new Step(FIRST.id(), "members", NOON.minusMillis(1))));

        assertThat(Checker.check(evidence).doubled()).hasSize(1);
    }

    private static Findings check(List<Event> acknowledged, List<Request> requests, List<Run> runs) {
        return Checker.check(new Evidence(acknowledged, requests, runs, List.of()));
    }

    private static Request sent(Event event, String collection, String key) {
        return new Request(NOON, collection, event.record(), event.number(), key, Reaction.DONE);
    }

    private static Run run(Event event, String state) {
        return new Run(event.id(), state, "");
    }
}
