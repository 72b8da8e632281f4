package dev.serai.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of a {@code multipart/form-data} body as names and values; what a file holds is its value. */
final class Parts {
    private static final Pattern BOUNDARY = Pattern.compile("(?i)boundary=\"?([^\";]+)");
    private static final Pattern NAME = Pattern.compile("(?i)content-disposition:[^\\r\\n]*[; ]name=\"([^\"]*)\"");
    private static final String BREAK = "\r\n";

    private Parts() {}

    /** @throws Refusal when nothing says where a part ends */
    static List<Entry<String, String>> of(Asked asked) {
        Matcher boundary = BOUNDARY.matcher(asked.header("Content-Type"));
        if (!boundary.find()) {
            throw new Refusal("malformed", "Content-Type names no boundary of the body's parts");
        }
        var parts = new ArrayList<Entry<String, String>>();
        for (String part : (BREAK + asked.body()).split(Pattern.quote(BREAK + "--" + boundary.group(1)))) {
            int end = part.indexOf(BREAK + BREAK);
            Matcher name = NAME.matcher(end < 0 ? "" : part.substring(0, end));
            if (name.find()) {
                parts.add(Map.entry(name.group(1), part.substring(end + 2 * BREAK.length())));
            }
        }
        return parts;
    }
}
