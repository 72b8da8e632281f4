package dev.serai.route;

import dev.serai.metric.Metrics;
import dev.serai.metric.Metrics.Row;
import dev.serai.store.AlertTimes;
import dev.serai.store.AlertTimes.Span;
import dev.serai.store.AlertTimes.Taken;
import dev.serai.store.Backlog.Line;
import dev.serai.store.Cursors.Position;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Tables of figures about what takes long: orders, jobs of vendors, polls, and people. All hubs tell the same. */
final class ProgressFigures {
    private final Metrics metrics;

    ProgressFigures(Metrics metrics) {
        this.metrics = metrics;
    }

    /** Runs that wait by design. */
    void waits(List<Line> lines, Instant now) {
        List<Line> waiting =
                lines.stream().filter(line -> line.state().equals("waiting")).toList();
        metrics.table(
                "serai.runs.paced",
                "Runs of orders by hand, resumed or replayed at a pace, whose turn is yet to come",
                ofFlows(waiting, line -> line.paced()));
        metrics.table(
                "serai.runs.paced.last.seconds",
                "In how long the last of them has its turn",
                ofFlows(waiting, line -> ahead(now, line.pacedUntil())));
        metrics.table(
                "serai.runs.accepted",
                "Runs that wait for a job that a remote has accepted and not done yet",
                ofFlows(waiting, line -> line.accepted()));
    }

    private static double ahead(Instant now, Instant until) {
        return until == null ? 0 : Math.max(0, Duration.between(now, until).toMillis() / 1000.0);
    }

    private static List<Row> ofFlows(List<Line> lines, ToDoubleFunction<Line> value) {
        return lines.stream()
                .map(line -> new Row(Map.of("flow", line.flow()), value.applyAsDouble(line)))
                .toList();
    }

    /** How far polled streams were read; what has no time as its position tells by its records alone. */
    void streams(List<Position> positions) {
        var asked = new ArrayList<Row>();
        var until = new ArrayList<Row>();
        for (Position position : positions) {
            var labels = Map.of("connection", position.connection(), "stream", position.stream());
            if (position.polledAt() != null) {
                asked.add(new Row(labels, position.polledAt().getEpochSecond()));
            }
            Instant at = time(position.value());
            if (at != null) {
                until.add(new Row(labels, at.getEpochSecond()));
            }
        }
        metrics.table("serai.stream.asked.timestamp.seconds", "When a page of a polled stream was read last", asked);
        metrics.table(
                "serai.stream.read.until.timestamp.seconds",
                "Up to which time of its records a polled stream was read",
                until);
    }

    private static Instant time(String cursor) {
        try {
            return Instant.parse(cursor);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** How long people took, within {@link AlertTimes#LATELY}. */
    void alerts(List<Taken> taken) {
        metrics.table("serai.alerts.open", "Alerts that were told and are not over", rows(taken, Taken::open));
        metrics.table(
                "serai.alert.unanswered.seconds",
                "How long the first of them that nobody has answered has been waiting",
                rows(taken, Taken::unanswered));
        metrics.table(
                "serai.alerts.answered",
                "Alerts of the last seven days that somebody acknowledged or silenced",
                rows(taken, each -> each.response().of()));
        metrics.table(
                "serai.alerts.over",
                "Alerts that were over within the last seven days",
                rows(taken, each -> each.resolution().of()));
        metrics.table(
                "serai.alert.response.seconds",
                "From the first telling until somebody acknowledged or silenced it, within the last seven days",
                quantiles(taken, Taken::response));
        metrics.table(
                "serai.alert.resolution.seconds",
                "From the first telling until it was over, within the last seven days",
                quantiles(taken, Taken::resolution));
    }

    private static List<Row> rows(List<Taken> taken, ToDoubleFunction<Taken> value) {
        return taken.stream()
                .map(each -> new Row(labels(each), value.applyAsDouble(each)))
                .toList();
    }

    private static List<Row> quantiles(List<Taken> taken, Function<Taken, Span> span) {
        var rows = new ArrayList<Row>();
        for (Taken each : taken) {
            if (span.apply(each).of() > 0) {
                rows.add(quantile(each, "0.5", span.apply(each).half()));
                rows.add(quantile(each, "0.9", span.apply(each).most()));
            }
        }
        return rows;
    }

    private static Row quantile(Taken taken, String quantile, double seconds) {
        var labels = new HashMap<>(labels(taken));
        labels.put("quantile", quantile);
        return new Row(labels, seconds);
    }

    private static Map<String, String> labels(Taken taken) {
        return Map.of("rule", taken.rule(), "severity", taken.severity());
    }
}
