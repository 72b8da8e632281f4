package dev.serai.facts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** The pages of {@code docs/runbooks}, as they are in the jar. */
public final class Runbooks {
    private static final Pattern NAME = Pattern.compile("[a-z-]{1,40}");

    private Runbooks() {}

    /** The Markdown of a page: {@code validation}, {@code lag}. */
    public static Optional<String> read(String name) {
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        try (InputStream in = Runbooks.class.getResourceAsStream("/runbooks/" + name + ".md")) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the console shows it. */
    public static String address(String name) {
        return "/runbooks/" + name;
    }
}
