package dev.serai.connector.auth;

import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Request;
import dev.serai.connector.Text;
import dev.serai.connector.Values;
import dev.serai.file.Template;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A request that carries an HMAC of itself.
 *
 * @param signs what is signed, with the places of {@link #PLACES}
 */
public record Hmac(Text secret, Headers sent, Template signs, Form form) implements Auth {
    private static final String WHSEC = "whsec_";

    /** What the signed text may be made of. */
    public static final Set<String> PLACES = Set.of("method", "url", "path", "timestamp", "nonce", "body");

    /** A place that begins so is a header of the request. */
    static final String HEADER = "header.";

    /**
     * Which headers carry it.
     *
     * @param signature where the signature goes
     * @param prefix of the signature, such as {@code sha256=}, or with the id of the key; may be empty
     * @param timestamp where the time goes; empty when it is not sent
     * @param nonce where the nonce goes; empty when it is not sent
     */
    public record Headers(String signature, Text prefix, String timestamp, String nonce) {}

    /** How the signature is made and written. */
    public record Form(Algorithm algorithm, Encoding encoding, SecretAs secretAs, TimestampUnit time) {}

    /** How the secret is written. */
    public enum SecretAs {
        TEXT,
        /** With or without {@code whsec_} before it, as Standard Webhooks have it. */
        BASE64
    }

    /** The digest in it. */
    public enum Algorithm {
        SHA256("HmacSHA256"),
        SHA512("HmacSHA512"),
        SHA1("HmacSHA1");

        private final String name;

        Algorithm(String name) {
            this.name = name;
        }
    }

    /** How the time is written, of which no more is told than the second or the millisecond. */
    public enum TimestampUnit {
        S,
        MS,
        RFC3339;

        String write(Instant now) {
            return switch (this) {
                case S -> Long.toString(now.getEpochSecond());
                case MS -> Long.toString(now.toEpochMilli());
                case RFC3339 -> now.truncatedTo(ChronoUnit.SECONDS).toString();
            };
        }
    }

    /** How its bytes are written. */
    public enum Encoding {
        HEX,
        BASE64
    }

    @Override
    public Stream<Text> texts() {
        return Stream.of(secret, sent.prefix);
    }

    @Override
    public Stream<Text> secretTexts() {
        return Stream.of(secret);
    }

    @Override
    public void apply(Values values, Map<String, String> headers, Map<String, String> query) {
        // what is missing or unfit is said before anything is meant to be sent
        key(values);
        if (values.fill(sent.prefix).chars().anyMatch(c -> c < 0x20 || c > 0x7E)) {
            throw values.refused("header " + sent.signature + " would hold a character no header may carry; correct "
                    + String.join(", ", sent.prefix.settings()) + ", which \"auth.prefix\" takes");
        }
    }

    /** The headers of the request that are signed. */
    public Set<String> signedHeaders() {
        return signs.names().stream()
                .filter(name -> name.startsWith(HEADER))
                .map(name -> name.substring(HEADER.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The place that stands for a header which is there only when the request is signed. */
    public Optional<String> placeOf(String header) {
        if (header.equalsIgnoreCase(sent.timestamp)) {
            return Optional.of("timestamp");
        }
        return header.equalsIgnoreCase(sent.nonce) ? Optional.of("nonce") : Optional.empty();
    }

    @Override
    public Request sign(Request request, Values values, Moment moment) {
        String time = form.time.write(moment.now());
        String query = request.url().getRawQuery();
        Map<String, String> parts = Map.of(
                "method", request.method(),
                "url", request.url().toString(),
                "path", request.url().getRawPath() + (query == null ? "" : "?" + query),
                "timestamp", time,
                "nonce", moment.nonce());
        byte[] text = text(request, parts, values);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(request.headers());
        headers.put(sent.signature, values.fill(sent.prefix) + written(mac(text, key(values))));
        if (!sent.timestamp.isEmpty()) {
            headers.put(sent.timestamp, time);
        }
        if (!sent.nonce.isEmpty()) {
            headers.put(sent.nonce, moment.nonce());
        }
        return new Request(request.method(), request.url(), headers, request.body());
    }

    private byte[] text(Request request, Map<String, String> parts, Values values) {
        try {
            return signs.fillBytes(name -> {
                if (name.equals("body")) {
                    return request.body();
                }
                String part = name.startsWith(HEADER)
                        ? request.headers().get(name.substring(HEADER.length()))
                        : parts.get(name);
                return part == null ? null : part.getBytes(StandardCharsets.UTF_8);
            });
        } catch (Template.MissingValue e) {
            throw values.refused("the signature is over {" + e.name() + "}, and the request has no such header; correct"
                    + " \"auth.signs\", or add the header");
        }
    }

    private byte[] key(Values values) {
        String key = values.fill(secret);
        if (form.secretAs == SecretAs.TEXT) {
            return key.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(key.startsWith(WHSEC) ? key.substring(WHSEC.length()) : key);
        } catch (IllegalArgumentException e) {
            throw new ConnectorRefused(values.connector() + ": setting " + String.join(", ", secret.settings())
                    + " holds no base64; write whsec_ and 24 to 64 random bytes in base64 (openssl rand -base64 32)");
        }
    }

    private byte[] mac(byte[] text, byte[] key) {
        try {
            Mac mac = Mac.getInstance(form.algorithm.name);
            mac.init(new SecretKeySpec(key, form.algorithm.name));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String written(byte[] signature) {
        return form.encoding == Encoding.HEX
                ? HexFormat.of().formatHex(signature)
                : Base64.getEncoder().encodeToString(signature);
    }

    @Override
    public Set<String> secrets(Values values) {
        return Auth.shownAs(secretTexts(), values);
    }
}
