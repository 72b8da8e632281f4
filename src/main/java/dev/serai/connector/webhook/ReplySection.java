package dev.serai.connector.webhook;

import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.util.Optional;

/** What {@code reply:} says: which requests are handshakes, and their answer. */
record ReplySection(FirstTemplate when, String is, FirstTemplate body, String contentType) {

    /** @return empty when a problem was noted */
    static Optional<ReplySection> read(Yaml section, Problems problems) {
        Optional<FirstTemplate> when = FirstTemplate.read(section, "when", problems);
        Optional<FirstTemplate> body = FirstTemplate.read(section, "body", problems);
        if (when.isEmpty() || body.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ReplySection(
                when.get(),
                section.text("is").orElse(""),
                body.get(),
                section.text("content_type").orElse("text/plain")));
    }

    /** Empty when the request is no handshake, also when its body cannot be read: that is for the events to say. */
    Optional<Reply> to(RawRequest request) {
        try {
            var values =
                    EventSection.values(request, EventSection.whole(request).json());
            return when.fill(values)
                    .filter(is::equals)
                    .flatMap(yes -> body.fill(values))
                    .map(text -> new Reply(contentType, text));
        } catch (Malformed e) {
            return Optional.empty();
        }
    }
}
