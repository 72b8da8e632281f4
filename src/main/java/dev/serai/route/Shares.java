package dev.serai.route;

import dev.serai.route.FlowOptions.Priority;
import dev.serai.store.Runs;
import java.util.ArrayList;
import java.util.List;

/** What each flow may have of a claim, so that none keeps the others from their turn. */
final class Shares {
    private final Subscribers subscribers;
    private final int most;

    /** @param most runs the hub holds at the same moment */
    Shares(Subscribers subscribers, int most) {
        this.subscribers = subscribers;
        this.most = most;
    }

    /** Of all flows that can work now and take their runs one by one. @param bulkHeld runs of bulk flows in hand */
    List<Runs.Share> singly(int places, int bulkHeld) {
        var shares = new ArrayList<Runs.Share>();
        for (String flow : subscribers.working()) {
            subscribers
                    .options(flow)
                    .filter(options -> !options.gathers())
                    .map(options -> of(flow, options, places, bulkHeld))
                    .filter(share -> share.most() > 0)
                    .ifPresent(shares::add);
        }
        return shares;
    }

    /** Of one flow, perhaps nothing. */
    Runs.Share of(String flow, FlowOptions options, int places, int bulkHeld) {
        int its = options.priority() == Priority.BULK ? Math.max(0, Math.min(places, most / 2 - bulkHeld)) : places;
        var gathering = options.gathering();
        return new Runs.Share(
                flow,
                its,
                options.priority().weight(),
                options.concurrent(),
                options.holdOnDeadLetter(),
                Math.min(its, gathering.most()),
                gathering.patience());
    }
}
