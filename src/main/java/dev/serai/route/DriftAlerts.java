package dev.serai.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.route.DriftHits.Hit;
import dev.serai.route.DriftReport.Weight;
import dev.serai.run.Owner;
import dev.serai.store.DriftShapes.Stream;
import dev.serai.store.Drifts.Drift;
import dev.serai.store.NewEvent;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Tells of drift: one event for all that was found in a stream at a time. */
final class DriftAlerts {
    /** Findings told in full; the list has the rest. */
    private static final int MOST = 20;

    private final Alerts alerts;

    DriftAlerts(Alerts alerts) {
        this.alerts = alerts;
    }

    private record Told(Drift drift, List<Hit> hits) {
        Weight weight() {
            return DriftReport.weight(drift, hits);
        }
    }

    NewEvent found(Stream stream, List<Drift> drifts, DriftHits readers) {
        List<Told> told = drifts.stream()
                .map(drift -> new Told(drift, readers.of(drift)))
                .sorted(Comparator.comparing(Told::weight))
                .toList();
        Told first = told.get(0);
        Instant since = drifts.stream()
                .map(drift -> drift.finding().at())
                .min(Comparator.naturalOrder())
                .orElseThrow();
        String more = told.size() == 1 ? "" : ", and " + (told.size() - 1) + " more";
        ObjectNode alert = JsonNodeFactory.instance.objectNode();
        alert.put("kind", "drift.found")
                .put("connection", stream.source())
                .put("type", stream.type())
                .put("importance", first.weight().word())
                .put("since", since.toString())
                .put(
                        "reason",
                        "what " + stream.source() + " sends as " + stream.type() + " has changed: "
                                + DriftReport.words(first.drift, first.hits) + more)
                .put("owner", Owner.CONFIG.name().toLowerCase(Locale.ROOT))
                .put("count", told.size())
                .put("what_to_do", DriftReport.whatToDo(first.drift, first.hits) + " All of it: serai drift list");
        ArrayNode list = alert.putArray("findings");
        told.stream().limit(MOST).forEach(one -> list.add(DriftReport.json(one.drift, one.hits, one.drift.count())));
        return event(stream, first.drift, alert);
    }

    private NewEvent event(Stream stream, Drift first, ObjectNode alert) {
        String key = "drift " + stream.source() + " " + stream.type() + " " + first.name() + " "
                + first.foundAt().toEpochMilli();
        return alerts.drift(alert, key, first.foundAt());
    }
}
