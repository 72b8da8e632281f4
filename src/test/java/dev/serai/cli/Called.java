package dev.serai.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a call of the command line gave. */
record Called(int code, String out, String err) {

    static Called serai(String... args) {
        return seraiWith("", args);
    }

    static Called seraiWith(String input, String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int code = Cli.execute(
                new Shell(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), print(out), print(err)),
                args);
        return new Called(code, text(out), text(err));
    }

    /** With these settings as flags, by their names. */
    static Called serai(Map<String, String> settings, String... args) {
        var all = new ArrayList<>(List.of(args));
        settings.forEach((name, value) -> all.addAll(List.of("--set", name + "=" + value)));
        return serai(all.toArray(String[]::new));
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
