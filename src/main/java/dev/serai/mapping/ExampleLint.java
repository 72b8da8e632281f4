package dev.serai.mapping;

import com.google.re2j.Pattern;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.util.List;
import java.util.Map;

/**
 * What must not stand in the examples of a file that many people read: secrets, and addresses of people there may be.
 * For lint alone; a hub does not refuse to start for it.
 */
public final class ExampleLint {
    /** Forms of keys and tokens, by what they are. Each begins as its vendor's do. */
    private static final Map<String, Pattern> SECRETS = Map.of(
            "a Stripe key", Pattern.compile("\\b(sk|rk)_live_[0-9A-Za-z]{10,}"),
            "a webhook secret", Pattern.compile("\\bwhsec_[0-9A-Za-z+/]{16,}"),
            "a Slack token", Pattern.compile("\\bxox[abprs]-[0-9A-Za-z-]{10,}"),
            "a GitHub token", Pattern.compile("\\b(gh[pousr]_[0-9A-Za-z]{30,}|github_pat_\\w{30,})"),
            "an AWS key", Pattern.compile("\\bAKIA[0-9A-Z]{16}\\b"),
            "a SendGrid key", Pattern.compile("\\bSG\\.[\\w-]{16,}\\.[\\w-]{16,}"),
            "a private key", Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----"));

    private static final Pattern ADDRESS = Pattern.compile("[\\w.+-]+@((?:[\\w-]+\\.)+[A-Za-z]{2,})");

    /** Names that RFC 2606 and RFC 6761 keep for examples; nobody gets mail there. */
    private static final Pattern RESERVED =
            Pattern.compile("(?i)(.*\\.)?(example\\.(com|org|net)|[\\w-]+\\.(example|test|invalid|localhost))");

    private ExampleLint() {}

    /** @param root a mapping file */
    public static void check(Yaml root, Problems problems) {
        for (Yaml test : root.get("tests").map(Yaml::items).orElse(List.of())) {
            visit(test, problems);
        }
    }

    private static void visit(Yaml at, Problems problems) {
        at.entries().values().forEach(value -> visit(value, problems));
        at.items().forEach(item -> visit(item, problems));
        String text = at.text();
        SECRETS.forEach((what, form) -> {
            if (form.matcher(text).find()) {
                problems.add(
                        at, "the example holds what looks like " + what + "; withdraw it, and write one nobody uses");
            }
        });
        var address = ADDRESS.matcher(text);
        while (address.find()) {
            if (!RESERVED.matcher(address.group(1)).matches()) {
                problems.add(
                        at,
                        "the example holds an e-mail address at " + address.group(1)
                                + ", which may be somebody's; write one at example.com");
            }
        }
    }
}
