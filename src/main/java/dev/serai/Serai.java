package dev.serai;

import dev.serai.cli.Cli;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Starts the hub or one of its sub-commands. */
public final class Serai {
    private Serai() {}

    public static void main(String[] args) {
        // PostgreSQL's driver writes to java.util.logging; its lines belong to the others
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        System.exit(Cli.execute(System.out, System.err, args));
    }
}
