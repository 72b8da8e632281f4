package dev.serai.cli;

import picocli.CommandLine.Command;

@Command(name = "version", description = "Show the versions of Serai, Camel and Java.")
final class VersionCommand extends ShellCommand {
    VersionCommand(Shell shell) {
        super(shell);
    }

    @Override
    public Integer call() {
        out().println("serai " + of(dev.serai.Serai.class) + ", Camel " + of(org.apache.camel.CamelContext.class)
                + ", Java " + Runtime.version());
        return Cli.FINE;
    }

    /** From the manifest of the jar a class comes from; classes in a folder have none. */
    private static String of(Class<?> type) {
        String version = type.getPackage().getImplementationVersion();
        return version == null ? "(not from a jar)" : version;
    }
}
