package dev.serai.bench;

import java.util.List;

/**
 * One of the things compared, and its doors.
 *
 * @param prefix of its figures: none for the hub, {@code bare_} for a baseline
 * @param processes whose memory and time count as its own; empty when unknown
 * @param delivers whether what it takes arrives at the sink; a baseline only stores
 */
record Side(String prefix, Target target, List<Long> processes, boolean delivers) {
    /**
     * A door and what follows behind it.
     *
     * @param steps POSTs at the sink an event becomes; 0: it is only stored
     */
    record Door(Target target, int steps) {}

    /** The work itself: lead sync. */
    Door main() {
        return new Door(target, delivers ? 1 : 0);
    }

    /** The work in three steps. */
    Door threeSteps() {
        return new Door(target.sibling("crm-steps"), 3);
    }

    /** Each event is stored with a run, of a flow that does nothing. */
    Door stored() {
        return new Door(target.sibling("crm-door"), 0);
    }

    /** Each event is stored, and no flow takes it. */
    Door unrouted() {
        return new Door(target.sibling("crm-unrouted"), 0);
    }
}
