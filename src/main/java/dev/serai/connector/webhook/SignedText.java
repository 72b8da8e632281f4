package dev.serai.connector.webhook;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What a system signs: text with places for parts of the request, {@code v0:{timestamp}:{body}}. */
final class SignedText {
    enum Place {
        BODY,
        TIMESTAMP,
        ID,
        METHOD,
        URL,
        /** The fields of a form, each name and value, sorted by name. */
        FORM,
        /** Only where a plain hash stands in for a signature. */
        SECRET;

        @Override
        public String toString() {
            return "{" + name().toLowerCase(Locale.ROOT) + "}";
        }
    }

    private static final Pattern PLACE = Pattern.compile("\\{(body|timestamp|id|method|url|form|secret)}");

    private final List<Part> parts;

    private record Part(byte[] text, Place place) {}

    private SignedText(List<Part> parts) {
        this.parts = parts;
    }

    /** @throws IllegalArgumentException when a brace belongs to no known place, or the body is not signed */
    static SignedText of(String source) {
        var parts = new ArrayList<Part>();
        var found = PLACE.matcher(source);
        int from = 0;
        while (found.find()) {
            parts.add(text(source.substring(from, found.start())));
            parts.add(new Part(null, Place.valueOf(found.group(1).toUpperCase(Locale.ROOT))));
            from = found.end();
        }
        parts.add(text(source.substring(from)));
        var signed = new SignedText(List.copyOf(parts));
        if (!signed.places().contains(Place.BODY) && !signed.places().contains(Place.FORM)) {
            throw new IllegalArgumentException(
                    "has no {body}; a signature that does not cover the body proves nothing");
        }
        return signed;
    }

    private static Part text(String literal) {
        if (literal.indexOf('{') >= 0 || literal.indexOf('}') >= 0) {
            throw new IllegalArgumentException(
                    "has a place that is not known; known: {body}, {timestamp}, {id}, {method}, {url}, {form}, {secret}");
        }
        return new Part(literal.getBytes(StandardCharsets.UTF_8), null);
    }

    Set<Place> places() {
        var places = EnumSet.noneOf(Place.class);
        parts.stream().filter(part -> part.place != null).forEach(part -> places.add(part.place));
        return places;
    }

    /** Hands the signed bytes on, piece by piece. @param values one for each of the places */
    void feed(Map<Place, byte[]> values, Consumer<byte[]> next) {
        for (Part part : parts) {
            next.accept(part.place == null ? part.text : values.get(part.place));
        }
    }
}
