package dev.serai.cli;

import picocli.CommandLine.Command;

@Command(name = "demo")
final class DemoCommand extends ShellCommand {
    DemoCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        return 1;
    }
}
