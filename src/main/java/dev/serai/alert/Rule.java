package dev.serai.alert;

import java.time.Duration;
import java.util.List;

/**
 * When people are to be told.
 *
 * @param limit beyond it the rule holds: a number, percent, or milliseconds; 0 for a state
 * @param critical beyond it the severity is critical; null for never
 * @param window over which it is counted; zero for what is looked at as it is
 * @param hold how long it must be so before it is told
 * @param quiet how long it must be over before that is told
 * @param team whom it concerns; never a person
 * @param only flows, connections or classes it is limited to
 * @param runbook a page or an address; empty for the one of the signal or class
 */
public record Rule(
        String name,
        Signal signal,
        double limit,
        Double critical,
        Duration window,
        Duration hold,
        Duration quiet,
        Severity severity,
        String team,
        Only only,
        String runbook,
        boolean on) {

    /** Empty lists limit nothing. */
    public record Only(List<String> flows, List<String> connections, List<String> classes) {
        boolean takes(String flow, String connection, String errorClass) {
            return fits(flows, flow) && fits(connections, connection) && fits(classes, errorClass);
        }

        private static boolean fits(List<String> wanted, String value) {
            return wanted.isEmpty() || wanted.contains(value);
        }
    }

    boolean holds(double value) {
        return signal.below() ? value < limit : value > limit;
    }

    Severity severityOf(double value) {
        boolean beyond = critical != null && (signal.below() ? value < critical : value > critical);
        return beyond ? Severity.CRITICAL : severity;
    }
}
