package dev.serai.record;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a remote said, within a sentence of ours: {@code hubspot answered 409: Contact Ada exists; mend it}. Whom it names nobody
 * knows who has no payload to hold it against.
 */
public final class RemoteWords {
    private static final String LEAD =
            "\\b(?:answered (?:N|\\d{3})(?: and refused this record)?|accepted it, and then): ";
    /** All that was said is a word that only a program chooses. */
    private static final String CODE = "[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?=[;\\n]|$)";

    private static final Pattern SAID = Pattern.compile("(" + LEAD + ")(" + CODE + ")?([^\\n]*)");

    private RemoteWords() {}

    /** The same without them, each to the end of its line; a code such as {@code invalid_auth} stays, for it is nobody. */
    public static String leftOut(String text) {
        return SAID.matcher(text).replaceAll(said -> {
            String code = said.group(2) == null ? "" : said.group(2);
            String rest = said.group(3).isEmpty() ? "" : code.isEmpty() ? "…" : " …";
            return Matcher.quoteReplacement(said.group(1) + code + rest);
        });
    }
}
