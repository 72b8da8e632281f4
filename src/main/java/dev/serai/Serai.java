package dev.serai;

import dev.serai.cli.Cli;

/** Starts the hub or one of its sub-commands. */
public final class Serai {
    private Serai() {}

    public static void main(String[] args) {
        System.exit(Cli.execute(System.out, System.err, args));
    }
}
