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
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * How one system proves that a request is its own: what is computed, where the parts stand and how they are written.
 *
 * @param signature where the signature stands; one header may carry several while a secret is being changed
 * @param idHeader the header that fills {@code {id}} of the signed text
 */
record Scheme(
        Sealing sealing,
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
                    .withId("webhook-id"),
            // as above, but its key is the client secret as it is written
            "bigcommerce",
            sha256(new HeaderPart("webhook-signature", " ", "v1,"), Encoding.BASE64, "{id}.{timestamp}.{body}")
                    .with(SignedTime.bothWays(HeaderPart.whole("webhook-timestamp"), Unit.SECONDS))
                    .withId("webhook-id"),
            // the specification's asymmetric signature: "v1a,…", whpk_ and the raw Ed25519 key
            "standard_webhooks_v1a",
            new Scheme(
                            Sealing.ED25519,
                            new HeaderPart("webhook-signature", " ", "v1a,"),
                            Encoding.BASE64,
                            SignedText.of("{id}.{timestamp}.{body}"),
                            Optional.empty(),
                            Optional.empty())
                    .with(SignedTime.bothWays(HeaderPart.whole("webhook-timestamp"), Unit.SECONDS))
                    .withId("webhook-id"),
            // @sendgrid/eventwebhook 8.0.0 checks no time; how old a repeat may be is not known, a day covers its
            // retries
            "sendgrid",
            new Scheme(
                            Sealing.ECDSA,
                            HeaderPart.whole("X-Twilio-Email-Event-Webhook-Signature"),
                            Encoding.BASE64,
                            SignedText.of("{timestamp}{body}"),
                            Optional.empty(),
                            Optional.empty())
                    .with(SignedTime.bothWays(HeaderPart.whole("X-Twilio-Email-Event-Webhook-Timestamp"), Unit.SECONDS))
                    .within(Duration.ofDays(1)));

    private static Scheme sha256(HeaderPart signature, Encoding encoding, String signed) {
        return new Scheme(
                Sealing.HMAC_SHA256, signature, encoding, SignedText.of(signed), Optional.empty(), Optional.empty());
    }

    /** Nothing is signed: the secret itself comes along. */
    static Scheme carried(HeaderPart where) {
        return new Scheme(
                Sealing.EQUAL, where, Encoding.HEX, SignedText.of("{body}"), Optional.empty(), Optional.empty());
    }

    Scheme with(SignedTime time) {
        return new Scheme(sealing, signature, encoding, signed, Optional.of(time), idHeader);
    }

    Scheme withId(String header) {
        return new Scheme(sealing, signature, encoding, signed, time, Optional.of(header));
    }

    /** @param tolerance replaces the scheme's own; without effect where the scheme has no time */
    Scheme within(Duration tolerance) {
        return new Scheme(sealing, signature, encoding, signed, time.map(t -> t.within(tolerance)), idHeader);
    }

    boolean signs(Place place) {
        return signed.places().contains(place);
    }

    /**
     * A value inside a header.
     *
     * @param header its name; with a question mark before it, the name of a query parameter of the address called; with a dot
     *     before it, the dotted path of a field of the body
     * @param separator between the header's entries; empty when the header is one entry
     * @param prefix marks the entries that are meant, and is cut off
     */
    record HeaderPart(String header, String separator, String prefix) {
        private static final int MOST = 10;

        /** Whether it stands in the body, and so in each event as it came. */
        boolean isField() {
            return header.startsWith(".");
        }

        static HeaderPart whole(String header) {
            return new HeaderPart(header, "", "");
        }

        /** The entries that are meant, ten at most: nobody rotates that many. Empty when the header holds none. */
        List<String> in(String value) {
            var entries = separator.isEmpty() ? List.of(value) : Arrays.asList(value.split(Pattern.quote(separator)));
            return entries.stream()
                    .map(String::strip)
                    .filter(entry -> entry.startsWith(prefix) && entry.length() > prefix.length())
                    .map(entry -> entry.substring(prefix.length()))
                    .limit(MOST)
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

        /** Whether something given is the spelling of these bytes; takes the same time wherever the two differ. */
        Predicate<String> same(byte[] computed) {
            byte[] text = (this == BASE64
                            ? Base64.getEncoder().encodeToString(computed)
                            : HexFormat.of().formatHex(computed))
                    .getBytes(StandardCharsets.UTF_8);
            return given -> {
                String spelt = this == HEX_ANY_CASE ? given.toLowerCase(Locale.ROOT) : given;
                return MessageDigest.isEqual(text, spelt.getBytes(StandardCharsets.UTF_8));
            };
        }

        /** The bytes something given spells; empty when it spells none. */
        Optional<byte[]> bytes(String given) {
            try {
                return Optional.of(
                        this == BASE64
                                ? Base64.getDecoder().decode(given)
                                : HexFormat.of().parseHex(given));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }
}
