package dev.serai.alert;

import static dev.serai.alert.Finding.about;

import java.util.Optional;
import java.util.Set;

/**
 * How much a source sends, beside what it sent before.
 *
 * @param has events within the window
 * @param had those of the window before
 * @param dayBefore those of the same window a day before; null when none is known of
 */
record Rate(Rule rule, String source, long has, long had, Long dayBefore) {

    Optional<Finding> finding(Set<String> lasting) {
        double percent = dayBefore == null ? change(had) : Math.min(change(had), change(dayBefore));
        boolean enough = Math.max(had, has) >= Look.FEWEST_EVENTS && had > 0;
        if (enough && rule.holds(percent)) {
            return Optional.of(finding(percent, had, ": " + has + " after " + had));
        }
        boolean low = rule.signal() == Signal.RATE_DROP && lasting.contains(rule.name() + " " + source);
        return low ? stillLow() : Optional.empty();
    }

    /**
     * The window before has become part of the trouble. So the day before says whether it lasts; where that says nothing, it
     * does until something comes.
     */
    private Optional<Finding> stillLow() {
        if (dayBefore != null && dayBefore >= Look.FEWEST_EVENTS) {
            double percent = change(dayBefore);
            return rule.holds(percent)
                    ? Optional.of(finding(percent, dayBefore, ": " + has + " after " + dayBefore + " a day before"))
                    : Optional.empty();
        }
        return has == 0 ? Optional.of(finding(100, had, ": none")) : Optional.empty();
    }

    /** In percent; 0 when nothing was there. */
    private double change(long before) {
        long more = rule.signal() == Signal.RATE_DROP ? before - has : has - before;
        return before == 0 ? 0 : 100.0 * more / before;
    }

    private Finding finding(double percent, long before, String counts) {
        boolean drop = rule.signal() == Signal.RATE_DROP;
        String reason = source
                + " sent %.0f %% %s events within %s"
                        .formatted(percent, drop ? "fewer" : "more", Look.span(rule.window()))
                + counts;
        // of a drop what is missing, so that it is worse when it is more
        long count = drop ? Math.max(0, before - has) : has;
        return new Finding(
                rule,
                source,
                rule.severityOf(percent),
                count,
                about("connection", source, "reason", reason),
                null,
                false);
    }
}
