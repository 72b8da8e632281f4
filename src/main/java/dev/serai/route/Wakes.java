package dev.serai.route;

import dev.serai.store.ParkedRuns;
import dev.serai.store.ParkedRuns.Woken;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What runs wait for that is free now: woken by one thread, look by look, until each of them was. */
final class Wakes {
    private final ParkedRuns runs;
    private final Alerts alerts;
    private final Map<String, Woken> free = new ConcurrentHashMap<>();

    /** @param alerts who passes on that runs are due */
    Wakes(ParkedRuns runs, Alerts alerts) {
        this.runs = runs;
        this.alerts = alerts;
    }

    /** @param waitsFor as runs have it: all that do by now are woken, beginning with the next look */
    void soon(String waitsFor) {
        free.put(waitsFor, Woken.NOBODY);
    }

    /** Those that are not woken in the time of this look come at the next one. @param hears is told of each before it is woken */
    void look(Consumer<String> hears) {
        for (String waitsFor : free.keySet()) {
            Woken before = free.remove(waitsFor);
            hears.accept(waitsFor);
            Woken woken = runs.wake(waitsFor, before);
            if (!woken.isAll()) {
                free.putIfAbsent(waitsFor, woken); // unless it has become free anew
            }
            alerts.announce();
        }
    }
}
