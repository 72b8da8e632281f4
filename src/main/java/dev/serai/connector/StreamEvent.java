package dev.serai.connector;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.file.Template;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * A changed record as an event.
 *
 * @param id the same for the same record in the same state, so that an overlap is recognised
 * @param record what the event is about; its events are kept in order
 * @param changedAt when the remote says it changed; its place in the stream where that is a number, see {@link Polling#tellsTime}
 * @param bytes the record exactly as the remote wrote it
 * @param problem why the record could not be read; then the event is one of type {@link #UNREADABLE}
 */
public record StreamEvent(
        String type, String id, String record, Instant changedAt, byte[] bytes, Optional<String> problem) {
    /** The type of an event that stands in for a record that could not be read. */
    public static final String UNREADABLE = "record.unreadable";

    public boolean isUnreadable() {
        return problem.isPresent();
    }

    /**
     * Stands in for a record that could not be read, so that the others of its page come in and nothing is lost. Its content is
     * {@code {"stream": …, "problem": …, "record": as the remote wrote it}}.
     *
     * @param stream connection and stream
     * @param changedAt null when the record does not say
     */
    public static StreamEvent unreadable(String stream, byte[] bytes, Instant changedAt, String problem) {
        String hash = Template.FUNCTIONS.get("sha256").apply(new String(bytes, StandardCharsets.UTF_8));
        String id = "unreadable:" + stream + ":" + hash;
        var content = new ByteArrayOutputStream();
        content.writeBytes(("{\"stream\":" + TextNode.valueOf(stream) + ",\"problem\":" + TextNode.valueOf(problem)
                        + ",\"record\":")
                .getBytes(StandardCharsets.UTF_8));
        content.writeBytes(bytes);
        content.write('}');
        return new StreamEvent(UNREADABLE, id, id, changedAt, content.toByteArray(), Optional.of(problem));
    }
}
