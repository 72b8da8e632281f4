package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What recognises a person or a record in a payload of any shape, in one normal form each: {@code email:ada@example.com},
 * {@code phone:+49301234}, {@code id:contact:123}. Who works on a record (its owner, an agent) is not who it is about, and left out.
 */
public final class Identified {
    /** Of one payload at most: a list of thousands of contacts that came as one event is still found by each of them. */
    private static final int MOST = 20_000;

    private static final int LONGEST = 200;
    private static final int DEEPEST = 100;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String IN_LOCAL_PARTS = ".!#$%*+^_~-";
    private static final Pattern PHONE = Pattern.compile("^(?:\\+|00)?[\\d ().\\-/]{6,25}$");
    private static final Pattern PHONE_FIELD = Pattern.compile("phone|mobile|^tel|^fax|cell|whatsapp");
    private static final Pattern STAFF = Pattern.compile("owner|assign|agent|salesrep");
    /** Whose id a field may hold; the last one in its name counts. */
    private static final List<String> KINDS = List.of(
            "contact",
            "customer",
            "person",
            "lead",
            "user",
            "member",
            "subscriber",
            "client",
            "buyer",
            "account",
            "company",
            "deal",
            "order",
            "invoice",
            "ticket",
            "subscription",
            "crm",
            "external");

    private static final Pattern ID_FIELD =
            Pattern.compile("^\\w*(" + String.join("|", KINDS) + ")\\w*(?:id|number|no)$");
    private static final int FEWEST_DIGITS = 6;

    /** What the name of a field tells of its values. @param kind whose id it holds; empty when it holds none */
    private record Name(String plain, boolean staff, boolean phone, String kind) {
        static final Name NONE = new Name("", false, false, "");

        static Name read(String name) {
            String plain = Identified.plain(name);
            Matcher whose = ID_FIELD.matcher(plain);
            return new Name(
                    plain,
                    STAFF.matcher(plain).find(),
                    PHONE_FIELD.matcher(plain).find(),
                    whose.matches() ? whose.group(1) : "");
        }
    }

    /** The names of fields come again with every event; those that data makes up are read each time, once this is full. */
    private static final Map<String, Name> NAMES = new ConcurrentHashMap<>();

    private static final int MOST_NAMES = 10_000;

    private Identified() {}

    /** Of a payload as it arrived; of what is no JSON the addresses in its text. */
    public static Set<String> in(byte[] payload) {
        try {
            JsonNode json = JSON.readTree(payload);
            if (json != null && json.isContainerNode()) {
                return in(json);
            }
        } catch (IOException e) {
            // a form, a text
        }
        var found = new LinkedHashSet<String>();
        addresses(decoded(new String(payload, StandardCharsets.UTF_8)), found);
        return found;
    }

    /** Of an event: of the name of its record as well. */
    public static Set<String> in(String record, byte[] payload) {
        Set<String> found = in(payload);
        addresses(record.substring(record.indexOf(':') + 1), found);
        return found;
    }

    private static String decoded(String text) {
        try {
            return text.indexOf('%') < 0 ? text : URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    public static Set<String> in(JsonNode json) {
        var found = new LinkedHashSet<String>();
        walk(Name.NONE, json, found, 0);
        return found;
    }

    private static void walk(Name name, JsonNode node, Set<String> found, int depth) {
        if (depth > DEEPEST || found.size() >= MOST) {
            return;
        }
        if (node.isArray()) {
            node.forEach(item -> walk(name, item, found, depth + 1));
        } else if (node.isObject()) {
            boolean ids = name.plain.equals("externalids");
            node.properties().forEach(field -> {
                Name its = name(field.getKey());
                if (ids && field.getValue().isValueNode()) {
                    id("external", field.getValue(), found);
                } else if (!its.staff) {
                    walk(its, field.getValue(), found, depth + 1);
                }
            });
        } else if (node.isTextual() || node.isIntegralNumber()) {
            value(name, node, found);
        }
    }

    private static Name name(String of) {
        Name known = NAMES.get(of);
        if (known != null) {
            return known;
        }
        Name read = Name.read(of);
        if (NAMES.size() < MOST_NAMES && of.length() <= LONGEST) {
            NAMES.put(of, read);
        }
        return read;
    }

    /** {@code crm_contact_id}, {@code crmContactId} and {@code CRM contact id} are one name. */
    private static String plain(String name) {
        var letters = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isLetterOrDigit(c)) {
                letters.append(Character.toLowerCase(c));
            }
        }
        return letters.toString();
    }

