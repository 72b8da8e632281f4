package dev.serai.route;

import java.time.Duration;

/**
 * How a flow's runs are treated, as its {@code event:} says.
 *
 * @param concurrent runs of it that all hubs together may work on at the same moment; 0 for any number
 * @param holdOnDeadLetter whether later runs of a record wait until its dead letter is seen to
 * @param skipStale whether an event is left out when a newer version of its record came before it
 */
record FlowOptions(
        Priority priority, int concurrent, boolean holdOnDeadLetter, boolean skipStale, Gathering gathering) {
    static final FlowOptions USUAL = new FlowOptions(Priority.NORMAL, 0, false, true, Gathering.NONE);

    /** @param most events in one exchange; 1 for no batch @param patience how long the first may wait for company */
    record Gathering(int most, Duration patience) {
        static final Gathering NONE = new Gathering(1, Duration.ZERO);
    }

    /** Which runs go first when there are more than can be worked on. */
    enum Priority {
        CRITICAL(16),
        NORMAL(4),
        /** At most half of the room, so that something else always finds some. */
        BULK(1);

        private final int weight;

        Priority(int weight) {
            this.weight = weight;
        }

        /** Turns for each one that a bulk flow has. */
        int weight() {
            return weight;
        }
    }

    /** Its runs can be taken on the moment they are stored: nothing must be counted or compared first. */
    boolean handedOver() {
        return priority != Priority.BULK && concurrent == 0 && !gathers();
    }

    /** Its exchanges hold many events. */
    boolean gathers() {
        return gathering.most > 1;
    }
}
