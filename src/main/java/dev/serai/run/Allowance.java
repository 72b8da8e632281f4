package dev.serai.run;

import java.time.Duration;
import java.util.List;

/**
 * What a remote allows one credential.
 *
 * @param windows each of them holds
 * @param concurrent calls at the same time; 0 for any number
 */
public record Allowance(List<Window> windows, int concurrent) {

    /**
     * How a budget is treated as it runs out, in percent of it.
     *
     * @param warnAt when people are told for the first time (N-05)
     * @param slowAt from when on what is not critical is spread over the rest of the period (N-04)
     * @param alarmAt when people are told again (N-05)
     * @param reserve what is left to critical flows
     */
    public record Thresholds(int warnAt, int slowAt, int alarmAt, int reserve) {
        public static final Thresholds USUAL = new Thresholds(75, 80, 90, 5);
    }

    /** The longest window; zero without any. */
    public Duration longest() {
        return windows.stream().map(Window::per).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** No window, no limit of calls at the same time. */
    public boolean unlimited() {
        return windows.isEmpty() && concurrent == 0;
    }
}
