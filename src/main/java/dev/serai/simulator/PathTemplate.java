package dev.serai.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A path of a contract: {@code /lists/{list_id}/members}, {@code /tickets/{id}.json}, {@code /contacts({id})}. A place keeps to its segment. */
final class PathTemplate {
    private static final Pattern PLACE = Pattern.compile("\\{([^{}]*)}");

    private final String template;
    private final Segment[] segments;

    /** @param form what a segment with places looks like; null where it stands as it is */
    private record Segment(String text, Pattern form, List<String> names) {
        static Segment of(String text) {
            var names = new ArrayList<String>();
            var form = new StringBuilder();
            Matcher place = PLACE.matcher(text);
            int from = 0;
            while (place.find()) {
                form.append(Pattern.quote(text.substring(from, place.start()))).append("(.+)");
                names.add(place.group(1));
                from = place.end();
            }
            form.append(Pattern.quote(text.substring(from)));
            return new Segment(text, names.isEmpty() ? null : Pattern.compile(form.toString()), names);
        }

        boolean isPlaceAlone() {
            return names.size() == 1 && text.length() == names.get(0).length() + 2;
        }
    }

    PathTemplate(String template) {
        this.template = template;
        this.segments = Arrays.stream(segments(template)).map(Segment::of).toArray(Segment[]::new);
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
            Segment segment = segments[i];
            if (segment.form == null) {
                if (!segment.text.equals(given[i])) {
                    return Optional.empty();
                }
                continue;
            }
            Matcher found = segment.form.matcher(given[i]);
            if (!found.matches()) {
                return Optional.empty();
            }
            for (int at = 0; at < segment.names.size(); at++) {
                values.put(segment.names.get(at), decode(found.group(at + 1)));
            }
        }
        return Optional.of(values);
    }

    /** Of two forms that match one path, the more open one is not meant: that with more places, or with places alone in their segment. */
    long openness() {
        return Arrays.stream(segments)
                .mapToLong(segment ->
                        2L * segment.names.size() - (segment.names.isEmpty() || segment.isPlaceAlone() ? 0 : 1))
                .sum();
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
        return template;
    }
}
