package dev.serai.connector;

import java.util.Optional;
import java.util.regex.Pattern;

/** The header {@code Link} of RFC 8288: {@code <https://x.example/p?page=2>; rel="next", <...>; rel="last"}. */
final class Links {
    private static final Pattern LINK =
            Pattern.compile("<([^<>]*)>((?:\\s*;\\s*[\\w*]+\\s*=\\s*(?:\"[^\"]*\"|[^\",;\\s]+))*)");
    private static final Pattern NEXT = Pattern.compile(
            ";\\s*rel\\s*=\\s*(?:\"(?:[^\"]*\\s)?next(?:\\s[^\"]*)?\"|next)(?=\\s*(?:;|$))", Pattern.CASE_INSENSITIVE);
    private static final int LONGEST = 16_000;

    private Links() {}

    /** The address of the next page. */
    static Optional<String> next(String header) {
        if (header.length() > LONGEST) {
            return Optional.empty();
        }
        return LINK.matcher(header)
                .results()
                .filter(link -> NEXT.matcher(link.group(2)).find())
                .map(link -> link.group(1))
                .findFirst();
    }
}
