package dev.serai.connector.webhook;

import dev.serai.connector.webhook.Scheme.Encoding;
import dev.serai.connector.webhook.Scheme.HeaderPart;
import dev.serai.connector.webhook.Scheme.SignedTime;
import dev.serai.connector.webhook.Scheme.Unit;
import dev.serai.connector.webhook.SignedText.Place;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads {@code signature:} into a {@link Scheme}. The schema has checked names and types; the rest is checked here. */
final class SignatureSection {
    private static final String UNSIGNED = "none";

    /** Schemes that say in options what the named ones know by themselves. */
    private static final Set<String> GENERAL = Set.of("hmac", "digest", "public_key");
    /** Schemes where the secret itself comes along. */
    private static final Set<String> CARRIED = Set.of("basic", "token", "query", "body");

    private static final Set<String> SECRETS = Set.of("secret", "previous_secret");
    private static final Set<String> PUBLIC_KEYS = Set.of("public_key", "previous_public_key");
    private static final Set<String> OPTIONS = Set.of(
            "algorithm",
            "header",
            "prefix",
            "separator",
            "encoding",
            "signed",
            "timestamp_header",
            "timestamp_prefix",
            "timestamp_unit",
            "id_header");
    private static final Map<String, Set<String>> OF_CARRIED = Map.of(
            "basic",
            Set.of("user"),
            "token",
            Set.of("header", "prefix"),
            "query",
            Set.of("parameter"),
            "body",
            Set.of("field"));

    private static final Map<String, Sealing> ALGORITHMS = algorithms();
    private static final Map<String, Unit> UNITS =
            Map.of("s", Unit.SECONDS, "ms", Unit.MILLISECONDS, "rfc3339", Unit.RFC_3339);
    private static final Pattern DURATION = Pattern.compile("([1-9]\\d{0,5})(s|m|h)");

    private final Yaml section;
    private final Problems problems;
    private final String scheme;

    private SignatureSection(Yaml section, Problems problems, String scheme) {
        this.section = section;
        this.problems = problems;
        this.scheme = scheme;
    }

    private static Map<String, Sealing> algorithms() {
        var algorithms = new HashMap<String, Sealing>();
        for (int bits : new int[] {1, 256, 512}) {
            algorithms.put("hmac sha" + bits, new Sealing(Sealing.Kind.HMAC, "HmacSHA" + bits));
            algorithms.put("digest sha" + bits, new Sealing(Sealing.Kind.DIGEST, "SHA-" + bits));
        }
        algorithms.put("public_key ecdsa_sha256", Sealing.ECDSA);
        algorithms.put("public_key ed25519", Sealing.ED25519);
        return Map.copyOf(algorithms);
    }

    /** @return empty when requests are not signed, or when a problem was noted */
    static Optional<Scheme> read(Yaml section, Problems problems) {
        Optional<String> scheme = section.text("scheme");
        if (scheme.isEmpty()) {
            problems.add(
                    section,
                    "\"signature\" lacks \"scheme\"; write which system signs (" + known()
                            + "), or \"scheme: none\" if anyone who knows the address shall be let in");
            return Optional.empty();
        }
        boolean known = scheme.get().equals(UNSIGNED) || names().contains(scheme.get());
        // the schema has said what is wrong with any other
        return known ? new SignatureSection(section, problems, scheme.get()).scheme() : Optional.empty();
    }

    private static Set<String> names() {
        var names = new TreeSet<>(Scheme.NAMED.keySet());
        names.addAll(GENERAL);
        names.addAll(CARRIED);
        return names;
    }

    private static String known() {
        return String.join(", ", names());
    }

    private Optional<Scheme> scheme() {
        Optional<Scheme> read = GENERAL.contains(scheme)
                ? general()
                : CARRIED.contains(scheme) ? carried() : Optional.ofNullable(Scheme.NAMED.get(scheme));
        boolean publicKey = scheme.equals("public_key")
                || read.map(Scheme::sealing)
                        .map(Sealing::kind)
                        .filter(Sealing.Kind.PUBLIC_KEY::equals)
                        .isPresent();
        String key = publicKey ? "public_key" : "secret";
        if (!scheme.equals(UNSIGNED) && section.get(key).isEmpty()) {
            problems.add(
                    section,
                    "scheme " + scheme + " lacks \"" + key + "\"; name the setting that holds it, as " + key
                            + ": \"{{crm.webhook-" + key.replace('_', '-') + "}}\"");
        }
        boolean timed = GENERAL.contains(scheme) || read.flatMap(Scheme::time).isPresent();
        section.entries().keySet().forEach(option -> checkOption(option, publicKey, timed));
        return read.flatMap(this::withTolerance);
    }

    private void checkOption(String option, boolean publicKey, boolean timed) {
        Set<String> own = OF_CARRIED.getOrDefault(scheme, GENERAL.contains(scheme) ? OPTIONS : Set.of());
        boolean elsewhere =
                OPTIONS.contains(option) || OF_CARRIED.values().stream().anyMatch(o -> o.contains(option));
        if (scheme.equals(UNSIGNED) && (SECRETS.contains(option) || PUBLIC_KEYS.contains(option))) {
            refuse(option, "nothing is signed");
        } else if ((publicKey ? SECRETS : PUBLIC_KEYS).contains(option)) {
            refuse(option, publicKey ? "it has a public_key" : "it has a secret");
        } else if (option.equals("tolerance") && !timed) {
            refuse(option, "its signature has no time");
        } else if (elsewhere && !own.contains(option)) {
            refuse(option, "only " + whoTakes(option) + " takes it");
        }
    }

