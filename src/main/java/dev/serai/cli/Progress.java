package dev.serai.cli;

import java.util.function.LongConsumer;

/** Tells a person who looks on how far long work has come; says nothing to a script. */
final class Progress implements LongConsumer {
    private final Shell shell;
    private final long all;
    private boolean told;

    Progress(Shell shell, long all) {
        this.shell = shell;
        this.all = all;
    }

    @Override
    public void accept(long soFar) {
        if (shell.terminal() && soFar < all) {
            shell.err().print("\r" + soFar + " of " + all + " …");
            shell.err().flush();
            told = true;
        } else if (told) {
            shell.err().print("\r" + " ".repeat(40) + "\r");
            told = false;
        }
    }
}
