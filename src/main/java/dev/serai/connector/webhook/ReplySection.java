package dev.serai.connector.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.file.FirstTemplate;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What {@code reply:} says: which requests are handshakes, and their answers.
 *
 * @param method of such a request
 * @param signed whether it proves who sent it, as all others must
 * @param when empty: every request of that method
 * @param is what {@code when} comes to; empty: anything
 * @param headers of the answer
 */
record ReplySection(
        String method,
        boolean signed,
        Optional<FirstTemplate> when,
        String is,
        Map<String, FirstTemplate> headers,
        Content content) {
    /** What is sent back may be what came in: no more of it than a challenge is long. */
    private static final int MAX_LENGTH = 1_000;

    /** The answer's body. */
    record Content(FirstTemplate body, String type) {}

    /** @return without those where a problem was noted */
    static List<ReplySection> read(Yaml at, Problems problems) {
        var replies = new ArrayList<ReplySection>();
        for (Yaml section : at.isList() ? at.items() : List.of(at)) {
            if (section.isMap()) {
                one(section, problems).ifPresent(replies::add);
            }
        }
        return List.copyOf(replies);
    }

    private static Optional<ReplySection> one(Yaml section, Problems problems) {
        String method = section.text("method").orElse("POST");
        boolean signed =
                section.get("signed").map(at -> at.json().asBoolean(true)).orElse(true);
        Optional<FirstTemplate> when = FirstTemplate.read(section, "when", problems);
        Optional<FirstTemplate> body = FirstTemplate.read(section, "body", problems);
        if (method.equals("POST") && section.get("when").isEmpty()) {
            problems.add(section, "\"reply\" lacks \"when\"; without it every event would be taken for a handshake");
            return Optional.empty();
        }
        if (section.get("is").isPresent() && section.get("when").isEmpty()) {
            problems.add(section, "\"is\" says nothing without \"when\"; add that");
            return Optional.empty();
        }
        var headers = new HashMap<String, FirstTemplate>();
        section.get("headers").filter(Yaml::isMap).ifPresent(map -> map.entries()
                .keySet()
                .forEach(name -> FirstTemplate.read(map, name, problems).ifPresent(text -> headers.put(name, text))));
        return body.map(text -> new ReplySection(
                method,
                signed,
                when,
                section.text("is").orElse(""),
                Map.copyOf(headers),
                new Content(text, section.text("content_type").orElse("text/plain"))));
    }

    /** Empty when the request is no handshake, also when its body cannot be read: that is for the events to say. */
    Optional<Reply> to(RawRequest request) {
        if (!request.method().equals(method)) {
            return Optional.empty();
        }
        Function<String, String> values = EventSection.values(request, json(request));
        if (when.isPresent()) {
            Optional<String> found = when.get().fill(values);
            if (found.isEmpty() || !is.isEmpty() && !is.equals(found.get())) {
                return Optional.empty();
            }
        }
        var filled = new HashMap<String, String>();
        for (var header : headers.entrySet()) {
            Optional<String> value = header.getValue().fill(values).filter(ReplySection::fits);
            if (value.isEmpty() || value.get().chars().anyMatch(Character::isISOControl)) {
                return Optional.empty();
            }
            filled.put(header.getKey(), value.get());
        }
        return content.body
                .fill(values)
                .filter(ReplySection::fits)
                .map(text -> new Reply(content.type, text, Map.copyOf(filled)));
    }

    private static boolean fits(String text) {
        return text.length() <= MAX_LENGTH;
    }

    private static JsonNode json(RawRequest request) {
        try {
            return EventSection.whole(request).json();
        } catch (Malformed e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }
}
