package dev.serai.cli;

import dev.serai.Tuning;
import dev.serai.config.Settings;
import dev.serai.connector.Connector;
import dev.serai.connector.Quota;
import dev.serai.library.Library;
import dev.serai.run.Bucket.Level;
import dev.serai.run.Window;
import dev.serai.store.Buckets;
import dev.serai.store.Buckets.Limited;
import dev.serai.store.Buckets.Stand;
import dev.serai.store.Buckets.Stands;
import dev.serai.store.Database;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is used of the limits of all connections, and when that is all. */
final class QuotaTable {
    private final Table table = new Table("connection", "limit", "used", "of it", "of late", "used up");
    private boolean empty = true;

    private QuotaTable() {}

    static QuotaTable of(Database database, Library library, Settings settings) throws SQLException {
        Stands stands = new Buckets(database.dataSource(), Tuning.thresholds(settings)).stands();
        var result = new QuotaTable();
        for (Connector connector : new TreeMap<>(library.connectors()).values()) {
            result.add(
                    stands,
                    new Limited(connector.name(), ""),
                    connector.quotas().all());
            for (Map.Entry<String, ?> operation : connector.operations().entrySet()) {
                String name = operation.getKey();
                result.add(
                        stands,
                        new Limited(connector.name(), name),
                        connector.quotas().of(name));
            }
        }
        return result;
    }

    private void add(Stands stands, Limited limited, Quota quota) {
        Optional<Stand> known = quota.allowed().unlimited() ? Optional.empty() : stands.of(limited, quota.allowed());
        if (known.isEmpty()) {
            return;
        }
        empty = false;
        Stand stand = known.get();
        String closed = stand.closedUntil().isAfter(stand.now())
                ? "It said \"too many\": nothing is sent before " + Words.time(stand.closedUntil()) + "."
                : "";
        for (Level level : stand.levels()) {
            table.noted(
                    closed,
                    limited.name(),
                    limit(level.window(), level.limit()),
                    ForecastCommand.number(level.used()),
                    100 * level.used() / level.limit() + " %",
                    ForecastCommand.number(Math.round(level.perHour())) + "/h",
                    end(level, stand.now()));
        }
        if (quota.allowed().concurrent() > 0) {
            table.row(
                    limited.name(),
                    quota.allowed().concurrent() + " at the same time",
                    "" + stand.slots(),
                    100 * stand.slots() / quota.allowed().concurrent() + " %",
                    "-",
                    "-");
        }
    }

    private static String end(Level level, Instant now) {
        if (!level.window().budget()) {
            return "-";
        }
        return level.exhausted(now).map(Words::time).orElse("not before " + Words.time(level.until()));
    }

    /** {@code 650,000 a day}. */
    static String limit(Window window, long limit) {
        String per =
                switch (window.counting()) {
                    case DAY -> " a day";
                    case MONTH -> " a month";
                    default -> " in " + span(window.per().toMillis());
                };
        return ForecastCommand.number(limit) + (window.points() ? " points" : "") + per;
    }

    private static String span(long millis) {
        return millis % 3_600_000 == 0
                ? millis / 3_600_000 + " h"
                : millis % 60_000 == 0
                        ? millis / 60_000 + " min"
                        : millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }

    boolean isEmpty() {
        return empty;
    }

    void print(PrintStream out, Paint paint) {
        if (empty) {
            out.println("Nothing has been called yet that has a limit.");
        } else {
            table.print(out, paint);
        }
    }
}
