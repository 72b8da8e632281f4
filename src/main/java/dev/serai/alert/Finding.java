package dev.serai.alert;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A rule holds for something.
 *
 * @param subject what it is told of, such that the same trouble has the same subject
 * @param count how many runs, events or requests, or how much
 * @param about flow, step, connection, class and reason, as far as they are known
 * @param touched what it touches; null when that is not known
 * @param muted kept and shown, but not told: it is the telling itself that fails
 */
public record Finding(
        Rule rule,
        String subject,
        Severity severity,
        long count,
        Map<String, String> about,
        Measures.Blast touched,
        boolean muted,
        long waiting) {

    public Finding(
            Rule rule,
            String subject,
            Severity severity,
            long count,
            Map<String, String> about,
            Measures.Blast touched,
            boolean muted) {
        this(rule, subject, severity, count, about, touched, muted, 0);
    }

    /** The same, with how many runs wait meanwhile. */
    Finding holdingUp(long runs) {
        return new Finding(rule, subject, severity, count, about, touched, muted, runs);
    }

    public String key() {
        return rule.name() + " " + subject;
    }

    long records() {
        return touched == null ? 0 : touched.records();
    }

    /** Those among them that rest. */
    long resting() {
        return touched == null ? 0 : touched.resting();
    }

    /** Whether letting the runs go on can do harm; empty when that is not the question. */
    String replay() {
        if (touched == null) {
            return "";
        }
        if (touched.unclear() > 0) {
            return "not safe yet: " + touched.unclear()
                    + " writes were begun, can't be repeated or looked up, and may have"
                    + " been done; look at the other side first";
        }
        return touched.lookedUp() > 0
                ? "safe: what succeeded is not sent again, and what was begun is looked up first"
                : "safe: what succeeded is not sent again, and no write is half done";
    }

    static Map<String, String> about(String... pairs) {
        var about = new LinkedHashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            if (!pairs[i + 1].isEmpty()) {
                about.put(pairs[i], pairs[i + 1]);
            }
        }
        return about;
    }
}
