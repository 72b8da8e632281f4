package dev.serai.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/** The real command line, asked without running anything. */
public final class CommandLines {
    private CommandLines() {}

    /** What is wrong with the words after {@code serai}; empty when they are taken. */
    public static Optional<String> complaint(List<String> words) {
        try {
            line().parseArgs(words.toArray(String[]::new));
            return Optional.empty();
        } catch (CommandLine.ParameterException | WrongUse e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    static CommandLine line() {
        var nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return Cli.line(new Shell(new ByteArrayInputStream(new byte[0]), nowhere, nowhere));
    }
}
