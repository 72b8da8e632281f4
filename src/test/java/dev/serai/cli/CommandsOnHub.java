package dev.serai.cli;

import java.util.List;
import java.util.Map;

/** Runs commands beside a hub, for tests of other rooms. */
public final class CommandsOnHub {
    private CommandsOnHub() {}

    /** @return the exit code */
    public static int run(Map<String, String> settings, List<String> words) {
        return Called.serai(settings, words.toArray(String[]::new)).code();
    }
}
