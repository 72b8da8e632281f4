package dev.serai.api;

import static dev.serai.api.Operation.get;
import static dev.serai.api.Operation.post;

import dev.serai.connector.Listing;
import dev.serai.facts.StreamFacts;
import dev.serai.library.Library;
import dev.serai.store.ByHand;
import dev.serai.store.Cursors;
import dev.serai.store.Cursors.Position;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Polled streams: how far each was read, and reading it again from an earlier place. */
final class StreamsApi {
    private final Cursors cursors;
    private final Supplier<Library> library;

    StreamsApi(Cursors cursors, Supplier<Library> library) {
        this.cursors = cursors;
        this.library = library;
    }

    List<Operation> operations() {
        return List.of(
                get("/streams", "list_streams", "Polled streams, and how far each was read")
                        .answers("StreamList", ask -> Answer.of(Json.items(cursors.all(), StreamFacts::json))),
                get("/streams/{connection}/{stream}", "show_stream", "One polled stream")
                        .answers("Stream", ask -> Answer.of(StreamFacts.json(found(ask)))),
                post(
                                "/streams/{connection}/{stream}/cursor",
                                "set_stream",
                                "Lets the next poll begin at another place; what is read again is recognised by its key")
                        .body("CursorOrder")
                        .answers("CursorSet", this::set));
    }

    private Position found(Ask ask) throws SQLException {
        String connection = ask.path().get("connection");
        String stream = ask.path().get("stream");
        return cursors.all().stream()
                .filter(p -> p.connection().equals(connection) && p.stream().equals(stream))
                .findFirst()
                .or(() -> unpolled(connection, stream))
                .orElseThrow(() -> Declined.notFound("no hub has polled " + connection + "/" + stream
                        + ", and no connector file has such a stream; GET /streams lists those that were polled"));
    }

    /** A stream of a connector file that nobody has read yet: it has no place. */
    private Optional<Position> unpolled(String connection, String stream) {
        return library.get()
                .connector(connection)
                .filter(file -> file.operations().get(stream) instanceof Listing)
                .map(file -> new Position(connection, stream, "", null));
    }

    private Answer set(Ask ask) throws SQLException {
        Position before = found(ask);
        String cursor = ask.body().path("cursor").asText();
        boolean dryRun = ask.body().path("dry_run").asBoolean();
        if (!dryRun) {
            ByHand by = ask.byHand();
            if (!cursors.set(before, cursor, by)) {
                throw Declined.conflict(before.connection() + "/" + before.stream()
                        + " is being polled now, or has moved since it was read; nothing was changed. Look again");
            }
        }
        return Answer.of(Json.object()
                .put("dry_run", dryRun)
                .put("connection", before.connection())
                .put("stream", before.stream())
                .put("before", before.value())
                .put("cursor", cursor)
                .put("changed", !dryRun && !cursor.equals(before.value())));
    }
}
