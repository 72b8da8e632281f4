package dev.serai.connector;

import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.util.Map;
import java.util.regex.Pattern;

/** Credentials that are written into a file where any text may stand: a header, a parameter. */
public final class WrittenOut {
    private static final Pattern NAME = Pattern.compile(
            "(proxy-)?authorization|.*(api|access|auth|app|private|secret|subscription)[-_]?(key|token)|x-.*-(key|token)"
                    + "|.*(secret|password|passwd|passphrase)",
            Pattern.CASE_INSENSITIVE);

    private WrittenOut() {}

    /** Notes those whose name is that of a credential, and whose value is all there. @param key such as headers */
    public static void check(Yaml map, String key, Problems problems) {
        map.get(key).map(Yaml::entries).orElse(Map.of()).forEach((name, at) -> {
            if (NAME.matcher(name).matches()
                    && !at.text().isBlank()
                    && !at.text().contains("{")) {
                problems.add(
                        at,
                        "\"" + key + "." + name
                                + "\" is written into the file; put it into a setting and write {{its name}}");
            }
        });
    }
}
