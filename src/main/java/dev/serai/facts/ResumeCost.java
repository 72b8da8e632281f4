package dev.serai.facts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.library.Library;
import dev.serai.run.Bucket.Level;
import dev.serai.store.Buckets;
import dev.serai.store.Buckets.Stands;
import dev.serai.store.Resume;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What is told of the cost of a resume before it is done: calls, what they take of each limit, and how long that takes. */
public final class ResumeCost {
    private final Supplier<List<Flow>> flows;
    private final Supplier<Library> library;
    private final Buckets buckets;

    /** @param flows those that are live */
    public ResumeCost(Supplier<List<Flow>> flows, Supplier<Library> library, Buckets buckets) {
        this.flows = flows;
        this.library = library;
        this.buckets = buckets;
    }

    /**
     * Of runs that go on at the step they failed at.
     *
     * @param alike all that are meant, by flow and step; those of a flow that is not live cost nothing, as they wait
     */
    public ArrayNode of(List<Resume.Pattern> alike) throws SQLException {
        var calling = new Calling();
        for (Resume.Pattern runs : alike) {
            flows.get().stream()
                    .filter(flow -> flow.id().equals(runs.flow()))
                    .findFirst()
                    // a second turn of a step is step#2
                    .ifPresent(flow -> calling.add(
                            flow, library.get(), runs.runs(), runs.step().replaceFirst("#\\d+$", "")));
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        Stands stands = buckets.stands();
        for (Calling.Row row : calling.rows()) {
            list.add(json(row, stands));
        }
        return list;
    }

    private static ObjectNode json(Calling.Row row, Stands stands) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("connection", row.limited().connection())
                .put(
                        "operation",
                        row.limited().operation().isEmpty()
                                ? null
                                : row.limited().operation())
                .put("calls", row.calls())
                .put("at_least_seconds", row.atLeast().toSeconds());
        if (row.window() == null) {
            return json.putNull("limit_name")
                    .putNull("limit")
                    .putNull("percent")
                    .putNull("used_percent");
        }
        Optional<Level> level = level(row, stands);
        long limit = level.map(Level::limit).orElse(row.window().limit());
        return json.put("limit_name", row.window().name())
                .put("limit", limit)
                .put("percent", Math.round(row.cost().percentOf(row.window()) * 10) / 10.0)
                .put(
                        "used_percent",
                        level.map(l -> l.limit() == 0 ? 0 : 100 * l.used() / l.limit())
                                .orElse(0L));
    }

    /** How the limit stands now; nothing while nobody has used it. */
    private static Optional<Level> level(Calling.Row row, Stands stands) {
        var quota = row.connector().quotas().of(row.limited().operation());
        return stands.of(row.limited(), quota.allowed()).stream()
                .flatMap(stand -> stand.levels().stream())
                .filter(l -> l.window().name().equals(row.window().name()))
                .findFirst();
    }
}
