package dev.serai.connector;

import dev.serai.file.Durations;
import dev.serai.file.Problems;
import dev.serai.file.Template;
import dev.serai.file.Yaml;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the small parts of a connector file. What is wrong is noted and a stand-in returned, so that the rest of the file
 * is still read; what the JSON Schema has noted already is passed over in silence.
 */
public final class FileParts {
    /** What {@link #checkVaries} says of ids. */
    public static final String ONE_EVENT = "only the first would be taken";

    /** What it says of records. */
    public static final String ONE_LANE = "one that fails would hold up all others";

    /** Headers that say how a message is sent, and not what it is: in lower case. */
    public static final Set<String> OF_THE_WIRE = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private FileParts() {}

    /** What is wrong with the name of a header that requests are to have, if anything. */
    public static Optional<String> headerProblem(String name) {
        if (!HEADER_NAME.matcher(name).matches()) {
            return Optional.of("\"" + name + "\" is not the name of a header; letters, digits and hyphens are");
        }
        return OF_THE_WIRE.contains(name.toLowerCase(Locale.ROOT))
                ? Optional.of("\"" + name + "\" says how a request is sent, which only its sender knows; remove it")
                : Optional.empty();
    }

    public static Text text(Yaml at, Problems problems) {
        return textOf(at.text(), at, problems);
    }

    /** Notes what is wrong at the place it stands. */
    static Text textOf(String source, Yaml at, Problems problems) {
        try {
            return Text.of(source);
        } catch (IllegalArgumentException e) {
            problems.add(at, e.getMessage());
            return Text.EMPTY;
        }
    }

    public static Text text(Yaml map, String key, Problems problems) {
        return map.get(key).map(at -> text(at, problems)).orElse(Text.EMPTY);
    }

    /** Text without settings, as what an event is made of has none. */
    public static Template template(Yaml map, String key, Problems problems) {
        Optional<Yaml> at = map.get(key);
        try {
            return Template.of(at.map(Yaml::text).orElse(""));
        } catch (IllegalArgumentException e) {
            problems.add(at.orElse(map), e.getMessage());
            return Template.of("");
        }
    }

    /**
     * Notes a template that has no place, where a value is needed that tells one event from another: {@code id} in place of
     * {@code {id}}.
     *
     * @param outcome what would come of it
     */
    public static void checkVaries(Yaml at, String key, String outcome, Problems problems) {
        String text = at.text();
        // one with a brace has a place, or was noted as broken
        if (at.isScalar() && !text.matches("(?s).*[{}].*")) {
            String place = text.matches("[A-Za-z_][\\w.-]*") ? "{" + text + "}" : "{id}";
            problems.add(
                    at,
                    "\"" + key + "\" is \"" + text + "\", the same for every event, so that " + outcome
                            + "; name a field in braces, as in \"" + place + "\"");
        }
    }

    public static Map<String, Text> texts(Yaml map, String key, Problems problems) {
        var texts = new LinkedHashMap<String, Text>();
        map.get(key).ifPresent(m -> m.entries().forEach((name, at) -> texts.put(name, text(at, problems))));
        return texts;
    }

    /** As {@link #duration}, but longer than nothing. */
    public static Duration span(Yaml map, String key, Duration otherwise, Problems problems) {
        Optional<Duration> given = map.get(key).flatMap(at -> duration(key, at, problems));
        if (given.filter(Duration::isZero).isPresent()) {
            problems.add(map.get(key).get(), "\"" + key + "\" is nothing at all; write a longer time, as in 10s");
        }
        return given.orElse(otherwise);
    }

    /** As {@link Durations} reads it. */
    public static Duration duration(Yaml map, String key, Duration otherwise, Problems problems) {
        return map.get(key).flatMap(at -> duration(key, at, problems)).orElse(otherwise);
    }

    /** Empty when it is none, which is noted. */
    static Optional<Duration> duration(String key, Yaml at, Problems problems) {
        Optional<Duration> read = Durations.parse(at.text());
        if (read.isEmpty()) {
            problems.add(
                    at, "\"" + key + "\" is \"" + at.text() + "\"; a duration like " + Durations.SHAPES + " is needed");
        }
        return read;
    }

    public static int number(Yaml map, String key, int otherwise) {
        return map.get(key)
                .map(Yaml::json)
                .filter(json -> json.canConvertToInt())
                .map(json -> json.intValue())
                .orElse(otherwise);
    }

    /** The constant written in lower case; {@code otherwise} when the key is absent or the schema has refused it. */
    public static <E extends Enum<E>> E oneOf(Yaml map, String key, E otherwise) {
        String given = map.text(key).orElse("").toUpperCase(Locale.ROOT);
        for (E constant : otherwise.getDeclaringClass().getEnumConstants()) {
            if (constant.name().equals(given)) {
                return constant;
            }
        }
        return otherwise;
    }
}
