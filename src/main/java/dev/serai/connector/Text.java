package dev.serai.connector;

import dev.serai.file.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Text of a connector file with settings and places to fill in. A setting is written as in Camel, {@code {{name}}} or
 * {@code {{name:default}}}, and its default may hold further settings; functions of a setting are those of a place. A place is written as in {@link Template}.
 */
public final class Text {
    public static final Text EMPTY = of("");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][\\w.-]*");
    private static final Pattern FUNCTION = Pattern.compile("([a-z0-9]+)\\((.+)\\)");

    private final String source;
    private final List<Part> parts;
    private final Set<String> undisclosed;

    private sealed interface Part permits Fixed, Setting {}

    private record Fixed(Template template) implements Part {}

    /** @param fallback null when the setting must be set @param functions applied to its value, in order */
    private record Setting(String name, Text fallback, List<String> functions) implements Part {
        /** Where other settings are its default, it is no less secret than they. */
        private Stream<String> undisclosed() {
            if (fallback == null || fallback.source.isBlank()) {
                return Stream.of(name);
            }
            boolean same = fallback.isOnlySettings() && !fallback.undisclosed.isEmpty();
            return Stream.concat(same ? Stream.of(name) : Stream.empty(), fallback.undisclosed.stream());
        }
    }

    private Text(String source, List<Part> parts) {
        this.source = source;
        this.parts = parts;
        this.undisclosed = parts.stream()
                .filter(Setting.class::isInstance)
                .flatMap(part -> ((Setting) part).undisclosed())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** @throws IllegalArgumentException saying which brace, name or function is wrong */
    public static Text of(String source) {
        var parts = new ArrayList<Part>();
        int from = 0;
        for (int open = source.indexOf("{{"); open >= 0; open = source.indexOf("{{", from)) {
            int close = closing(source, open);
            parts.add(new Fixed(Template.of(source.substring(from, open))));
            parts.add(setting(source.substring(open + 2, close)));
            from = close + 2;
        }
        parts.add(new Fixed(Template.of(source.substring(from))));
        return new Text(source, List.copyOf(parts));
    }

    private boolean isOnlySettings() {
        return parts.stream()
                .allMatch(part -> part instanceof Setting
                        || ((Fixed) part).template.toString().isBlank());
    }

    private static int closing(String source, int open) {
        int depth = 0;
        for (int i = open; i < source.length() - 1; i++) {
            if (source.startsWith("{{", i)) {
                depth++;
                i++;
            } else if (source.startsWith("}}", i)) {
                depth--;
                if (depth == 0) {
                    return i;
                }
                i++;
            }
        }
        throw new IllegalArgumentException("\"" + source.substring(open) + "\" lacks its closing }}");
    }

    private static Setting setting(String inside) {
        int colon = inside.indexOf(':');
        String name = colon < 0 ? inside : inside.substring(0, colon);
        var functions = new ArrayList<String>();
        for (var found = FUNCTION.matcher(name); found.matches(); found = FUNCTION.matcher(name)) {
            Template.requireFunction(found.group(1));
            functions.add(0, found.group(1));
            name = found.group(2);
        }
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" is not the name of a setting; write {{name}} or {{name:default}}");
        }
        Text fallback = colon < 0 ? null : of(inside.substring(colon + 1));
        if (fallback != null && !fallback.places().isEmpty()) {
            throw new IllegalArgumentException("the default of setting " + name + " has a place {"
                    + fallback.places().iterator().next() + "}; only settings may stand there");
        }
        return new Setting(name, fallback, List.copyOf(functions));
    }

    /** The names its places ask for. */
    public Set<String> places() {
        var names = new TreeSet<String>();
        for (Part part : parts) {
            if (part instanceof Fixed fixed) {
                names.addAll(fixed.template.names());
            }
        }
        return names;
    }

    /** As {@link Template#looseInQuotes}; a setting is the file's own word. */
    Optional<String> looseInQuotes(Set<String> ours) {
        return Template.of(parts.stream()
                        .map(part -> part instanceof Fixed fixed ? fixed.template.toString() : "x")
                        .collect(Collectors.joining()))
                .looseInQuotes(ours);
    }

    /** The names of the settings in it, those inside defaults included. */
    public Set<String> settings() {
        var names = new TreeSet<String>();
        for (Part part : parts) {
            if (part instanceof Setting setting) {
                names.add(setting.name);
                if (setting.fallback != null) {
                    names.addAll(setting.fallback.settings());
                }
            }
        }
        return names;
    }

    /** The settings that may be secret, as nobody marks them: one whose default stands in the file is not. */
    public Set<String> undisclosed() {
        return undisclosed;
    }

    /** Those whose default stands in the file, at least in part. */
    public Set<String> writtenOut() {
        var names = new TreeSet<String>();
        for (Part part : parts) {
            if (part instanceof Setting setting && setting.fallback != null) {
                names.addAll(setting.fallback.writtenOut());
                boolean literal = setting.fallback.parts.stream()
                        .anyMatch(p -> p instanceof Fixed fixed
                                && !fixed.template.toString().isBlank());
                if (literal) {
                    names.add(setting.name);
                }
            }
        }
        return names;
    }

    /** The settings that have neither a value nor a default. One whose value can't be had now has one. */
    public Set<String> missing(Settings settings) {
        var names = new TreeSet<String>();
        for (Part part : parts) {
            if (part instanceof Setting setting && isMissing(setting, settings)) {
                names.addAll(setting.fallback == null ? Set.of(setting.name) : setting.fallback.missing(settings));
            }
        }
        return names;
    }

    /**
     * Fills in settings and places.
     *
     * @param encode applied to each value filled in, not to the text between
     * @throws Unsettled when a setting has no value, or one that no request may carry
     * @throws Template.MissingValue when a place has no value
     */
    String fill(Settings settings, Function<String, String> places, UnaryOperator<String> encode) {
        var text = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Fixed fixed) {
                text.append(fixed.template.fill(places, encode));
            } else if (part instanceof Setting setting) {
                text.append(encode.apply(settled(setting, settings)));
            }
        }
        return text.toString();
    }

    /** Its settings as they are, line breaks included. @throws Unsettled when one has no value */
    String fillLines(Settings settings) {
        return fill(
                name -> settings.get(name).map(value -> value.replaceAll("\\R", "\\\\n")),
                place -> null,
                UnaryOperator.identity());
    }

    private static boolean isMissing(Setting setting, Settings settings) {
        try {
            return value(setting, settings) == null;
        } catch (SecretAway e) {
            return false;
        }
    }

    private static String settled(Setting setting, Settings settings) {
        String value = value(setting, settings);
        if (value == null && setting.fallback == null) {
            throw new Unsettled("setting " + setting.name + " is not set; set it, then resume");
        }
        if (value == null) {
            return setting.fallback.fill(settings, place -> null, UnaryOperator.identity());
        }
        // a key pasted with its line break answers 401 and nobody sees why
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new Unsettled("setting " + setting.name
                    + " holds a line break or another control character; correct it, then resume");
        }
        for (String function : setting.functions) {
            value = Template.FUNCTIONS.get(function).apply(value);
        }
        if (value.isEmpty()) {
            // a key without its hyphen must not become part of a host's name
            throw new Unsettled("setting " + setting.name + " has no part that " + setting.functions.get(0)
                    + " could take; correct it, then resume");
        }
        return value;
    }

    /** Null when there is none; an empty value, as an empty environment variable gives it, is none. */
    private static String value(Setting setting, Settings settings) {
        return settings.get(setting.name).filter(value -> !value.isBlank()).orElse(null);
    }

    @Override
    public String toString() {
        return source;
    }

    /** A setting is missing or unusable. */
    static final class Unsettled extends RuntimeException {
        Unsettled(String message) {
            super(message, null, false, false);
        }
    }
}
