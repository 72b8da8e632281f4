package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Whether a document is the one that was recorded with other people in it: values that were replaced are compared by their form,
 * letter for letter and digit for digit, all others as they are.
 */
public final class Likeness {
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d{2}-\\d{2}T[\\d:.]+(Z|[+-]\\d{2}:?\\d{2})");
    private static final Pattern OPAQUE = Pattern.compile("(?=.*\\d)(?=.*[A-Za-z])[A-Za-z0-9_=-]{16,}");

    private final Set<String> masked;
    private final List<String> differences = new ArrayList<>();

    private Likeness(Set<String> masked) {
        this.masked = masked;
    }

    /**
     * Where they differ, as sentences; empty when nothing does.
     *
     * @param masked the places at which other people stand: {@code body.email}, {@code path.3}
     */
    public static List<String> differences(JsonNode then, JsonNode now, Set<String> masked) {
        var likeness = new Likeness(masked);
        likeness.compare("", then, now);
        return likeness.differences;
    }

    private void compare(String at, JsonNode then, JsonNode now) {
        if (then.isObject() && now.isObject()) {
            var names = new TreeSet<String>();
            then.fieldNames().forEachRemaining(names::add);
            now.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> compare(at.isEmpty() ? name : at + "." + name, then.path(name), now.path(name)));
        } else if (then.isArray() && now.isArray()) {
            for (int i = 0; i < Math.max(then.size(), now.size()); i++) {
                compare(at + "." + i, then.path(i), now.path(i));
            }
        } else if (!alike(at, then, now)) {
            differences.add(at + ": then " + shown(then) + ", now " + shown(now));
        }
    }

    private boolean alike(String at, JsonNode then, JsonNode now) {
        if (then.isNumber() && now.isNumber() && !masked.contains(at)) {
            return then.decimalValue().compareTo(now.decimalValue()) == 0;
        }
        boolean oneKind = then.getNodeType() == now.getNodeType();
        boolean byForm = then.isValueNode() && masked.contains(at) || times(then, now);
        return oneKind && (byForm ? form(then.asText()).equals(form(now.asText())) : then.equals(now));
    }

    private static boolean times(JsonNode then, JsonNode now) {
        return TIME.matcher(then.asText()).matches()
                && TIME.matcher(now.asText()).matches();
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "nothing" : value.toString();
    }

    /** What of a text stays when other people take the place of those in it. */
    static String form(String text) {
        if (TIME.matcher(text).matches()) {
            return "time";
        }
        if (OPAQUE.matcher(text).matches()) {
            return "opaque " + text.length();
        }
        var form = new StringBuilder();
        int address = text.indexOf('@');
        String told = address > 0 && text.indexOf('.', address) > 0 ? text.substring(0, address + 1) : text;
        told.chars()
                .forEach(c -> form.append(
                        Character.isDigit(c)
                                ? '9'
                                : Character.isUpperCase(c)
                                        ? c < 0x80 ? 'A' : 'Ä'
                                        : Character.isLetter(c) ? c < 0x80 ? 'a' : 'ä' : (char) c));
        return form.toString();
    }
}
