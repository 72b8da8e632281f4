package dev.serai.connector;

import dev.serai.file.Template;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a stream is called with the arguments it is asked with: {@code issues:owner=acme,repo=shop}. The same stream of
 * another list has a place, a lease and a line of its own. Without arguments it is the stream's own name.
 */
final class StreamName {
    /** No longer than fits a line; of a longer one a hash stands for the rest. */
    static final int MOST = 200;

    private static final int HASH = 16;
    /** What the poll itself fills in, differently each time. */
    private static final Set<String> OWN = Set.of("cursor", "until");

    private StreamName() {}

    static String of(Listing stream, Map<String, String> arguments) {
        var counting = new TreeSet<>(stream.places());
        counting.addAll(stream.shape().names());
        counting.removeAll(OWN);
        var given = new TreeMap<>(arguments);
        given.keySet().retainAll(counting);
        if (given.isEmpty()) {
            return stream.name();
        }
        String name = given.entrySet().stream()
                .map(argument -> argument.getKey() + "=" + Urls.encode(argument.getValue()))
                .collect(Collectors.joining(",", stream.name() + ":", ""));
        return name.length() <= MOST
                ? name
                : name.substring(0, MOST - HASH - 1)
                        + "~"
                        + Template.FUNCTIONS.get("sha256").apply(name).substring(0, HASH);
    }
}
