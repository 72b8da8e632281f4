package dev.serai.cli;

import picocli.CommandLine.Option;

/** How long a list may be. */
final class LimitFlag {
    private static final int MOST = 10_000;

    @Option(
            names = "--limit",
            paramLabel = "NUMBER",
            defaultValue = "20",
            description = "At most so many, the newest. Default: 20.")
    private int limit;

    /** @throws WrongUse unless it is one a list can have */
    int most() {
        if (limit < 1 || limit > MOST) {
            throw new WrongUse("--limit " + limit + ": a number from 1 to " + MOST + " is needed.");
        }
        return limit;
    }
}
