package dev.serai.connector.webhook;

import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The keys of a {@code signature:} section, taken from settings. A missing or worthless secret is no mistake in the file;
 * it keeps the door closed until somebody sets a good one.
 *
 * @param keys those that are valid, current one first
 * @param closedBecause what to do before requests can be let in; names settings, never values
 */
record Secrets(List<byte[]> keys, Optional<String> closedBecause) {
    /** A lower bound against slips. 24 random bytes and more are usual. */
    private static final int MIN_BYTES = 8;

    private static final Set<String> PLACEHOLDERS = Set.of(
            "changeme",
            "change-me",
            "change_me",
            "changeit",
            "secret",
            "password",
            "webhook-secret",
            "webhook_secret",
            "your-secret-here",
            "your-webhook-secret",
            "default-secret-change-me",
            "whsec_changeme");

    private static final Pattern SETTING = Pattern.compile("\\{\\{([A-Za-z0-9][A-Za-z0-9._-]*)(:)?}}");

    private static final Pattern USER = Pattern.compile("\\{\\{([A-Za-z0-9][A-Za-z0-9._-]*)(?::(.+))?}}");

    static Secrets none() {
        return new Secrets(List.of(), Optional.empty());
    }

    /** @param settings the value of a setting; empty when it is not set */
    static Secrets read(Yaml section, Scheme scheme, Function<String, Optional<String>> settings, Problems problems) {
        var keys = new ArrayList<byte[]>();
        var reasons = new ArrayList<String>();
        boolean open = scheme.sealing().kind() == Sealing.Kind.PUBLIC_KEY;
        Optional<String> user = section.get("user").flatMap(at -> user(at, settings, reasons));
        for (String option :
                open ? List.of("public_key", "previous_public_key") : List.of("secret", "previous_secret")) {
            Optional<String> setting = section.get(option).flatMap(at -> setting(at, option, problems));
            if (setting.isEmpty()) {
                continue;
            }
            Optional<String> value = settings.apply(setting.get()).filter(v -> !v.isEmpty());
            if (value.isPresent()) {
                try {
                    byte[] key = open ? publicKey(value.get(), scheme) : key(value.get(), section);
                    keys.add(
                            user.isPresent()
                                    ? Sealing.pair(user.get(), value.get()).getBytes(StandardCharsets.UTF_8)
                                    : key);
                } catch (IllegalArgumentException e) {
                    reasons.add(setting.get() + " " + e.getMessage());
                }
            } else if (!option.startsWith("previous")) {
                reasons.add("set " + setting.get());
            }
        }
        return new Secrets(
                List.copyOf(keys), reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons)));
    }

    /** The name of the setting; the text itself is never quoted, because it may be a secret. */
    private static Optional<String> setting(Yaml at, String option, Problems problems) {
        var found = SETTING.matcher(at.text());
        if (found.matches()) {
            return Optional.of(found.group(1));
        }
        problems.add(
                at,
                "\"" + option + "\" must be one setting and nothing else, as \"{{crm.webhook-secret}}\"; a secret in a"
                        + " file, or as a setting's default, ends up in version control");
        return Optional.empty();
    }

    /** A name as it stands, or the setting that holds it, which may have a default: it is no secret. */
    private static Optional<String> user(Yaml at, Function<String, Optional<String>> settings, List<String> reasons) {
        var found = USER.matcher(at.text());
        if (!found.matches()) {
            return Optional.of(at.text());
        }
        Optional<String> value =
                settings.apply(found.group(1)).filter(v -> !v.isEmpty()).or(() -> Optional.ofNullable(found.group(2)));
        if (value.isEmpty()) {
            reasons.add("set " + found.group(1));
        }
        return value;
    }

    /** Base64 of DER or of the raw key, as vendors show it; PEM and {@code whpk_} are taken off. */
    private static byte[] publicKey(String text, Scheme scheme) {
        String base64 =
                text.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "").replaceFirst("^whpk_", "");
        return Scheme.Encoding.BASE64
                .bytes(base64)
                .flatMap(key -> Sealing.der(key, scheme.sealing()))
                .orElseThrow(() -> new IllegalArgumentException(
                        "is no public key of this scheme in base64; copy it again from the sender"));
    }

    private static byte[] key(String secret, Yaml section) {
        if (!secret.equals(secret.strip())) {
            throw new IllegalArgumentException("begins or ends with white space; set it without");
        }
        if (PLACEHOLDERS.contains(secret.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("is a placeholder that everybody knows; set a long random one");
        }
        byte[] key = section.text("scheme").filter("standard_webhooks"::equals).isPresent()
                ? standardKey(secret)
                : secret.getBytes(StandardCharsets.UTF_8);
        if (key.length < MIN_BYTES) {
            throw new IllegalArgumentException("is shorter than " + MIN_BYTES + " characters; set a long random one");
        }
        return key;
    }

    /** The specification writes keys as {@code whsec_} and base64; the library takes them without {@code whsec_} too. */
    private static byte[] standardKey(String secret) {
        try {
            return Base64.getDecoder().decode(secret.startsWith("whsec_") ? secret.substring(6) : secret);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "is not base64, with or without \"whsec_\" before it; copy it again from the sender");
        }
    }
}
