package dev.serai.connector.webhook;

import dev.serai.connector.SecretAway;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The secrets that a {@code signature:} section asks for. A missing or worthless one is no mistake in the file; it keeps the
 * door closed until somebody sets a good one.
 *
 * @param names the settings with the keys, that of the current one first
 * @param user the name that {@code basic} carries beside them
 */
record Secrets(Yaml section, Optional<Scheme> scheme, List<Name> names, Optional<User> user) {
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

    /** The setting of a key. @param needed false for the one that was valid before */
    record Name(String setting, boolean needed) {}

    /**
     * @param setting null for a name as it stands
     * @param text the same, or what counts while the setting is not set; may be null
     */
    record User(String setting, String text) {}

    /** A setting as it is at one moment. @param away why it can't be had */
    record Value(Optional<String> text, Optional<String> away) {}

    /**
     * What was made of the settings at one moment.
     *
     * @param keys those that are valid, current one first
     * @param closedBecause what to do before requests can be let in; names settings, never values
     */
    record Keys(List<byte[]> keys, Optional<String> closedBecause) {}

    /** Of a door that lets everybody in. */
    static Secrets none(Yaml section) {
        return new Secrets(section, Optional.empty(), List.of(), Optional.empty());
    }

    static Secrets read(Yaml section, Scheme scheme, Problems problems) {
        var names = new ArrayList<Name>();
        for (String option : isPublic(scheme)
                ? List.of("public_key", "previous_public_key")
                : List.of("secret", "previous_secret")) {
            section.get(option)
                    .flatMap(at -> setting(at, option, problems))
                    .ifPresent(setting -> names.add(new Name(setting, !option.startsWith("previous"))));
        }
        return new Secrets(
                section,
                Optional.of(scheme),
                List.copyOf(names),
                section.get("user").map(Secrets::user));
    }

    private static boolean isPublic(Scheme scheme) {
        return scheme.sealing().kind() == Sealing.Kind.PUBLIC_KEY;
    }

    /** Every setting it asks for. */
    Set<String> settings() {
        var settings = new TreeSet<String>();
        names.forEach(name -> settings.add(name.setting));
        user.filter(name -> name.setting != null).ifPresent(name -> settings.add(name.setting));
        return settings;
    }

    /** What the settings are now, by name. @param settings the value of a setting; empty when it is not set */
    Map<String, Value> values(Function<String, Optional<String>> settings) {
        var values = new TreeMap<String, Value>();
        settings().forEach(name -> values.put(name, value(name, settings)));
        return values;
    }

    private static Value value(String name, Function<String, Optional<String>> settings) {
        try {
            return new Value(settings.apply(name).filter(v -> !v.isEmpty()), Optional.empty());
        } catch (SecretAway e) {
            return new Value(Optional.empty(), Optional.of(name + " can't be had now: " + e.getMessage()));
        }
    }

    /** @param values of {@link #values} */
    Keys keys(Map<String, Value> values) {
        var keys = new ArrayList<byte[]>();
        var reasons = new ArrayList<String>();
        Optional<String> carried = user.flatMap(name -> user(name, values, reasons));
        for (Name name : names) {
            Value value = values.get(name.setting);
            if (value.text.isPresent()) {
                try {
                    byte[] key = key(value.text.get());
                    keys.add(
                            carried.isPresent()
                                    ? Sealing.pair(carried.get(), value.text.get())
                                            .getBytes(StandardCharsets.UTF_8)
                                    : key);
                } catch (IllegalArgumentException e) {
                    reasons.add(name.setting + " " + e.getMessage());
                }
            } else if (name.needed || value.away.isPresent()) {
                reasons.add(value.away.orElse("set " + name.setting));
            }
        }
        return new Keys(
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
    private static User user(Yaml at) {
        var found = USER.matcher(at.text());
        return found.matches() ? new User(found.group(1), found.group(2)) : new User(null, at.text());
    }

    private static Optional<String> user(User user, Map<String, Value> values, List<String> reasons) {
        Optional<Value> set = Optional.ofNullable(user.setting).map(values::get);
        Optional<String> name = set.flatMap(Value::text).or(() -> Optional.ofNullable(user.text));
        if (name.isEmpty()) {
            reasons.add(set.flatMap(Value::away).orElse("set " + user.setting));
        }
        return name;
    }

    private byte[] key(String text) {
        return isPublic(scheme.orElseThrow()) ? publicKey(text, scheme.orElseThrow()) : key(text, section);
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
