package dev.serai.cli;

/** Tells a person who looks on how far long work has come; says nothing to a script. */
final class Progress {
    private final Shell shell;
    private boolean told;

    Progress(Shell shell) {
        this.shell = shell;
    }

    void tell(long soFar, long all) {
        if (shell.terminal() && soFar < all) {
            shell.err().print("\r" + soFar + " of " + all + " …");
            shell.err().flush();
            told = true;
        } else {
            end();
        }
    }

    /** What comes now has the line for itself. */
    void end() {
        if (told) {
            shell.err().print("\r" + " ".repeat(40) + "\r");
            told = false;
        }
    }
}
