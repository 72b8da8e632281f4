package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** E-mail and web addresses. */
final class Addresses {
    /** RFC 5321: 64 octets before the @, 254 in all. Counted in characters here, which is never stricter. */
    private static final int LOCAL = 64;

    private static final int WHOLE = 254;

    private Addresses() {}

    static JsonNode email(JsonNode value) {
        String given = TextRules.text(value);
        String text = TextRules.strip(given);
        int at = text.indexOf('@');
        if (at < 1 || at > LOCAL || text.length() > WHOLE || !isLocal(text, at) || !isDomain(text.substring(at + 1))) {
            throw new Unacceptable("is not an e-mail address; name@example.com is expected");
        }
        String address = text.substring(0, at + 1) + text.substring(at + 1).toLowerCase(Locale.ROOT);
        return address.equals(given) && value.isTextual() ? value : TextNode.valueOf(address);
    }

    /** The part before the @ as people have it: RFC 5322's dot-atom, letters of any script; no quoted form. */
    private static boolean isLocal(String text, int end) {
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean dot = c == '.' && i > 0 && i < end - 1 && text.charAt(i - 1) != '.';
            if (!dot
                    && !Character.isLetterOrDigit(c)
                    && !isSurrogatePair(text, i)
                    && "!#$%&'*+/=?^_`{|}~-".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSurrogatePair(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1))
                || Character.isLowSurrogate(text.charAt(i)) && i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }

    /** At least two labels of letters, digits and inner hyphens; 63 characters each (RFC 1035). */
    private static boolean isDomain(String domain) {
        String[] labels = domain.split("\\.", -1);
        for (String label : labels) {
            boolean wellFormed = !label.isEmpty()
                    && label.length() <= 63
                    && label.charAt(0) != '-'
                    && label.charAt(label.length() - 1) != '-'
                    && label.chars().allMatch(c -> c == '-' || Character.isLetterOrDigit(c) || isMark(c));
            if (!wellFormed) {
                return false;
            }
        }
        return labels.length > 1;
    }

    /** Vowel signs of Indic and other scripts are part of their words. */
    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    static JsonNode url(JsonNode value) {
        String given = TextRules.strip(TextRules.text(value));
        String text = isBareHost(given) ? "https://" + given : given;
        String host = host(text);
        String rest = text.substring(text.indexOf("//") + 2);
        int hostAt = rest.indexOf(host);
        String before = rest.substring(0, hostAt);
        String after = rest.substring(hostAt + host.length());
        String scheme = text.substring(0, text.indexOf(':')).toLowerCase(Locale.ROOT);
        return TextNode.valueOf(scheme + "://" + before + host.toLowerCase(Locale.ROOT) + after);
    }

    /** The host of a web address, or of one without its scheme. @throws Unacceptable when it is neither */
    static String host(String given) {
        try {
            URI uri = new URI(isBareHost(given) ? "https://" + given : given);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
                return uri.getHost();
            }
        } catch (URISyntaxException e) {
            // said below, in the same words
        }
        throw new Unacceptable("is not a web address; https://example.com/path is expected");
    }

    /** As people write it into a form: example.com or www.example.com/path. */
    private static boolean isBareHost(String text) {
        int end = text.indexOf('/') < 0 ? text.length() : text.indexOf('/');
        return text.indexOf(':') < 0 && text.indexOf('@') < 0 && isDomain(text.substring(0, end));
    }

    /** Whether it is a web address of plain letters; no may also mean "not sure". */
    static boolean isSurelyUrl(String text) {
        int from = text.startsWith("https://") ? 8 : text.startsWith("http://") ? 7 : text.length();
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '-'
                    || c == '.'
                    || i > from && (c == '/' || c == '?' || c == '&' || c == '=' || c == '_');
            if (!plain) {
                return false;
            }
        }
        return from < text.length();
    }
}
