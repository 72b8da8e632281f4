package dev.serai.alert;

import static dev.serai.alert.Finding.about;

import dev.serai.run.Admission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Sources whose requests are refused: vendors give up after a while, and some switch the webhook off. */
final class Refusals {
    private final Rule rule;
    private final Measures seen;
    private final Set<String> lasting;

    Refusals(Rule rule, Measures seen, Set<String> lasting) {
        this.rule = rule;
        this.seen = seen;
        this.lasting = lasting;
    }

    List<Finding> findings() {
        Map<String, Requests> lately = bySource(rule.window());
        Map<String, Requests> today = bySource(Measures.DAY);
        var names = new TreeSet<>(lately.keySet());
        names.addAll(today.keySet());
        // a name that a stranger chose is nobody's
        names.remove("");
        var found = new ArrayList<Finding>();
        for (String name : names) {
            if (rule.only().takes("", name, "")) {
                finding(name, lately.getOrDefault(name, Requests.NONE), today.getOrDefault(name, Requests.NONE))
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    /** Also when the vendor has given up: until something is accepted again, or nothing has come for a day. */
    private Optional<Finding> finding(String source, Requests lately, Requests today) {
        long refused = lately.refused();
        long all = refused + lately.accepted();
        double percent = all == 0 ? 0 : 100.0 * refused / all;
        if (refused >= Measures.FEWEST_REFUSED && rule.holds(percent)) {
            String reason = refused + " of " + all + " requests of " + source + " within " + Look.span(rule.window())
                    + " were refused" + lately.mostly();
            return Optional.of(finding(source, percent, refused, reason));
        }
        boolean lasts = lasting.contains(rule.name() + " " + source);
        if (lasts && lately.accepted() == 0 && today.refused() > 0) {
            String reason = today.refused() + " requests of " + source + " were refused within a day" + today.mostly()
                    + "; none was accepted since";
            return Optional.of(finding(source, 100, today.refused(), reason));
        }
        return Optional.empty();
    }

    private Finding finding(String source, double percent, long count, String reason) {
        var told = about("connection", source, "reason", reason);
        return new Finding(rule, source, rule.severityOf(percent), count, told, null, false);
    }

    private Map<String, Requests> bySource(Duration window) {
        var sources = new HashMap<String, Requests>();
        for (Admission one : Admission.values()) {
            seen.sum(Measures.span(Measures.requests(one), window, seen.now()))
                    .forEach((source, count) -> sources.computeIfAbsent(source, name -> new Requests(new HashMap<>()))
                            .counts
                            .put(one, count));
        }
        return sources;
    }

    /** How many, by what became of them. */
    private record Requests(Map<Admission, Long> counts) {
        static final Requests NONE = new Requests(Map.of());

        long accepted() {
            return counts.getOrDefault(Admission.ACCEPTED, 0L);
        }

        long refused() {
            return counts.entrySet().stream()
                    .filter(each -> each.getKey().refusedForGood())
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }

        String mostly() {
            return counts.entrySet().stream()
                    .filter(each -> each.getKey().refusedForGood())
                    .max(Map.Entry.<Admission, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                    .map(each -> ", most of them because " + each.getKey().meaning() + " ("
                            + each.getKey().word() + ")")
                    .orElse("");
        }
    }
}
