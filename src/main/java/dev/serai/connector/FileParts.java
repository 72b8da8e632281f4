package dev.serai.connector;

import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the small parts of a connector file. What is wrong is noted and a stand-in returned, so that the rest of the file
 * is still read; what the JSON Schema has noted already is passed over in silence.
 */
final class FileParts {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private FileParts() {}

    static Text text(Yaml at, Problems problems) {
        try {
            return Text.of(at.text());
        } catch (IllegalArgumentException e) {
            problems.add(at, e.getMessage());
            return Text.EMPTY;
        }
    }

    static Text text(Yaml map, String key, Problems problems) {
        return map.get(key).map(at -> text(at, problems)).orElse(Text.EMPTY);
    }

    /** Text without settings, as what an event is made of has none. */
    static Template template(Yaml map, String key, Problems problems) {
        Optional<Yaml> at = map.get(key);
        try {
            return Template.of(at.map(Yaml::text).orElse(""));
        } catch (IllegalArgumentException e) {
            problems.add(at.orElse(map), e.getMessage());
            return Template.of("");
        }
    }

    static Map<String, Text> texts(Yaml map, String key, Problems problems) {
        var texts = new LinkedHashMap<String, Text>();
        map.get(key).ifPresent(m -> m.entries().forEach((name, at) -> texts.put(name, text(at, problems))));
        return texts;
    }

    /** As {@link #duration}, but longer than nothing. */
    static Duration span(Yaml map, String key, Duration otherwise, Problems problems) {
        Duration span = duration(map, key, otherwise, problems);
        if (span.isZero() && map.get(key).isPresent()) {
            problems.add(map.get(key).get(), "\"" + key + "\" is nothing at all; write a longer time, as in 10s");
        }
        return span;
    }

    /** {@code 500ms}, {@code 10s}, {@code 5m}, {@code 2h} or {@code 1d}. */
    static Duration duration(Yaml map, String key, Duration otherwise, Problems problems) {
        Optional<Yaml> at = map.get(key);
        if (at.isEmpty()) {
            return otherwise;
        }
        var found = DURATION.matcher(at.get().text());
        if (!found.matches()) {
            problems.add(
                    at.get(),
                    "\"" + key + "\" is \"" + at.get().text()
                            + "\"; a duration like 500ms, 10s, 5m, 2h or 1d is needed");
            return otherwise;
        }
        long amount = Long.parseLong(found.group(1));
        return switch (found.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    static int number(Yaml map, String key, int otherwise) {
        return map.get(key)
                .map(Yaml::json)
                .filter(json -> json.canConvertToInt())
                .map(json -> json.intValue())
                .orElse(otherwise);
    }

    /** The constant written in lower case; {@code otherwise} when the key is absent or the schema has refused it. */
    static <E extends Enum<E>> E oneOf(Yaml map, String key, E otherwise) {
        String given = map.text(key).orElse("").toUpperCase(Locale.ROOT);
        for (E constant : otherwise.getDeclaringClass().getEnumConstants()) {
            if (constant.name().equals(given)) {
                return constant;
            }
        }
        return otherwise;
    }
}
