package dev.serai.crash;

import java.util.List;
import java.util.Map;

/**
 * One hub that died with an event in its hands, and what was to be seen in that moment.
 *
 * @param event {@code record.number}
 * @param stored whether the database had it
 * @param steps states of its steps in the journal
 * @param received what had reached the vendor for it
 */
record Death(WriteKind kind, String event, boolean stored, Map<String, String> steps, List<Ledger.Entry> received) {

    /** What the journal had of the write under test, or empty. */
    String write() {
        return steps.getOrDefault(kind.word() + "-write", "");
    }

    String note() {
        return steps.getOrDefault(kind.word() + "-note", "");
    }

    long received(String collection) {
        return received.stream().filter(e -> e.collection().equals(collection)).count();
    }
}
