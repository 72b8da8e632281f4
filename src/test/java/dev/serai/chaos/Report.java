package dev.serai.chaos;

import dev.serai.chaos.Checker.Findings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The outcome of a chaos run. */
record Report(Evidence evidence, Findings findings, Harm harm) {

    /**
     * What was done to them.
     *
     * @param kills of hubs
     * @param strikes at the database
     * @param freezes of hubs for longer than a lease
     */
    record Harm(int kills, int strikes, int freezes) {}

    boolean clean() {
        return findings.all().isEmpty();
    }

    /** A line per figure, then a line per violation. */
    @Override
    public String toString() {
        var figures = new LinkedHashMap<String, Long>();
        figures.put("events acknowledged", (long) evidence.acknowledged().size());
        figures.put("hubs killed", (long) harm.kills);
        figures.put("databases struck", (long) harm.strikes);
        figures.put("hubs frozen", (long) harm.freezes);
        figures.put("requests to the vendor", (long) evidence.requests().size());
        figures.put("effects", effects());
        figures.put("repeats of an effect", works() - effects());
        figures.put("runs done", runs("done"));
        figures.put("runs dead", runs("dead"));
        figures.put("runs in doubt", runs("in_doubt"));
        figures.put("lost", (long) findings.lost().size());
        figures.put("out of order", (long) findings.disordered().size());
        figures.put("doubled", (long) findings.doubled().size());
        figures.put("never at rest", (long) findings.restless().size());
        String table = figures.entrySet().stream()
                .map(figure -> "%-24s%8d".formatted(figure.getKey(), figure.getValue()))
                .collect(Collectors.joining("\n"));
        return table + "\n" + reasons() + String.join("\n", findings.all());
    }

    private long works() {
        return evidence.requests().stream().filter(r -> r.reaction().works()).count();
    }

    private long effects() {
        return evidence.requests().stream()
                .filter(r -> r.reaction().works())
                .map(r -> r.event() + " " + r.collection())
                .distinct()
                .count();
    }

    private long runs(String state) {
        return evidence.runs().stream().filter(r -> r.state().equals(state)).count();
    }

    private String reasons() {
        Map<String, Long> reasons = evidence.runs().stream()
                .filter(run -> !run.state().equals("done"))
                .collect(Collectors.groupingBy(run -> run.state() + ": " + run.reason(), Collectors.counting()));
        return reasons.entrySet().stream()
                .map(reason -> "  %d %s%n".formatted(reason.getValue(), reason.getKey()))
                .collect(Collectors.joining());
    }
}
