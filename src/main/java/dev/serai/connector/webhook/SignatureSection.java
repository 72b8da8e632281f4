package dev.serai.connector.webhook;

import dev.serai.connector.webhook.Scheme.Encoding;
import dev.serai.connector.webhook.Scheme.HeaderPart;
import dev.serai.connector.webhook.Scheme.SignedTime;
import dev.serai.connector.webhook.Scheme.Unit;
import dev.serai.connector.webhook.SignedText.Place;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads {@code signature:} into a {@link Scheme}. The schema has checked names and types; the rest is checked here. */
final class SignatureSection {
    private static final String UNSIGNED = "none";
    private static final String HMAC = "hmac";

    private static final Set<String> ALWAYS = Set.of("scheme", "secret", "previous_secret");
    private static final Set<String> ONLY_HMAC = Set.of(
            "algorithm", "header", "prefix", "encoding", "signed", "timestamp_header", "timestamp_unit", "id_header");
    private static final Map<String, String> ALGORITHMS =
            Map.of("sha1", "HmacSHA1", "sha256", "HmacSHA256", "sha512", "HmacSHA512");
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
        boolean known =
                scheme.get().equals(UNSIGNED) || scheme.get().equals(HMAC) || Scheme.NAMED.containsKey(scheme.get());
        // the schema has said what is wrong with any other
        return known ? new SignatureSection(section, problems, scheme.get()).scheme() : Optional.empty();
    }

    private static String known() {
        var names = new TreeSet<>(Scheme.NAMED.keySet());
        names.add(HMAC);
        return String.join(", ", names);
    }

    private Optional<Scheme> scheme() {
        if (!scheme.equals(UNSIGNED) && section.get("secret").isEmpty()) {
            problems.add(
                    section,
                    "scheme " + scheme + " lacks \"secret\"; name the setting that holds it, as"
                            + " secret: \"{{crm.webhook-secret}}\"");
        }
        if (scheme.equals(HMAC)) {
            return hmac();
        }
        Optional<Scheme> named = Optional.ofNullable(Scheme.NAMED.get(scheme));
        boolean timed = named.flatMap(Scheme::time).isPresent();
        section.entries().keySet().forEach(option -> {
            if (ONLY_HMAC.contains(option)) {
                refuse(option, "only scheme hmac takes it");
            } else if (option.equals("tolerance") && !timed) {
                refuse(option, "its signature has no time");
            } else if (ALWAYS.contains(option) && !option.equals("scheme") && named.isEmpty()) {
                refuse(option, "nothing is signed");
            }
        });
        return named.flatMap(this::withTolerance);
    }

    private void refuse(String option, String because) {
        problems.addAtKey(
                section,
                option,
                "\"" + option + "\" does not belong to scheme " + scheme + ": " + because + "; remove it");
    }

    private Optional<Scheme> hmac() {
        if (section.get("header").isEmpty()) {
            problems.add(section, "scheme hmac lacks \"header\"; name the header that carries the signature");
        }
        SignedText signed = signed();
        var scheme = new Scheme(
                ALGORITHMS.get(section.text("algorithm").orElse("sha256")),
                new HeaderPart(
                        section.text("header").orElse(""),
                        "",
                        section.text("prefix").orElse("")),
                section.text("encoding").orElse("hex").equals("hex") ? Encoding.HEX_ANY_CASE : Encoding.BASE64,
                signed,
                time(signed),
                section.text("id_header"));
        paired(signed, Place.ID, "id_header");
        return scheme.algorithm() == null ? Optional.empty() : withTolerance(scheme);
    }

    private SignedText signed() {
        String source = section.text("signed").orElse("{body}");
        try {
            return SignedText.of(source);
        } catch (IllegalArgumentException e) {
            problems.add(
                    section.get("signed").orElse(section), "\"signed\" is \"" + source + "\": it " + e.getMessage());
            return SignedText.of("{body}");
        }
    }

    private Optional<SignedTime> time(SignedText signed) {
        paired(signed, Place.TIMESTAMP, "timestamp_header");
        Optional<String> header = section.text("timestamp_header");
        if (header.isEmpty()) {
            for (String option : Set.of("timestamp_unit", "tolerance")) {
                if (section.get(option).isPresent()) {
                    problems.addAtKey(
                            section, option, "\"" + option + "\" has no effect without \"timestamp_header\"; add that");
                }
            }
        }
        Unit unit = UNITS.getOrDefault(section.text("timestamp_unit").orElse("s"), Unit.SECONDS);
        return header.map(name -> SignedTime.bothWays(HeaderPart.whole(name), unit));
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
