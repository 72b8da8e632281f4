package dev.serai.simulator;

import dev.serai.file.Yaml;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A request that is signed as OAuth 1.0a has it (RFC 5849), by an HMAC. It shares no code with what signs. */
final class OAuth1Scheme implements Scheme {
    private static final Pattern PARAMETER = Pattern.compile("([^\\s=,\"]+)=\"([^\"]*)\"");
    private static final String PREFIX = "OAuth ";

    private final String mac;
    private final String realm;
    private final Fresh fresh = new Fresh();

    OAuth1Scheme(Yaml file) {
        this.mac = HmacScheme.mac(file);
        this.realm = file.text("realm").orElse("");
    }

    @Override
    public boolean tried(Asked asked) {
        return asked.header("Authorization").startsWith(PREFIX);
    }

    @Override
    public void check(Attempt attempt) {
        Map<String, String> sent = parameters(attempt.asked().header("Authorization"));
        Credential known = attempt.known();
        require(sent.getOrDefault("realm", "").matches(realm.isEmpty() ? ".*" : realm), "realm");
        require(sent.getOrDefault("oauth_version", "1.0").equals("1.0"), "oauth_version");
        require(mac.replace("Hmac", "HMAC-").equals(sent.get("oauth_signature_method")), "oauth_signature_method");
        require(known.client().equals(sent.get("oauth_consumer_key")), "oauth_consumer_key");
        require(known.token().equals(sent.get("oauth_token")), "oauth_token");
        require(sent.getOrDefault("oauth_timestamp", "").matches("\\d{1,12}"), "oauth_timestamp");
        String base = base(attempt.asked(), attempt.target(), sent);
        if (!sign(mac, base, known.secret(), known.tokenSecret()).equals(sent.get("oauth_signature"))) {
            throw Scheme.wrong("the signature is not that of this request");
        }
        fresh.time(Instant.ofEpochSecond(Long.parseLong(sent.get("oauth_timestamp"))), attempt.now());
        fresh.once(sent.getOrDefault("oauth_nonce", ""));
    }

    private static void require(boolean right, String name) {
        if (!right) {
            throw Scheme.wrong(name + " is not what this vendor takes");
        }
    }

    /** What the header holds, decoded (3.5.1). */
    static Map<String, String> parameters(String header) {
        var parameters = new LinkedHashMap<String, String>();
        var found = PARAMETER.matcher(header);
        while (found.find()) {
            parameters.put(decode(found.group(1)), decode(found.group(2)));
        }
        return parameters;
    }

    /** A plus stands for itself in this header. */
    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Scheme.wrong("the parameters of the signature are not percent-encoded properly");
        }
    }

    /**
     * What is signed (3.4.1).
     *
     * @param target the address that was called, without its query
     * @param sent what the header holds
     */
    static String base(Asked asked, String target, Map<String, String> sent) {
        var all = new ArrayList<>(Asked.pairs(asked.query()));
        if (asked.mediaType().equals("application/x-www-form-urlencoded")) {
            all.addAll(Asked.pairs(asked.body()));
        }
        sent.forEach((name, value) -> {
            if (!Set.of("realm", "oauth_signature").contains(name)) {
                all.add(Map.entry(name, value));
            }
        });
        List<Entry<String, String>> encoded = all.stream()
                .map(pair -> Map.entry(encode(pair.getKey()), encode(pair.getValue())))
                .sorted(Entry.<String, String>comparingByKey()
                        .thenComparing(Entry::getValue, Comparator.naturalOrder()))
                .toList();
        String parameters = encoded.stream()
                .map(pair -> pair.getKey() + "=" + pair.getValue())
                .collect(Collectors.joining("&"));
        return asked.method().toUpperCase(Locale.ROOT) + "&" + encode(normal(target)) + "&" + encode(parameters);
    }

    /** Scheme and host in lower case, without a port that goes without saying (3.4.1.2). */
    private static String normal(String target) {
        int path = target.indexOf('/', target.indexOf("//") + 2);
        String origin = (path < 0 ? target : target.substring(0, path)).toLowerCase(Locale.ROOT);
        String port = origin.startsWith("https:") ? ":443" : ":80";
        String host = origin.endsWith(port) ? origin.substring(0, origin.length() - port.length()) : origin;
        return host + (path < 0 ? "/" : target.substring(path));
    }

    /** As RFC 5849, 3.4.2, has it. @param mac as Java calls it */
    static String sign(String mac, String base, String consumerSecret, String tokenSecret) {
        try {
            Mac hmac = Mac.getInstance(mac);
            String key = encode(consumerSecret) + "&" + encode(tokenSecret);
            hmac.init(new SecretKeySpec(key.getBytes(StandardCharsets.US_ASCII), mac));
            return Base64.getEncoder().encodeToString(hmac.doFinal(base.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All but letters, digits and {@code - . _ ~} (3.6). */
    private static String encode(String text) {
        var encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
            encoded.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return encoded.toString();
    }

    @Override
    public Set<String> headers() {
        return Set.of("Authorization");
    }

    @Override
    public void reset() {
        fresh.clear();
    }
}
