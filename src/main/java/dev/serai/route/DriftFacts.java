package dev.serai.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.drift.Budget;
import dev.serai.drift.Shape;
import dev.serai.drift.ShapeJson;
import dev.serai.library.Library;
import dev.serai.store.DriftShapes;
import dev.serai.store.DriftShapes.Stream;
import dev.serai.store.Drifts;
import dev.serai.store.Drifts.Drift;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What hubs know of drift, seen with the files as they are now. */
public final class DriftFacts {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<Stream, Shape> shapes = new HashMap<>();
    private final List<Fact> facts;

    /** A finding, whom it concerns by the files as they are now, and how often it was so. */
    public record Fact(Drift drift, List<DriftHits.Hit> hits, long count) {
        public DriftReport.Weight weight() {
            return DriftReport.weight(drift, hits);
        }

        public ObjectNode json() {
            return DriftReport.json(drift, hits, count);
        }
    }

    private DriftFacts(DriftShapes learned, Drifts drifts, DriftHits hits, boolean all) throws SQLException {
        for (var shape : learned.shapes().entrySet()) {
            try {
                shapes.put(
                        shape.getKey(), ShapeJson.read(JSON.readTree(shape.getValue()), new Budget(Integer.MAX_VALUE)));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }
        facts = drifts.list(all).stream()
                .map(drift -> new Fact(drift, hits.of(drift), count(drift)))
                .sorted(Comparator.comparing(Fact::weight))
                .toList();
    }

    /** @param all also what was accepted, and what is over */
    public static DriftFacts read(DriftShapes learned, Drifts drifts, Path routes, Library library, boolean all)
            throws SQLException {
        return new DriftFacts(learned, drifts, DriftHits.of(routes, library), all);
    }

    private long count(Drift drift) {
        Shape shape = shapes.get(drift.stream());
        return drift.count() > 0 || shape == null ? drift.count() : shape.count(drift.finding());
    }

    /** {@code DriftList} of the API: what matters most first, and how much is watched. */
    ObjectNode json() {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode items = json.putArray("items");
        facts.forEach(fact -> items.add(fact.json()));
        json.putObject("watched")
                .put("streams", shapes.size())
                .put(
                        "learning",
                        shapes.values().stream().filter(Shape::isLearning).count())
                .put(
                        "overfull",
                        shapes.values().stream()
                                .filter(shape -> shape.overfull() > 0)
                                .count());
        return json;
    }
}
