package dev.serai.alert;

import static dev.serai.alert.Finding.about;

import dev.serai.alert.Measures.Open;
import dev.serai.alert.Measures.Pattern;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Holds the rules against what was measured. States are not among it: they are told where they begin. */
public final class Look {
    /** Patterns that get an alert of their own; what is beyond is one alert of its flow. */
    static final int MOST_PATTERNS = 20;

    /** Fewer runs than that make no ratio. */
    private static final long FEWEST_RUNS = 20;

    /** Fewer events or requests than that make no rate. */
    static final long FEWEST_EVENTS = 100;

    private final Measures seen;
    private final List<Finding> found = new ArrayList<>();
    /** Of which an alert tells. */
    private final Set<Pattern> explained = new LinkedHashSet<>();

    private final Set<String> lasting;

    private Look(Measures seen, Set<String> lasting) {
        this.seen = seen;
        this.lasting = lasting;
    }

    /** What holds now. @param lasting keys of the alerts that are not over */
    public static List<Finding> at(Measures seen, Rules rules, Set<String> lasting) {
        var look = new Look(seen, lasting);
        rules.on().stream()
                .filter(rule -> rule.signal() == Signal.REPEATED_PATTERN)
                .forEach(look::patterns);
        rules.on().stream()
                .filter(rule -> rule.signal() != Signal.REPEATED_PATTERN)
                .forEach(look::rule);
        return look.found;
    }

    private void rule(Rule rule) {
        switch (rule.signal()) {
            case DEAD_LETTERS -> runs(rule, "dead", "%d runs of %s are dead letters");
            case IN_DOUBT -> runs(rule, "in_doubt", "of %d runs of %s nobody knows whether a write was done");
            case QUEUE_DEPTH -> runs(rule, "waiting", "%d runs of %s wait");
            case DEAD_LETTER_GROWTH -> growth(rule);
            case SUCCESS_RATIO -> successRatio(rule);
            case CONNECTION_FAILING -> failing(rule);
            case LAG -> lag(rule);
            case RATE_DROP, RATE_RISE -> rate(rule);
            case REQUESTS_REFUSED -> found.addAll(new Refusals(rule, seen, lasting).findings());
            case RECORDS_UNREADABLE -> unreadable(rule);
            case CAPACITY -> hub(rule, seen.levels().capacity(), "hubs hold %.0f %% of the runs they may hold at once");
            case DISK -> hub(rule, seen.levels().disk(), "history takes %.0f %% of serai.history.disk-gb");
            case INTAKE_LATENCY -> intakeLatency(rule);
            default -> {}
        }
    }

    private void patterns(Rule rule) {
        List<Pattern> taken = seen.patterns().stream()
                .filter(pattern -> rule.holds(pattern.runs())
                        && rule.only().takes(pattern.flow(), pattern.connection(), pattern.errorClass()))
                .toList();
        explained.addAll(taken);
        List<Finding> all = taken.stream().map(pattern -> alike(rule, pattern)).toList();
        // what people know keeps its place: an end is told of what has ended, not of what others have overtaken
        long room = MOST_PATTERNS - all.stream().filter(this::lasts).count();
        var others = new TreeMap<String, Long>();
        for (Finding one : all) {
            if (lasts(one) || room-- > 0) {
                found.add(one);
            } else {
                others.merge(one.about().get("flow"), one.count(), Long::sum);
            }
        }
        others.forEach((flow, runs) ->
                flow(rule, flow, runs, runs, count(runs, "run") + " of " + flow + " failed in other ways"));
    }

    private boolean lasts(Finding one) {
        return lasting.contains(one.key());
    }

    private static Finding alike(Rule rule, Pattern pattern) {
        String at = pattern.step().isEmpty() ? "" : " at " + pattern.step();
        var finding = new Finding(
                rule,
                pattern.flow() + " " + pattern.step() + " " + pattern.reason(),
                rule.severityOf(pattern.runs()),
                pattern.runs(),
                about(
                        "flow", pattern.flow(),
                        "step", pattern.step(),
                        "connection", pattern.connection(),
                        "class", pattern.errorClass(),
                        "pattern", pattern.reason(),
                        "newest", pattern.newest(),
                        "reason",
                                count(pattern.runs(), "run") + " of " + pattern.flow() + " failed alike" + at + ": "
                                        + pattern.reason()),
                pattern.blast(),
                pattern.own());
        return finding.holdingUp(pattern.blast().held());
    }

    /** Dead letters of a flow that came since then and of which an alert tells. */
    private long explained(String flow, Instant since) {
        return explained.stream()
                .filter(pattern -> pattern.flow().equals(flow))
                .mapToLong(pattern -> pattern.diedSince(since))
                .sum();
    }