    private static void value(Name name, JsonNode node, Set<String> found) {
        String text = node.asText();
        if (text.indexOf('@') > 0) {
            addresses(text, found);
        } else if (name.phone || text.startsWith("+")) {
            phone(text, found);
        } else if (!name.kind.isEmpty()) {
            id(name.kind, node, found);
        }
    }

    private static void id(String kind, JsonNode node, Set<String> found) {
        String text = node.asText().strip();
        if (!text.isEmpty() && text.length() <= LONGEST) {
            found.add("id:" + kind + ":" + text);
        }
    }

    /** Letters, digits and a few signs on both sides of an at sign, with a dot behind it. */
    private static void addresses(String text, Set<String> found) {
        int from = 0;
        for (int at = text.indexOf('@'); at >= 0 && found.size() < MOST; at = text.indexOf('@', at + 1)) {
            int begin = at;
            while (begin > from && inLocalPart(text.codePointBefore(begin))) {
                begin = text.offsetByCodePoints(begin, -1);
            }
            int end = domainEnd(text, at + 1);
            if (begin < at && end > 0) {
                found.add("email:" + text.substring(begin, end).toLowerCase(Locale.ROOT));
                from = end;
            }
        }
    }

    private static boolean inLocalPart(int c) {
        return letterOrNumber(c) || IN_LOCAL_PARTS.indexOf(c) >= 0;
    }

    /** Behind two labels or more; 0 when there are not so many. */
    private static int domainEnd(String text, int from) {
        int end = 0;
        int begin = from;
        for (int label = 1; ; label++) {
            int behind = begin;
            while (behind < text.length() && (letterOrNumber(text.codePointAt(behind)) || text.charAt(behind) == '-')) {
                behind = text.offsetByCodePoints(behind, 1);
            }
            if (behind == begin) {
                return end;
            }
            end = label == 1 ? 0 : behind;
            if (behind == text.length() || text.charAt(behind) != '.') {
                return end;
            }
            begin = behind + 1;
        }
    }

    private static boolean letterOrNumber(int c) {
        return switch (Character.getType(c)) {
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
            default -> Character.isLetter(c);
        };
    }

    private static void phone(String text, Set<String> found) {
        String number = number(text);
        if (!number.isEmpty()) {
            found.add("phone:" + number);
        }
    }

    /** Its digits, with {@code +} where the country is said; empty when it is no phone number. */
    private static String number(String text) {
        String stripped = text.strip();
        if (!PHONE.matches(stripped)) {
            return "";
        }
        String digits = stripped.replaceAll("\\D", "");
        if (digits.length() < FEWEST_DIGITS) {
            return "";
        }
        return stripped.startsWith("+") ? "+" + digits : digits.startsWith("00") ? "+" + digits.substring(2) : digits;
    }

    /**
     * The forms under which what a person typed may stand in a payload: {@code ada@example.com}, {@code contact:7},
     * {@code +49 30 1234}, {@code 7}. Empty when it can be none.
     */
    public static Set<String> asked(String typed) {
        String text = typed.strip();
        int colon = text.matches("[A-Za-z_]\\w*:\\S.*") ? text.indexOf(':') : -1;
        String value = text.substring(colon + 1);
        var forms = new LinkedHashSet<String>();
        addresses(value, forms);
        if (!forms.isEmpty() || value.isEmpty() || value.length() > LONGEST) {
            return forms;
        }
        if (colon > 0) {
            forms.add("id:" + plain(text.substring(0, colon)) + ":" + value);
            return forms;
        }
        String number = number(value);
        if (!number.isEmpty()) {
            forms.add("phone:" + number);
            forms.addAll(national(number));
        }
        if (number.startsWith("+")) {
            // said to be a phone number: records that happen to bear its digits are something else
            return forms;
        }
        KINDS.forEach(kind -> forms.add("id:" + kind + ":" + value));
        return forms;
    }

    /** A number is often written as it is dialled at home. */
    private static List<String> national(String number) {
        if (!number.startsWith("+")) {
            return List.of();
        }
        try {
            var plans = PhoneNumberUtil.getInstance();
            var parsed = plans.parse(number, null);
            String home = plans.format(parsed, PhoneNumberUtil.PhoneNumberFormat.NATIONAL)
                    .replaceAll("\\D", "");
            return List.of("phone:" + home, "phone:" + parsed.getNationalNumber());
        } catch (NumberParseException e) {
            return List.of();
        }
    }
}
