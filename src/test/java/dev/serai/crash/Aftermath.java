package dev.serai.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Holds the promises against what became of an event whose hub died. */
final class Aftermath {
    private final Death death;
    private final Tables tables;
    private final Ledger ledger;
    private final Tables.Run run;

    Aftermath(Death death, Tables tables, Ledger ledger) {
        this.death = death;
        this.tables = tables;
        this.ledger = ledger;
        List<Tables.Run> runs = tables.runs(death.event());
        assertThat(tables.events(death.event())).as("copies of the event").isEqualTo(1);
        assertThat(runs).as("runs of the event").hasSize(1);
        this.run = runs.get(0);
    }

    boolean inDoubt() {
        return run.state().equals("in_doubt");
    }

    void check() {
        itHasItsEffectOrSaysWhyNot();
        itsEffectIsThereOnce();
        whatWasWrittenDownIsNotSentAgain();
    }

    /** Everything can be known but one thing: whether a write of class once, begun and not written down, was done. */
    private void itHasItsEffectOrSaysWhyNot() {
        boolean unknowable = death.kind() == WriteKind.ONCE && death.write().equals("intended");
        assertThat(run.state()).as("state (%s)", run.reason()).isEqualTo(unknowable ? "in_doubt" : "done");
        if (unknowable) {
            assertThat(run.reason())
                    .as("reason")
                    .contains("vendor/post_message")
                    .contains("sent");
        }
    }

    private void itsEffectIsThereOnce() {
        var writes = worked(death.kind().collection());
        var notes = worked("notes");
        if (inDoubt()) {
            assertThat(writes).as("messages").hasSizeLessThan(2);
            assertThat(notes).as("notes of a run that must not go on").isEmpty();
            return;
        }
        assertThat(distinct(writes))
                .as("contents in " + death.kind().collection())
                .hasSize(1);
        if (death.kind() != WriteKind.IDEMPOTENT) {
            assertThat(writes).as("effects in " + death.kind().collection()).hasSize(1);
        }
        assertThat(distinct(notes)).as("contents in notes").hasSize(1);
    }

    private void whatWasWrittenDownIsNotSentAgain() {
        if (death.write().equals("succeeded")) {
            assertThat(received(death.kind().collection()))
                    .as("requests, though the journal had the write as done")
                    .hasSize((int) death.received(death.kind().collection()));
        }
        if (death.note().equals("succeeded")) {
            assertThat(received("notes"))
                    .as("requests, though the journal had the note as done")
                    .hasSize((int) death.received("notes"));
        }
        if (death.kind() == WriteKind.ONCE) {
            assertThat(received("messages")).as("sent messages").hasSizeLessThan(2);
        }
    }

    /** The next event of the record waits for the first, and comes after it. */
    void checkOrder(String next) {
        if (inDoubt()) {
            assertThat(tables.runs(next)).extracting(Tables.Run::state).containsExactly("waiting");
            assertThat(ledger.received(e -> e.event().equals(next)))
                    .as("of the next event")
                    .isEmpty();
            return;
        }
        assertThat(tables.runs(next)).extracting(Tables.Run::state).containsExactly("done");
        var both = ledger.received(e -> !e.collection().equals("accounts")
                && List.of(death.event(), next).contains(e.event()));
        var inOrder = both.stream().map(Ledger.Entry::event).toList();
        assertThat(inOrder.subList(inOrder.indexOf(next), inOrder.size()))
                .as("after the first request for the next event")
                .containsOnly(next);
    }

    private List<Ledger.Entry> worked(String collection) {
        return ledger.worked(
                e -> e.event().equals(death.event()) && e.collection().equals(collection));
    }

    private List<Ledger.Entry> received(String collection) {
        return ledger.received(
                e -> e.event().equals(death.event()) && e.collection().equals(collection));
    }

    private static List<Ledger.Entry> distinct(List<Ledger.Entry> entries) {
        return entries.stream().distinct().toList();
    }
}
