package dev.serai.connector.webhook;

import dev.serai.connector.webhook.SignedText.Place;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How one system signs its requests: always an HMAC, told apart by where the parts stand and how they are written.
 *
 * @param algorithm as {@link javax.crypto.Mac} calls it
 * @param signature where the signature stands; one header may carry several while a secret is being changed
 * @param idHeader the header that fills {@code {id}} of the signed text
 */
record Scheme(
        String algorithm,
        HeaderPart signature,
        Encoding encoding,
        SignedText signed,
        Optional<SignedTime> time,
        Optional<String> idHeader) {

    /** The tolerance of every vendor's library that checks a time, and of the Standard Webhooks specification. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    /** Schemes known by name. Each follows the vendor's own library; the test vectors were made with those. */
    static final Map<String, Scheme> NAMED = Map.of(
            // stripe 23.1.0: t=…,v1=…[,v1=…]; too old is refused, too new is not
            "stripe",
            sha256(new HeaderPart("Stripe-Signature", ",", "v1="), Encoding.HEX, "{timestamp}.{body}")
                    .with(SignedTime.pastOnly(new HeaderPart("Stripe-Signature", ",", "t="), Unit.SECONDS)),
            // @octokit/webhooks-methods 6.0.0: no time
            "github",
            sha256(new HeaderPart("X-Hub-Signature-256", "", "sha256="), Encoding.HEX, "{body}"),
            // @shopify/shopify-api 15.0.0: no time
            "shopify",
            sha256(HeaderPart.whole("X-Shopify-Hmac-Sha256"), Encoding.BASE64, "{body}"),
            // @slack/bolt 5.1.0: too old is refused, too new is not
            "slack",
            sha256(new HeaderPart("X-Slack-Signature", "", "v0="), Encoding.HEX, "v0:{timestamp}:{body}")
                    .with(SignedTime.pastOnly(HeaderPart.whole("X-Slack-Request-Timestamp"), Unit.SECONDS)),
            // @hubspot/api-client 13.5.0: milliseconds, the address as the sender called it; too new is not refused
            "hubspot_v3",
            sha256(HeaderPart.whole("X-HubSpot-Signature-v3"), Encoding.BASE64, "{method}{url}{body}{timestamp}")
                    .with(SignedTime.pastOnly(HeaderPart.whole("X-HubSpot-Request-Timestamp"), Unit.MILLISECONDS)),
            // standardwebhooks 1.1.1: "v1,… v1,…", time checked both ways
            "standard_webhooks",
            sha256(new HeaderPart("webhook-signature", " ", "v1,"), Encoding.BASE64, "{id}.{timestamp}.{body}")
                    .with(SignedTime.bothWays(HeaderPart.whole("webhook-timestamp"), Unit.SECONDS))
                    .withId("webhook-id"));

    private static Scheme sha256(HeaderPart signature, Encoding encoding, String signed) {
        return new Scheme("HmacSHA256", signature, encoding, SignedText.of(signed), Optional.empty(), Optional.empty());
    }

    Scheme with(SignedTime time) {
        return new Scheme(algorithm, signature, encoding, signed, Optional.of(time), idHeader);
    }

    Scheme withId(String header) {
        return new Scheme(algorithm, signature, encoding, signed, time, Optional.of(header));
    }

    /** @param tolerance replaces the scheme's own; without effect where the scheme has no time */
    Scheme within(Duration tolerance) {
        return new Scheme(algorithm, signature, encoding, signed, time.map(t -> t.within(tolerance)), idHeader);
    }

    boolean signs(Place place) {
        return signed.places().contains(place);
    }

    /**
     * A value inside a header.
     *
     * @param separator between the header's entries; empty when the header is one entry
     * @param prefix marks the entries that are meant, and is cut off
     */
    record HeaderPart(String header, String separator, String prefix) {
        static HeaderPart whole(String header) {
            return new HeaderPart(header, "", "");
        }

        /** Every entry that is meant; empty when the header holds none. */
        List<String> in(String value) {
            var entries = separator.isEmpty() ? List.of(value) : Arrays.asList(value.split(separator));
            return entries.stream()
                    .map(String::strip)
                    .filter(entry -> entry.startsWith(prefix) && entry.length() > prefix.length())
                    .map(entry -> entry.substring(prefix.length()))
                    .toList();
        }
    }

    /** How old, and how far ahead, a signed time may be. @param future empty: as far ahead as it likes */
    record SignedTime(HeaderPart part, Unit unit, Duration past, Optional<Duration> future) {
        static SignedTime pastOnly(HeaderPart part, Unit unit) {
            return new SignedTime(part, unit, TOLERANCE, Optional.empty());
        }

        static SignedTime bothWays(HeaderPart part, Unit unit) {
            return new SignedTime(part, unit, TOLERANCE, Optional.of(TOLERANCE));
        }

        SignedTime within(Duration tolerance) {
            return new SignedTime(part, unit, tolerance, future.map(f -> tolerance));
        }
    }

    /** How a time is written in a header. */
    enum Unit {
        SECONDS(Times::seconds, "whole seconds since 1970"),
        MILLISECONDS(Times::milliseconds, "whole milliseconds since 1970"),
        RFC_3339(Times::rfc3339, "RFC 3339, as 2026-11-21T09:30:00Z");

        private final Function<String, Optional<Instant>> parse;
        private final String words;

        Unit(Function<String, Optional<Instant>> parse, String words) {
            this.parse = parse;
            this.words = words;
        }

        Optional<Instant> parse(String text) {
            return parse.apply(text);
        }

        String words() {
            return words;
        }
    }

    /** How the bytes of a signature are written. Compared as text, so that one signature has one spelling. */
    enum Encoding {
        HEX,
        /** For senders of unknown make: some platforms print capitals by default. */
        HEX_ANY_CASE,
        BASE64;

        /** Takes the same time wherever the two differ. */
        boolean matches(byte[] computed, String given) {
            String text = this == BASE64
                    ? Base64.getEncoder().encodeToString(computed)
                    : HexFormat.of().formatHex(computed);
            String spelt = this == HEX_ANY_CASE ? given.toLowerCase(Locale.ROOT) : given;
            return MessageDigest.isEqual(text.getBytes(StandardCharsets.UTF_8), spelt.getBytes(StandardCharsets.UTF_8));
        }
    }
}
