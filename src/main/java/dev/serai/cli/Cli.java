package dev.serai.cli;

import dev.serai.config.Setting;
import dev.serai.config.SettingsRefused;
import dev.serai.connector.SecretAway;
import dev.serai.file.Suggest;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The one way in: {@code serai [command] [flags]}. Exit codes: 0 fine; 1 something was found or failed; 2 the command or
 * a setting is wrong; 3 the hub, or its database, could not be asked.
 */
public final class Cli {
    static final int FINE = 0;
    static final int FOUND = 1;
    static final int WRONG_USAGE = 2;
    static final int NOT_ASKED = 3;

    private Cli() {}

    /** Runs a command to its end, which for {@code run} is a signal. @return the exit code */
    public static int execute(PrintStream out, PrintStream err, String... args) {
        return execute(new Shell(System.in, out, err), args);
    }

    static int execute(Shell shell, String... args) {
        CommandLine line = bare(shell);
        shell.flags().addTo(line, Set.copyOf(Arrays.asList(args)));
        return line.execute(args);
    }

    /** All commands with their flags. */
    static CommandLine line(Shell shell) {
        CommandLine line = bare(shell);
        shell.flags().addTo(line);
        return line;
    }

    /** All commands without the flags that are settings. */
    private static CommandLine bare(Shell shell) {
        var line = new CommandLine(new SeraiCommand(shell), factory(shell));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(shell.colours() ? Ansi.ON : Ansi.OFF));
        line.setOut(shell.writer(shell.out())).setErr(shell.writer(shell.err()));
        line.setUsageHelpWidth(100);
        line.setParameterExceptionHandler((e, given) -> wrongUsage(shell, e));
        line.setExecutionExceptionHandler((e, command, result) -> failed(shell, e));
        line.setExecutionStrategy(parsed -> {
            refuseHub(shell, parsed);
            return new CommandLine.RunLast().execute(parsed);
        });
        return line;
    }

    /** Commands are made with the shell they work in; everything else as picocli does it. */
    private static IFactory factory(Shell shell) {
        return new IFactory() {
            @Override
            public <K> K create(Class<K> type) throws Exception {
                return ShellCommand.class.isAssignableFrom(type)
                        ? type.getDeclaredConstructor(Shell.class).newInstance(shell)
                        : CommandLine.defaultFactory().create(type);
            }
        };
    }

    /** Who names a hub elsewhere must not be told of this machine. */
    private static void refuseHub(Shell shell, ParseResult parsed) {
        CommandLine command =
                parsed.asCommandLineList().get(parsed.asCommandLineList().size() - 1);
        boolean local = !(command.getCommand() instanceof HubCommand);
        if (local && shell.flags().isGiven(Setting.HUB)) {
            throw new ParameterException(
                    command,
                    command.getCommandSpec().qualifiedName() + " works on this machine alone, and takes no "
                            + SettingFlags.flagOf(Setting.HUB));
        }
    }

    private static int wrongUsage(Shell shell, ParameterException e) {
        CommandLine command = e.getCommandLine();
        String what = e.getMessage();
        if (e instanceof UnmatchedArgumentException unknown
                && !unknown.getUnmatched().isEmpty()) {
            what = unknown(command, unknown.getUnmatched().get(0));
        }
        shell.err().println(what);
        shell.err().println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        return WRONG_USAGE;
    }

    private static String unknown(CommandLine command, String given) {
        if (given.startsWith("-")) {
            String flag = given.replaceFirst("=.*", "");
            return Suggest.nearest(flag, command.getCommandSpec().optionsMap().keySet())
                    .map(near -> "No such flag: " + flag + "; did you mean " + near + "?")
                    .orElse("No such flag: " + flag);
        }
        List<String> commands = new ArrayList<>(command.getSubcommands().keySet());
        return commands.isEmpty()
                ? "Not expected: " + given
                : "No such command: " + given + "; " + Suggest.hint(given, commands);
    }

    /** A person's mistake is one message; the stack trace is there for whoever asks. */
    private static int failed(Shell shell, Exception e) {
        if (shell.verbose()) {
            e.printStackTrace(shell.err());
        } else {
            shell.err().println(e.getMessage() == null ? e.toString() : e.getMessage());
            if (unexpected(e)) {
                shell.err().println("That was not expected. Add --verbose to see where it happened.");
            }
        }
        if (e instanceof HubProblem problem) {
            if (problem.isUnknown()) {
                shell.err().println("Whether it was done is not known: look before you write the command again.");
            }
            return problem.exit();
        }
        return e instanceof SettingsRefused || e instanceof SecretAway || e instanceof WrongUse ? WRONG_USAGE : FOUND;
    }

    private static boolean unexpected(Exception e) {
        return e instanceof NullPointerException
                || e instanceof ClassCastException
                || e instanceof IndexOutOfBoundsException;
    }
}