    private static String count(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    private void flow(Rule rule, String flow, double value, long count, String reason) {
        if (rule.holds(value) && rule.only().takes(flow, "", "")) {
            boolean own = seen.ownFlows().contains(flow);
            var finding = new Finding(
                    rule, flow, rule.severityOf(value), count, about("flow", flow, "reason", reason), null, own);
            found.add(finding.holdingUp(waiting(flow)));
        }
    }

    private void runs(Rule rule, String state, String words) {
        for (Open open : seen.open()) {
            if (open.state().equals(state)) {
                flow(rule, open.flow(), open.runs(), open.runs(), words.formatted(open.runs(), open.flow()));
            }
        }
    }

    private void growth(Rule rule) {
        Instant since = Measures.start(rule.window(), seen.now());
        seen.growth().getOrDefault(rule.window(), Map.of()).forEach((flow, dead) -> {
            long fresh = Math.max(0, dead - explained(flow, since));
            flow(
                    rule,
                    flow,
                    fresh,
                    fresh,
                    count(fresh, "dead letter") + " of " + flow + " more within " + span(rule.window()));
        });
    }

    private void successRatio(Rule rule) {
        Map<String, Long> done = seen.sum(Measures.span(Measures.DONE, rule.window(), seen.now()));
        Map<String, Long> dead = seen.sum(Measures.span(Measures.DEAD, rule.window(), seen.now()));
        // a hub counts a second or two after the run has ended, perhaps in the next minute
        Instant since = Measures.start(rule.window(), seen.now()).minus(Duration.ofMinutes(1));
        dead.forEach((flow, failed) -> {
            long others = Math.max(0, failed - explained(flow, since));
            long all = done.getOrDefault(flow, 0L) + others;
            if (all >= FEWEST_RUNS) {
                double ratio = 100.0 * (all - others) / all;
                flow(
                        rule,
                        flow,
                        ratio,
                        others,
                        "%.1f %% of %d runs of %s ended well within %s"
                                .formatted(ratio, all, flow, span(rule.window())));
            }
        });
    }

    private void failing(Rule rule) {
        for (Measures.Failing one : seen.failing()) {
            double so = Duration.between(one.since(), seen.now()).toMillis();
            if (rule.holds(so) && rule.only().takes("", one.connection(), "")) {
                String reason = one.connection() + " has failed since "
                        + one.since().truncatedTo(ChronoUnit.SECONDS) + ": " + one.reason();
                found.add(new Finding(
                        rule,
                        one.connection(),
                        rule.severityOf(so),
                        1,
                        about("connection", one.connection(), "reason", reason),
                        null,
                        false));
            }
        }
    }

    private void lag(Rule rule) {
        for (Open open : seen.open()) {
            if (open.late() != null) {
                long late =
                        Math.max(0, Duration.between(open.late(), seen.now()).toMillis());
                flow(
                        rule,
                        open.flow(),
                        late,
                        late,
                        "the first run of " + open.flow() + " that could begin has been waiting for "
                                + span(Duration.ofMillis(late)));
            }
        }
    }

    /** Against both windows, so that neither the evening nor the day after a campaign is an alarm. */
    private void rate(Rule rule) {
        Map<String, Long> now = events(rule, seen.now());
        Map<String, Long> before = events(rule, seen.now().minus(rule.window()));
        Map<String, Long> yesterday = events(rule, seen.now().minus(Duration.ofDays(1)));
        var names = new TreeSet<>(before.keySet());
        names.addAll(now.keySet());
        lasting.stream()
                .filter(key -> rule.signal() == Signal.RATE_DROP && key.startsWith(rule.name() + " "))
                .forEach(key -> names.add(key.substring(rule.name().length() + 1)));
        for (String name : names) {
            if (rule.only().takes("", name, "")) {
                long has = now.getOrDefault(name, 0L);
                var rate = new Rate(rule, name, has, before.getOrDefault(name, 0L), yesterday.get(name));
                rate.finding(lasting).ifPresent(found::add);
            }
        }
    }

    private Map<String, Long> events(Rule rule, Instant until) {
        return seen.sum(Measures.span(Measures.EVENTS, rule.window(), until));
    }

    private void unreadable(Rule rule) {
        seen.sum(Measures.span(Measures.UNREADABLE, rule.window(), seen.now())).forEach((name, records) -> {
            if (rule.holds(records) && rule.only().takes("", name, "")) {
                String reason = count(records, "record") + " of streams of " + name + " could not be read within "
                        + span(rule.window());
                found.add(new Finding(
                        rule,
                        name,
                        rule.severityOf(records),
                        records,
                        about("connection", name, "reason", reason),
                        null,
                        false));
            }
        });
    }

    private void hub(Rule rule, double percent, String words) {
        if (rule.holds(percent)) {
            var finding = new Finding(
                    rule,
                    "hub",
                    rule.severityOf(percent),
                    Math.round(percent),
                    about("reason", words.formatted(percent)),
                    null,
                    false);
            found.add(finding.holdingUp(waiting("")));
        }
    }

    /** @param flow empty for all */
    private long waiting(String flow) {
        return seen.open().stream()
                .filter(open -> open.state().equals("waiting")
                        && (flow.isEmpty() || open.flow().equals(flow)))
                .mapToLong(Open::runs)
                .sum();
    }

    private void intakeLatency(Rule rule) {
        long all = total(seen.sum(Measures.span(Measures.REQUESTS, rule.window(), seen.now())));
        long slow = total(seen.sum(Measures.span(Measures.SLOW, rule.window(), seen.now())));
        if (all >= FEWEST_EVENTS) {
            hub(
                    rule,
                    100.0 * slow / all,
                    "%.1f %% of " + all + " requests within " + span(rule.window()) + " took more than 200 ms");
        }
    }

    private static long total(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** {@code 90s}, {@code 15m}, {@code 2h}. */
    static String span(Duration time) {
        if (time.toSeconds() < 120) {
            return time.toSeconds() + "s";
        }
        return time.toMinutes() < 120 ? time.toMinutes() + "m" : time.toHours() + "h";
    }
}
