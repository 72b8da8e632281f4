package dev.serai.facts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connector.Connector;
import dev.serai.connector.Quota;
import dev.serai.file.Durations;
import dev.serai.library.Library;
import dev.serai.run.Bucket.Level;
import dev.serai.run.Window;
import dev.serai.store.Buckets;
import dev.serai.store.Buckets.Limited;
import dev.serai.store.Buckets.Stand;
import dev.serai.store.Buckets.Stands;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/** What is told of limits: how much of each is used, and when it will be used up. Limits nobody has used are not told. */
public final class QuotaFacts {
    private final Buckets buckets;

    public QuotaFacts(Buckets buckets) {
        this.buckets = buckets;
    }

    /** Of all connections and operations that have limits, by name. */
    public ArrayNode list(Library library) throws SQLException {
        Stands stands = buckets.stands();
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Connector connector : new TreeMap<>(library.connectors()).values()) {
            list.addAll(of(connector, stands));
        }
        return list;
    }

    /** Of one connection and its operations; of what has no limit only while it is closed. */
    static ArrayNode of(Connector connector, Stands stands) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        add(list, new Limited(connector.name(), ""), connector.quotas().all(), stands);
        for (var own : new TreeMap<>(connector.quotas().named()).entrySet()) {
            add(list, new Limited(connector.name(), own.getKey()), own.getValue(), stands);
        }
        connector.operations().keySet().stream()
                .sorted()
                .filter(operation -> connector.quotas().limits(operation).isEmpty())
                .forEach(operation -> addUnstated(list, new Limited(connector.name(), operation), stands));
        return list;
    }

    /** Of an operation without a limit by its file, while it is closed all the same. */
    private static void addUnstated(ArrayNode list, Limited limited, Stands stands) {
        stands.of(limited, Quota.NONE.allowed())
                .filter(stand -> stand.closedUntil().isAfter(stand.now()))
                .ifPresent(stand -> list.add(unmeasured(line(limited, "not stated", 0, 0))
                        .put("closed_until", RunFacts.text(stand.closedUntil()))));
    }

    private static ObjectNode unmeasured(ObjectNode line) {
        return line.putNull("per")
                .put("unit", "calls")
                .put("budget", false)
                .put("per_hour", 0)
                .putNull("ends_at")
                .putNull("used_up_at");
    }

    private static void add(ArrayNode list, Limited limited, Quota quota, Stands stands) {
        Optional<Stand> known = quota.allowed().unlimited() ? Optional.empty() : stands.of(limited, quota.allowed());
        if (known.isEmpty()) {
            return;
        }
        Stand stand = known.get();
        String closed = stand.closedUntil().isAfter(stand.now()) ? RunFacts.text(stand.closedUntil()) : null;
        for (Level level : stand.levels()) {
            list.add(level(limited, level, stand.now()).put("closed_until", closed));
        }
        if (quota.allowed().concurrent() > 0) {
            long most = quota.allowed().concurrent();
            list.add(unmeasured(line(limited, "at the same time", stand.slots(), most))
                    .put("closed_until", closed));
        }
    }

    private static ObjectNode level(Limited limited, Level level, Instant now) {
        boolean budget = level.window().budget();
        return line(limited, level.window().name(), level.used(), level.limit())
                .put("per", per(level.window()))
                .put("unit", level.window().points() ? "points" : "calls")
                .put("budget", budget)
                .put("per_hour", Math.round(level.perHour()))
                .put("ends_at", budget ? RunFacts.text(level.until()) : null)
                .put(
                        "used_up_at",
                        budget ? level.exhausted(now).map(RunFacts::text).orElse(null) : null);
    }

    /** {@code day}, {@code month}, or how long: {@code 10s}. */
    static String per(Window window) {
        return switch (window.counting()) {
            case DAY -> "day";
            case MONTH -> "month";
            default -> Durations.text(window.per());
        };
    }

    private static ObjectNode line(Limited limited, String limit, long used, long most) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("connection", limited.connection())
                .put("operation", limited.operation().isEmpty() ? null : limited.operation())
                .put("limit_name", limit)
                .put("used", used)
                .put("limit", most)
                .put("percent", most == 0 ? 0 : 100 * used / most);
    }
}
