package dev.serai.simulator;

import dev.serai.file.FileRefused;
import dev.serai.file.Yaml;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A request that carries an HMAC of itself, said with the words of a connector file. It shares no code with what signs: a mistake
 * there is to show here.
 */
final class HmacScheme implements Scheme {
    private static final Pattern PLACE = Pattern.compile("\\{((?:\\w+\\()*)([\\w.-]+)\\)*}");

    private static final Set<String> PARTS = Set.of("method", "url", "path", "timestamp", "nonce", "body");
    private static final String OF_HEADER = "header.";

    private static final Map<String, UnaryOperator<byte[]>> FUNCTIONS = Map.of(
            "md5", bytes -> hash("MD5", bytes),
            "sha256", bytes -> hash("SHA-256", bytes),
            "base64url", bytes -> Base64.getUrlEncoder().withoutPadding().encode(bytes),
            "lower", bytes -> bytes(new String(bytes, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT)),
            "upper", bytes -> bytes(new String(bytes, StandardCharsets.UTF_8).toUpperCase(Locale.ROOT)),
            "trim", bytes -> bytes(new String(bytes, StandardCharsets.UTF_8).strip()));

    private final Yaml file;
    private final String header;
    private final String signs;
    private final String timeHeader;
    private final String nonceHeader;
    private final Fresh fresh = new Fresh();

    /** @throws FileRefused when it signs what no request has */
    HmacScheme(Yaml file) {
        this.file = file;
        this.header = file.text("header").orElseThrow();
        this.signs = file.text("signs").orElseThrow();
        this.timeHeader = file.text("timestamp_header").orElse("");
        this.nonceHeader = file.text("nonce_header").orElse("");
        var places = PLACE.matcher(signs);
        while (places.find()) {
            String name = places.group(2);
            var unknown = new TreeSet<>(functions(places));
            unknown.removeAll(FUNCTIONS.keySet());
            if (!PARTS.contains(name) && !name.startsWith(OF_HEADER)) {
                throw refused("has a place {" + name + "}; known: {" + String.join("}, {", new TreeSet<>(PARTS))
                        + "}, {header.Name}");
            }
            if (!unknown.isEmpty()) {
                throw refused("has a function " + unknown.first() + "; known: "
                        + String.join(", ", new TreeSet<>(FUNCTIONS.keySet())));
            }
        }
    }

    static HmacScheme standardWebhooks() {
        return new HmacScheme(Yaml.read("standard_webhooks", """
                header: webhook-signature
                prefix: "v1,"
                secret_as: base64
                encoding: base64
                timestamp_header: webhook-timestamp
                signs: "{header.webhook-id}.{timestamp}.{body}"
                """));
    }

    private FileRefused refused(String words) {
        Yaml at = file.get("signs").orElseThrow();
        return new FileRefused(List.of(at.problem(at.place(), "\"signs\" " + words)));
    }

    /** Innermost last, as they are written. */
    private static List<String> functions(Matcher place) {
        return Arrays.stream(place.group(1).split("\\("))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    @Override
    public boolean tried(Asked asked) {
        return !asked.header(header).isEmpty();
    }

    @Override
    public void check(Attempt attempt) {
        Asked asked = attempt.asked();
        String right = file.text("prefix").orElse("") + signature(attempt);
        if (!asked.header(header).equals(right)) {
            throw Scheme.wrong("the signature is not that of this request");
        }
        if (!timeHeader.isEmpty()) {
            fresh.time(time(asked.header(timeHeader)), attempt.now());
        }
        if (!nonceHeader.isEmpty()) {
            fresh.once(asked.header(nonceHeader));
        }
    }

    private Instant time(String sent) {
        try {
            return switch (file.text("timestamp_unit").orElse("s")) {
                case "ms" -> Instant.ofEpochMilli(Long.parseLong(sent));
                case "rfc3339" -> Instant.parse(sent);
                default -> Instant.ofEpochSecond(Long.parseLong(sent));
            };
        } catch (NumberFormatException | DateTimeException e) {
            throw Scheme.wrong("the time of the signature can't be read");
        }
    }

    private String signature(Attempt attempt) {
        String secret = attempt.known().secret();
        String algorithm = mac(file);
        try {
            byte[] key = file.text("secret_as").orElse("text").equals("base64")
                    ? Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""))
                    : bytes(secret);
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            byte[] signature = mac.doFinal(signed(attempt));
            return file.text("encoding").orElse("hex").equals("base64")
                    ? Base64.getEncoder().encodeToString(signature)
                    : HexFormat.of().formatHex(signature);
        } catch (IllegalArgumentException e) {
            throw Scheme.wrong("the vendor's own secret is no key");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The HMAC that {@code algorithm} of a scheme names, as Java calls it. */
    static String mac(Yaml scheme) {
        return "HmacSHA" + scheme.text("algorithm").orElse("sha256").substring("sha".length());
    }

    private byte[] signed(Attempt attempt) {
        var text = new ByteArrayOutputStream();
        var places = PLACE.matcher(signs);
        int from = 0;
        while (places.find()) {
            text.writeBytes(bytes(signs.substring(from, places.start())));
            byte[] value = value(places.group(2), attempt);
            List<String> functions = functions(places);
            for (int i = functions.size() - 1; i >= 0; i--) {
                value = FUNCTIONS.get(functions.get(i)).apply(value);
            }
            text.writeBytes(value);
            from = places.end();
        }
        text.writeBytes(bytes(signs.substring(from)));
        return text.toByteArray();
    }

    private byte[] value(String name, Attempt attempt) {
        Asked asked = attempt.asked();
        String target = attempt.target() + (asked.query().isEmpty() ? "" : "?" + asked.query());
        return switch (name) {
            case "method" -> bytes(asked.method());
            case "url" -> bytes(target);
            case "path" -> bytes(target.replaceFirst("^https?://[^/]*", ""));
            case "timestamp" -> bytes(asked.header(timeHeader));
            case "nonce" -> bytes(asked.header(nonceHeader));
            case "body" -> asked.bytes();
            default -> bytes(asked.header(name.substring(OF_HEADER.length())));
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] hash(String algorithm, byte[] of) {
        try {
            return bytes(HexFormat.of()
                    .formatHex(MessageDigest.getInstance(algorithm).digest(of)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Set<String> headers() {
        return Set.of(header);
    }

    @Override
    public void reset() {
        fresh.clear();
    }
}
