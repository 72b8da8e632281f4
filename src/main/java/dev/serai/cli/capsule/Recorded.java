package dev.serai.cli.capsule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Request;
import dev.serai.connector.Transcript;
import dev.serai.record.Likeness;
import dev.serai.route.StandIn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The remotes of a capsule: what was asked then gets the answer it got then, and nothing else gets any. */
final class Recorded implements StandIn {
    /** How a call fails that nobody can answer. */
    static final String UNKNOWN = "it was not asked then, so nobody knows the answer";

    /** What was not asked then. @param nearest the call of then that it is most like; empty for none of that connection */
    record Other(Connector connector, Request request, Optional<JsonNode> nearest, List<String> differences) {}

    private final List<JsonNode> calls = new ArrayList<>();
    private final Set<JsonNode> met = Collections.newSetFromMap(new IdentityHashMap<>());
    private Other other;

    Recorded(JsonNode capsule) {
        capsule.path("calls").forEach(calls::add);
    }

    @Override
    public synchronized Answer answer(Connector connector, Request request) throws IOException {
        JsonNode now = Transcript.of(connector).request(request);
        JsonNode nearest = null;
        List<String> least = List.of();
        for (JsonNode call : calls) {
            if (!call.path("connection").asText().equals(connector.name())) {
                continue;
            }
            var masked = new HashSet<String>();
            call.path("masked").forEach(place -> masked.add(place.asText()));
            List<String> differences = Likeness.differences(call.path("request"), now, masked);
            // of several that were alike each is met before one is met again
            boolean nearer = nearest == null
                    || differences.size() < least.size()
                    || differences.isEmpty() && met.contains(nearest) && !met.contains(call);
            if (nearer) {
                nearest = call;
                least = differences;
            }
        }
        if (nearest != null && least.isEmpty()) {
            met.add(nearest);
            if (!nearest.path("answer").isObject()) {
                throw new IOException("no answer came then either");
            }
            return Transcript.answer(nearest.path("answer"));
        }
        if (other == null) {
            other = new Other(connector, request, Optional.ofNullable(nearest), least);
        }
        // the call fails at once: to try again would not help
        throw new IOException(UNKNOWN, new ConnectorRefused(UNKNOWN));
    }

    /** Whether the same was asked as then. */
    synchronized boolean met(JsonNode call) {
        return met.contains(call);
    }

    /** The first thing that was asked and not recorded; empty while all was. */
    synchronized Optional<Other> other() {
        return Optional.ofNullable(other);
    }
}
