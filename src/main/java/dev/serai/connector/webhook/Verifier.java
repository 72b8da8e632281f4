package dev.serai.connector.webhook;

import dev.serai.connector.webhook.Scheme.SignedTime;
import dev.serai.connector.webhook.Sealing.Seal;
import dev.serai.connector.webhook.SignedText.Place;
import dev.serai.connector.webhook.Verification.Code;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Checks requests against one scheme and its keys. */
final class Verifier {
    private final Scheme scheme;
    private final List<Seal> seals;

    /** @param keys the valid ones, two while a secret is being changed; without any, nothing is accepted */
    Verifier(Scheme scheme, List<byte[]> keys) {
        this.scheme = scheme;
        this.seals = keys.stream()
                .map(key -> scheme.sealing().with(key, scheme.encoding()))
                .toList();
    }

    /** Never throws, whatever the headers hold. The time is judged last, so that "stale" is only said of genuine ones. */
    Verification check(RawRequest request, Instant now) {
        String header = scheme.signature().header();
        Optional<String> sent = part(request, header);
        if (sent.isEmpty()) {
            return missing(header);
        }
        List<String> candidates = scheme.signature().in(sent.get());
        if (candidates.isEmpty()) {
            return new Verification(
                    Code.MALFORMED,
                    "the header " + header + " holds no signature that begins with \""
                            + scheme.signature().prefix() + "\"");
        }
        var values = new EnumMap<Place, byte[]>(Place.class);
        values.put(Place.BODY, request.body());
        values.put(Place.METHOD, bytes(request.method()));
        values.put(Place.URL, bytes(request.url()));
        if (scheme.signs(Place.FORM)) {
            Optional<byte[]> form = FormBody.sorted(request.body());
            if (form.isEmpty()) {
                return new Verification(Code.MALFORMED, "the body is no form, and its fields are what is signed");
            }
            values.put(Place.FORM, form.get());
        }
        if (scheme.idHeader().isPresent()) {
            Optional<String> id = request.header(scheme.idHeader().get());
            if (id.isEmpty()) {
                return missing(scheme.idHeader().get());
            }
            values.put(Place.ID, bytes(id.get()));
        }
        if (scheme.time().isEmpty()) {
            return signedBy(values, candidates);
        }
        return timed(request, scheme.time().get(), now, values, candidates);
    }

    private Verification timed(
            RawRequest request, SignedTime time, Instant now, Map<Place, byte[]> values, List<String> candidates) {
        String header = time.part().header();
        Optional<String> text = request.header(header)
                .flatMap(value -> time.part().in(value).stream().findFirst());
        if (text.isEmpty()) {
            return missing(time.part().prefix() + (time.part().prefix().isEmpty() ? "" : "… in ") + header);
        }
        Optional<Instant> signedAt = time.unit().parse(text.get());
        if (signedAt.isEmpty()) {
            return new Verification(
                    Code.MALFORMED,
                    "the time in the header " + header + " is not "
                            + time.unit().words());
        }
        values.put(Place.TIMESTAMP, bytes(text.get()));
        Verification signed = signedBy(values, candidates);
        return signed.accepted() ? fresh(time, Duration.between(signedAt.get(), now)) : signed;
    }

    private static Verification fresh(SignedTime time, Duration age) {
        if (age.compareTo(time.past()) > 0) {
            return new Verification(
                    Code.STALE,
                    "rightly signed, but " + age.toSeconds() + " s ago; at most "
                            + time.past().toSeconds()
                            + " s are tolerated (an old request sent again, or a clock that is off)");
        }
        Duration ahead = age.negated();
        if (time.future().isPresent() && ahead.compareTo(time.future().get()) > 0) {
            return new Verification(
                    Code.FUTURE,
                    "rightly signed, but for a time " + ahead.toSeconds() + " s from now; at most "
                            + time.future().get().toSeconds() + " s are tolerated (one of the two clocks is off)");
        }
        return Verification.ACCEPTED;
    }

    /** Tries every signature of the request with every key, and does not stop at the first that fits. */
    private Verification signedBy(Map<Place, byte[]> values, List<String> candidates) {
        boolean match = false;
        for (Seal seal : seals) {
            Predicate<String> fits = seal.over(scheme.signed(), values);
            for (String candidate : candidates) {
                match |= fits.test(candidate);
            }
        }
        return match
                ? Verification.ACCEPTED
                : new Verification(
                        Code.MISMATCH,
                        scheme.sealing().kind() == Sealing.Kind.EQUAL
                                ? "the secret in " + scheme.signature().header() + " is not ours"
                                : "the signature in " + scheme.signature().header()
                                        + " was not made with our secret over these bytes (another secret, or a body that was"
                                        + " changed on the way"
                                        + (scheme.signs(Place.URL)
                                                ? ", or an address other than the one the sender called"
                                                : "")
                                        + ")");
    }

    private static Optional<String> part(RawRequest request, String name) {
        if (name.startsWith(".")) {
            return request.field(name.substring(1));
        }
        return name.startsWith("?") ? request.query(name.substring(1)) : request.header(name);
    }

    private static Verification missing(String what) {
        return new Verification(
                Code.MISSING,
                (what.startsWith(".")
                                ? "the field " + what.substring(1) + " of the body"
                                : what.startsWith("?")
                                        ? "the query parameter " + what.substring(1)
                                        : "the header " + what)
                        + " is missing (the sender does not sign, or a proxy drops it)");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
