package dev.serai.route;

/**
 * How a flow's runs are treated, as its {@code event:} says.
 *
 * @param concurrent runs of it that all hubs together may work on at the same moment; 0 for any number
 * @param holdOnDeadLetter whether later runs of a record wait until its dead letter is seen to
 * @param skipStale whether an event is left out when a newer version of its record came before it
 */
record FlowOptions(Priority priority, int concurrent, boolean holdOnDeadLetter, boolean skipStale) {
    static final FlowOptions USUAL = new FlowOptions(Priority.NORMAL, 0, false, true);

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
        return priority != Priority.BULK && concurrent == 0;
    }
}
