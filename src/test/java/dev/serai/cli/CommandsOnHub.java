package dev.serai.cli;

import java.util.List;
import java.util.Map;

/** Runs commands beside a hub, for tests of other rooms. */
public final class CommandsOnHub {
    private CommandsOnHub() {}

    /** @param code with which it ended @param said what it printed, faults included */
    public record Ran(int code, String said) {}

    public static Ran run(Map<String, String> settings, List<String> words) {
        Called called = Called.serai(settings, words.toArray(String[]::new));
        return new Ran(called.code(), called.out() + called.err());
    }
}
