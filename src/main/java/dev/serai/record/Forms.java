package dev.serai.record;

import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The patterns of our own record schemas: what each asks for in words, and the same question asked by hand, which takes a
 * tenth of the time. A test keeps the two answers equal.
 */
final class Forms {
    private static final Map<String, Form> KNOWN = Map.of(
            "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$",
            new Form("an e-mail address; add do: [email]", Forms::isAddress),
            "^\\+[0-9]{4,15}$",
            new Form("a phone number such as +14155552671; add do: [e164]", Forms::isPhone),
            "^[A-Z]{2}$",
            new Form("a country code such as DE; add do: [country]", text -> isUpper(text, 2)),
            "^[A-Z]{3}$",
            new Form("a currency code such as EUR; add do: [currency]", text -> isUpper(text, 3)),
            "^[A-Z]{2}-[A-Z0-9]{1,3}$",
            new Form("a subdivision code such as US-CA; add do: [subdivision]", Forms::isSubdivision),
            "^(UTC|[A-Z][A-Za-z]+(/[A-Za-z0-9_+-]+)+)$",
            new Form("a time zone such as Europe/Berlin; add do: [timezone]", Forms::isZone),
            "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
            new Form("a language tag such as de or pt-BR; add do: [language]", Forms::isLanguage));

    /** @param words what is expected @param surely whether a text has the form; no may also mean "not sure" */
    record Form(String words, Predicate<String> surely) {}

    private Forms() {}

    static Optional<Form> of(String pattern) {
        return Optional.ofNullable(KNOWN.get(pattern));
    }

    /** Plain ASCII addresses only; the rest is left to the pattern. */
    private static boolean isAddress(String text) {
        int at = text.indexOf('@');
        int dot = text.lastIndexOf('.');
        return at > 0
                && text.indexOf('@', at + 1) < 0
                && dot > at + 1
                && dot < text.length() - 1
                && all(text, 0, c -> c > ' ' && c < 0x7f);
    }

    private static boolean isPhone(String text) {
        return text.length() > 4
                && text.length() < 17
                && text.charAt(0) == '+'
                && all(text, 1, c -> c >= '0' && c <= '9');
    }

    private static boolean isUpper(String text, int length) {
        return text.length() == length && all(text, 0, Forms::upper);
    }

    private static boolean isSubdivision(String text) {
        return text.length() > 3
                && text.length() < 7
                && upper(text.charAt(0))
                && upper(text.charAt(1))
                && text.charAt(2) == '-'
                && all(text, 3, c -> upper(c) || c >= '0' && c <= '9');
    }

    private static boolean isZone(String text) {
        int slash = text.indexOf('/');
        return text.equals("UTC")
                || slash > 1
                        && upper(text.charAt(0))
                        && all(text.substring(0, slash), 1, Forms::letter)
                        && slash < text.length() - 1
                        && all(text, slash + 1, c -> letter(c) || c == '_');
    }

    private static boolean isLanguage(String text) {
        return (text.length() == 2 || text.length() == 3) && all(text, 0, c -> c >= 'a' && c <= 'z');
    }

    private interface Characters {
        boolean has(char c);
    }

    private static boolean all(String text, int from, Characters wanted) {
        for (int i = from; i < text.length(); i++) {
            if (!wanted.has(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean upper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean letter(char c) {
        return upper(c) || c >= 'a' && c <= 'z';
    }
}
