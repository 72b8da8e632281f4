package dev.serai.cli;

import java.io.PrintStream;
import java.util.concurrent.Callable;

/** A command and the shell it works in. */
abstract class ShellCommand implements Callable<Integer> {
    private final Shell shell;

    ShellCommand(Shell shell) {
        this.shell = shell;
    }

    final Shell shell() {
        return shell;
    }

    final PrintStream out() {
        return shell.out();
    }
}
