package dev.serai.cli;

import dev.serai.config.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** What people hand to a command: a text file or a text, and why they do what they do. */
final class Given {
    private Given() {}

    /** The reason. @throws WrongUse without one */
    static String why(String why) {
        if (why == null || why.isBlank()) {
            throw new WrongUse(
                    "--why is missing: say what was found or mended, such as --why \"address added in the CRM\".");
        }
        return why.strip();
    }

    /** The bytes of a file, or of the input for {@code -}; as large as a door would take, and no larger. */
    static byte[] file(Shell shell, String flag, String name) {
        int most = shell.settings().number(Setting.HTTP_MAX_BODY) * 1024;
        byte[] bytes;
        try {
            if (name.equals("-")) {
                bytes = shell.in().readNBytes(most + 1);
            } else {
                Path file = Path.of(name);
                if (!Files.isRegularFile(file)) {
                    throw new WrongUse(flag + " " + name + ": there is no such file");
                }
                try (var in = Files.newInputStream(file)) {
                    bytes = in.readNBytes(most + 1);
                }
            }
        } catch (IOException | InvalidPathException e) {
            throw new WrongUse(flag + " " + name + ": can't be read: " + e.getMessage());
        }
        if (bytes.length > most) {
            throw new WrongUse(flag + " " + name + ": more than " + most / 1024 + " KiB; see serai.http.max-body-kb");
        }
        return bytes;
    }

    /** JSON as it is, when it begins like it, else the file of that name. */
    static String jsonOrFile(Shell shell, String flag, String given) {
        return given.startsWith("[") || given.startsWith("{")
                ? given
                : new String(file(shell, flag, given), StandardCharsets.UTF_8);
    }
}
