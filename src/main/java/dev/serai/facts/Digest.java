package dev.serai.facts;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.alert.Measures;
import dev.serai.alert.Measures.Counted;
import dev.serai.alert.Measures.Pattern;
import dev.serai.alert.Measures.Span;
import dev.serai.store.AlertBook.Entry;
import dev.serai.store.AlertDesk;
import dev.serai.store.AlertSights;
import dev.serai.store.ApiTokens.Token;
import dev.serai.store.Audit;
import dev.serai.store.Tallies;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report of a week: what ran, what broke, what is slow, what ends soon, and who looked. No personal data of records. */
public record Digest(
        Instant from,
        Instant to,
        List<FlowWeek> flows,
        List<Pattern> dead,
        List<Entry> open,
        long overInTheWeek,
        List<Token> used,
        Map<String, Long> deeds) {
    /** Milliseconds from arrival to end, of all runs that are done. */
    private static final Counted TIMES = new Counted("delivery_ms", "");

    private static final Duration WEEK = Duration.ofDays(7);
    private static final int MOST = 10;
    private static final int MOST_ALERTS = 500;

    /** @param slow milliseconds from arrival to end, on average */
    public record FlowWeek(String flow, long done, long dead, long slow) {
        double ratio() {
            return done + dead == 0 ? 100 : 100.0 * done / (done + dead);
        }
    }

    /** Where it is read from. */
    public record Sources(
            Tallies tallies, AlertSights sights, AlertDesk desk, dev.serai.store.ApiTokens tokens, Audit audit) {
        public static Sources of(javax.sql.DataSource database) {
            return new Sources(
                    new Tallies(database),
                    new AlertSights(database),
                    new AlertDesk(database),
                    new dev.serai.store.ApiTokens(database, java.time.InstantSource.system()),
                    new Audit(database));
        }
    }

    /** Of the seven days that end then; counts are by whole hours. */
    public static Digest read(Sources sources, Instant until) throws SQLException {
        Instant to = until.truncatedTo(ChronoUnit.HOURS).plus(Duration.ofHours(1));
        Instant from = to.minus(WEEK);
        Map<String, Long> done = sources.tallies.hours(new Span(Measures.DONE, from, to));
        Map<String, Long> dead = sources.tallies.hours(new Span(Measures.DEAD, from, to));
        Map<String, Long> slow = sources.tallies.hours(new Span(TIMES, from, to));
        var names = new java.util.TreeSet<>(done.keySet());
        names.addAll(dead.keySet());
        var flows = new ArrayList<FlowWeek>();
        for (String name : names) {
            long well = done.getOrDefault(name, 0L);
            flows.add(new FlowWeek(
                    name, well, dead.getOrDefault(name, 0L), well == 0 ? 0 : slow.getOrDefault(name, 0L) / well));
        }
        flows.sort(Comparator.comparing(FlowWeek::slow).reversed());
        long over = sources.desk.list(false, until.plusSeconds(60), MOST_ALERTS).stream()
                .filter(entry -> entry.alert().times().resolvedAt().isAfter(from))
                .count();
        List<Token> used = sources.tokens.all().stream()
                .filter(token -> token.usedAt() != null && token.usedAt().isAfter(from))
                .toList();
        List<Pattern> patterns = sources.sights.patterns();
        return new Digest(
                from,
                to,
                flows,
                patterns.subList(0, Math.min(MOST, patterns.size())),
                sources.desk.list(true, until.plusSeconds(60), MOST_ALERTS),
                over,
                used,
                sources.audit.deeds(from));
    }

    private long runs() {
        return flows.stream().mapToLong(flow -> flow.done + flow.dead).sum();
    }

    private long failed() {
        return flows.stream().mapToLong(FlowWeek::dead).sum();
    }

    private double ratio() {
        return runs() == 0 ? 100 : 100.0 * (runs() - failed()) / runs();
    }

    /** As events, the API and {@code serai digest --json} have it; {@code title} and {@code text} are for people. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("kind", "digest").put("from", from.toString()).put("to", to.toString());
        json.put("runs", runs()).put("dead", failed()).put("success_percent", Math.round(ratio() * 10) / 10.0);
        var flowList = json.putArray("flows");
        flows.forEach(flow -> flowList.addObject()
                .put("flow", flow.flow)
                .put("done", flow.done)
                .put("dead", flow.dead)
                .put("delivery_ms", flow.slow));
        var patterns = json.putArray("dead_letters");
        dead.forEach(one -> patterns.addObject()
                .put("flow", one.flow())
                .put("step", one.step())
                .put("reason", one.reason())
                .put("class", one.errorClass())
                .put("runs", one.runs()));
        var alerts = json.putArray("alerts");
        open.forEach(entry -> alerts.add(AlertFacts.line(entry)));
        json.put("alerts_over", overInTheWeek);
        var access = json.putArray("access");
        used.forEach(token -> access.addObject()
                .put("token", token.name())
                .put("role", token.role())
                .put("used_at", RunFacts.text(token.usedAt())));
        var byHand = json.putArray("by_hand");
        deeds.forEach((who, count) -> byHand.addObject().put("who", who).put("deeds", count));
        json.put("title", title()).put("text", text());
        return json;
    }

    private String title() {
        return "The week to %s: %d runs, %.1f %% of them well, %d alerts open"
                .formatted(to.atZone(ZoneOffset.UTC).toLocalDate(), runs(), ratio(), open.size());
    }

    /** In lines, for people. */
    public String text() {
        var text = new StringBuilder();
        line(text, "Runs: %d, %.1f %% well, %d dead letters".formatted(runs(), ratio(), failed()));
        section(
                text,
                "Slowest flows, from arrival to end:",
                flows.stream().filter(flow -> flow.done > 0).limit(5).toList(),
                flow -> "%s %.1f s (%d runs, %.1f %% well)"
                        .formatted(flow.flow, flow.slow / 1000.0, flow.done + flow.dead, flow.ratio()));
        section(
                text,
                "Dead letters now, by pattern:",
                dead,
                one -> one.runs() + " of " + one.flow() + (one.step().isEmpty() ? "" : " at " + one.step()) + ": "
                        + one.reason());
        section(
                text,
                "Alerts open now; " + overInTheWeek + " were over within the week:",
                open.stream().limit(MOST).toList(),
                entry -> entry.alert().severity().name().toLowerCase(Locale.ROOT) + ", "
                        + entry.body().path("reason").asText());
        section(
                text,
                "Who used the API or the console:",
                used,
                token -> token.name() + " (" + token.role() + "), last "
                        + token.usedAt().truncatedTo(ChronoUnit.HOURS));
        section(
                text,
                "What was done by hand:",
                List.copyOf(deeds.entrySet()),
                entry -> entry.getKey() + ": " + entry.getValue());
        return text.toString().stripTrailing();
    }

    private static <T> void section(
            StringBuilder text, String title, List<T> items, java.util.function.Function<T, String> words) {
        if (items.isEmpty()) {
            return;
        }
        line(text, "");
        line(text, title);
        items.forEach(item -> line(text, "- " + words.apply(item)));
    }

    private static void line(StringBuilder text, String words) {
        text.append(String.format(Locale.ROOT, "%s", words)).append('\n');
    }
}
