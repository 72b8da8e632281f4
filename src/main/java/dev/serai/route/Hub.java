package dev.serai.route;

import dev.serai.library.Library;
import dev.serai.metric.Metrics;
import dev.serai.metric.Traces;
import dev.serai.store.Cursors;
import dev.serai.store.Inbox;
import dev.serai.store.Journal;
import dev.serai.store.RemoteIds;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * What the three components and the door need of the running hub.
 *
 * @param library the mapping and connector files as they are now
 * @param passed what tables of mappings let pass
 */
public record Hub(
        Stores stores,
        Supplier<Library> library,
        Intake intake,
        Subscribers subscribers,
        Gate gate,
        TokenKeeper tokens,
        PassedValues passed,
        Metrics metrics,
        Traces traces,
        InstantSource clock) {

    /** The tables. @param uses what was called that belongs to no run, on its way to its table */
    public record Stores(Inbox inbox, Journal journal, Cursors cursors, RemoteIds ids, Uses uses) {}
}
