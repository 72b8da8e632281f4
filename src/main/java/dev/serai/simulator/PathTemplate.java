package dev.serai.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A path of a contract: {@code /lists/{list_id}/members}. A place takes one whole segment. */
final class PathTemplate {
    private final String[] segments;

    PathTemplate(String template) {
        this.segments = segments(template);
    }

    /** A path cut at its slashes, as {@link #match} takes it. */
    static String[] segments(String path) {
        return path.split("/", -1);
    }

    /** The decoded values of its places, when the path with these segments (still encoded) has this form. */
    Optional<Map<String, String>> match(String[] given) {
        if (given.length != segments.length) {
            return Optional.empty();
        }
        var values = new LinkedHashMap<String, String>();
        for (int i = 0; i < given.length; i++) {
            if (isPlace(segments[i]) && !given[i].isEmpty()) {
                values.put(segments[i].substring(1, segments[i].length() - 1), decode(given[i]));
            } else if (!segments[i].equals(given[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }

    /** Of two forms that match one path, the one with fewer places is meant. */
    long places() {
        return java.util.Arrays.stream(segments).filter(PathTemplate::isPlace).count();
    }

    private static boolean isPlace(String segment) {
        return segment.startsWith("{");
    }

    private static String decode(String segment) {
        try {
            // in a path, unlike in a form, a plus sign is a plus sign
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refusal("malformed", "the path is not percent-encoded properly");
        }
    }

    @Override
    public String toString() {
        return String.join("/", segments);
    }
}