    private static String whoTakes(String option) {
        if (OPTIONS.contains(option)) {
            return "scheme hmac, digest or public_key";
        }
        return "scheme "
                + OF_CARRIED.keySet().stream()
                        .filter(name -> OF_CARRIED.get(name).contains(option))
                        .findFirst()
                        .orElseThrow();
    }

    private void refuse(String option, String because) {
        problems.addAtKey(
                section,
                option,
                "\"" + option + "\" does not belong to scheme " + scheme + ": " + because + "; remove it");
    }

    private Optional<Scheme> carried() {
        if (scheme.equals("basic")) {
            lacks("user", "write the user the sender is to send");
            return Optional.of(Scheme.carried(new HeaderPart("Authorization", "", "Basic ")));
        }
        if (scheme.equals("query")) {
            lacks("parameter", "write the name of the parameter the address is given to the sender with");
            return Optional.of(Scheme.carried(
                    HeaderPart.whole("?" + section.text("parameter").orElse(""))));
        }
        if (scheme.equals("body")) {
            lacks("field", "write the path of the field that holds the secret, as field: token");
            return Optional.of(
                    Scheme.carried(HeaderPart.whole("." + section.text("field").orElse(""))));
        }
        return Optional.of(Scheme.carried(new HeaderPart(
                section.text("header").orElse("Authorization"),
                "",
                section.text("prefix").orElse(section.get("header").isPresent() ? "" : "Bearer "))));
    }

    private void lacks(String option, String what) {
        if (section.get(option).isEmpty()) {
            problems.add(section, "scheme " + scheme + " lacks \"" + option + "\"; " + what);
        }
    }

    private Optional<Scheme> general() {
        lacks("header", "name the header that carries the signature");
        SignedText signed = signed();
        boolean base64 = section.text("encoding")
                .orElse(scheme.equals("public_key") ? "base64" : "hex")
                .equals("base64");
        String algorithm = section.text("algorithm").orElse(scheme.equals("public_key") ? "ecdsa_sha256" : "sha256");
        Optional<Sealing> sealing = Optional.ofNullable(ALGORITHMS.get(scheme + " " + algorithm));
        if (sealing.isEmpty() && ALGORITHMS.keySet().stream().anyMatch(known -> known.endsWith(" " + algorithm))) {
            refuse("algorithm", "it has no " + algorithm);
        }
        boolean holdsSecret = signed.places().contains(Place.SECRET);
        if (holdsSecret != scheme.equals("digest")) {
            problems.add(
                    section.get("signed").orElse(section),
                    scheme.equals("digest")
                            ? "a plain hash proves something only with {secret} in \"signed\", as {secret}{body}"
                            : "\"signed\" has {secret}; only scheme digest has the secret in the text");
        }
        Optional<SignedTime> time = time(signed);
        paired(signed, Place.ID, "id_header");
        Encoding encoding = base64 ? Encoding.BASE64 : Encoding.HEX_ANY_CASE;
        return sealing.map(s -> new Scheme(s, signature(), encoding, signed, time, section.text("id_header")));
    }

    private HeaderPart signature() {
        return new HeaderPart(
                section.text("header").orElse(""),
                section.text("separator").orElse(""),
                section.text("prefix").orElse(""));
    }

    private SignedText signed() {
        String source = section.text("signed").orElse("{body}");
        try {
            return SignedText.of(source);
        } catch (IllegalArgumentException e) {
            problems.add(
                    section.get("signed").orElse(section), "\"signed\" is \"" + source + "\": it " + e.getMessage());
            return SignedText.of(scheme.equals("digest") ? "{secret}{body}" : "{body}");
        }
    }

    private Optional<SignedTime> time(SignedText signed) {
        paired(signed, Place.TIMESTAMP, "timestamp_header");
        Optional<String> header = section.text("timestamp_header");
        if (header.isEmpty()) {
            for (String option : Set.of("timestamp_unit", "timestamp_prefix", "tolerance")) {
                if (section.get(option).isPresent()) {
                    problems.addAtKey(
                            section, option, "\"" + option + "\" has no effect without \"timestamp_header\"; add that");
                }
            }
        }
        Unit unit = UNITS.getOrDefault(section.text("timestamp_unit").orElse("s"), Unit.SECONDS);
        Optional<String> prefix = section.text("timestamp_prefix");
        // in a list of entries, like the signature itself
        return header.map(name -> SignedTime.bothWays(
                prefix.map(p -> new HeaderPart(name, section.text("separator").orElse(""), p))
                        .orElse(HeaderPart.whole(name)),
                unit));
    }

    /** What is signed must be sent, and what is sent beside the signature proves something only when it is signed. */
    private void paired(SignedText signed, Place place, String option) {
        boolean sent = section.get(option).isPresent();
        if (signed.places().contains(place) && !sent) {
            problems.add(
                    section.get("signed").orElse(section),
                    "\"signed\" has " + place + " but \"" + option + "\" is missing");
        }
        if (sent && !signed.places().contains(place)) {
            problems.addAtKey(
                    section,
                    option,
                    "\"" + option + "\" is given but \"signed\" has no " + place
                            + "; what is not signed can be changed by anyone");
        }
    }

    private Optional<Scheme> withTolerance(Scheme scheme) {
        Optional<String> text = section.text("tolerance");
        if (text.isEmpty()) {
            return Optional.of(scheme);
        }
        var found = DURATION.matcher(text.get());
        if (!found.matches()) {
            problems.add(
                    section.get("tolerance").orElse(section),
                    "\"tolerance\" is \"" + text.get() + "\"; write a duration such as 30s, 5m or 1h");
            return Optional.empty();
        }
        long amount = Long.parseLong(found.group(1));
        return Optional.of(scheme.within(
                switch (found.group(2)) {
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    default -> Duration.ofHours(amount);
                }));
    }
}
