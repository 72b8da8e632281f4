package dev.serai.route;

import dev.serai.store.ParkedRuns;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What runs wait for that is free now: woken by one thread, look by look, until all of them are. */
final class Wakes {
    private final ParkedRuns runs;
    private final Alerts alerts;
    private final Set<String> free = ConcurrentHashMap.newKeySet();

    /** @param alerts who passes on that runs are due */
    Wakes(ParkedRuns runs, Alerts alerts) {
        this.runs = runs;
        this.alerts = alerts;
    }

    /** @param waitsFor as runs have it: all that do are woken at the next look */
    void soon(String waitsFor) {
        free.add(waitsFor);
    }

    /** Those that are not woken in the time of this look come at the next one. @param hears is told of each before it is woken */
    void look(Consumer<String> hears) {
        for (String waitsFor : free) {
            free.remove(waitsFor);
            hears.accept(waitsFor);
            if (!runs.wake(waitsFor)) {
                free.add(waitsFor);
            }
            alerts.announce();
        }
    }
}
