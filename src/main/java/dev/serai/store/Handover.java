package dev.serai.store;

import java.time.Duration;
import java.util.List;

/**
 * Who works on runs the moment they are committed: they are stored as claimed by this hub already, so that nobody has to
 * look for them in the table.
 */
public interface Handover {
    /** Nobody: every run is stored as waiting. */
    Handover NOBODY = new Handover() {
        @Override
        public Offer reserve(int wanted) {
            return new Offer("", Duration.ZERO, 0);
        }

        @Override
        public boolean takes(String flow) {
            return false;
        }

        @Override
        public void take(List<ClaimedRun> runs, int waiting, Offer offer) {}
    };

    /** Room for so many runs, claimed in the name of a hub for the time of a lease. */
    record Offer(String hub, Duration lease, int runs) {}

    /** Sets room aside until {@link #take}. @return as much as there is, at most {@code wanted} */
    Offer reserve(int wanted);

    /** Whether the flow's runs may go this way: those of a flow that gathers or limits its runs may not. */
    boolean takes(String flow);

    /**
     * Takes over what was committed, perhaps nothing, and gives the rest of the reserved room back.
     *
     * @param waiting runs that may have been stored beside them, for whoever claims them
     */
    void take(List<ClaimedRun> runs, int waiting, Offer offer);
}
