package dev.serai.facts;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Transcript;
import dev.serai.connector.Verdicts;
import dev.serai.facts.Capsule.None;
import dev.serai.library.Library;
import dev.serai.mapping.Mapping;
import dev.serai.store.Capsules;
import dev.serai.store.History;
import dev.serai.store.History.Run;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A run with all it takes to live through it again without a network: its event, what it sent and was answered, and what it died
 * of, if it did. Other people stand in place of those it was about, the same for the same everywhere.
 */
public final class Incident {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final History history;
    private final Capsules capsules;
    private final Supplier<ArrayNode> settings;

    /** @param settings as {@link SettingFacts} tells them */
    public Incident(History history, Capsules capsules, Supplier<ArrayNode> settings) {
        this.history = history;
        this.capsules = capsules;
        this.settings = settings;
    }

    /** All of it as it was. @param pinned what is called again, and what is not */
    private record Original(Run run, String occurredAt, JsonNode payload, Kept kept, Pinned pinned) {
        boolean died() {
            return run.state().equals("dead");
        }
    }

    /**
     * @param salt chance
     * @throws None when there is nothing that a test could be made of; says why
     */
    public ObjectNode json(Run run, Library library, byte[] salt) throws SQLException {
        Kept kept = Kept.of(history, run.id());
        List<Capsules.Done> done = capsules.done(run.id());
        Pinned pinned =
                switch (run.state()) {
                    case "dead" -> new Pinned(kept.calls(), done, ofDead(kept, done));
                    case "done" -> Pinned.of(run, history.steps(run.id()), kept, done, library, settings.get());
                    default ->
                        throw new None(run.name() + " is " + run.state()
                                + "; a capsule is made of a run that is dead or done");
                };
        var original = new Original(
                run,
                history.event(run.event().id())
                        .map(event -> RunFacts.text(event.occurredAt()))
                        .orElse(null),
                Capsule.payload(history, run),
                kept,
                pinned);
        var masking = new Masking(original, library, salt);
        ObjectNode strict = masking.json(true);
        if (masking.isTrue(strict)) {
            return strict;
        }
        ObjectNode lax = masking.json(false);
        return masking.isTrue(lax)
                ? lax
                : note(
                        strict,
                        "with other people in it the files of today judge it otherwise; try it before you build on it");
    }

    private static List<String> ofDead(Kept kept, List<Capsules.Done> done) {
        var notes = new ArrayList<String>();
        if (kept.claims().isEmpty()) {
            notes.add("what this run sent and was answered was not kept");
        }
        kept.last()
                .path("left_out")
                .forEach(step -> notes.add("the call of step " + step.asText() + " was too large to be kept"));
        if (!done.isEmpty()) {
            notes.add("what was done stays done: its answers stand under \"done\", as a resumed run gets them");
        }
        return notes;
    }

    private static JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException("evidence is no JSON", e);
        }
    }

    private static ObjectNode note(ObjectNode json, String text) {
        ((ArrayNode) json.path("notes")).add(text);
        return json;
    }

    /** One try to put other people in place. */
    private static final class Masking {
        private final Original original;
        private final Library library;
        private final byte[] salt;
        /** Those that shaped something, as they are now. */
        private final List<Mapping> mappings;

        Masking(Original original, Library library, byte[] salt) {
            this.original = original;
            this.library = library;
            this.salt = salt;
            var names = new TreeSet<>(original.kept.mappings());
            Capsule.refusing(original.run).ifPresent(names::add);
            this.mappings = OtherPeople.mappings(names, library);
        }

        ObjectNode json(boolean strict) {
            var others = new OtherPeople(original.run, mappings, library, salt, strict);
            original.pinned.calls().forEach(others::speaks);
            JsonNode payload = others.payload(original.payload);
            List<JsonNode> heard =
                    original.pinned.calls().stream().map(others::heard).toList();
            var done = original.pinned.given().stream()
                    .map(write -> done(write, others))
                    .toList();
            Run run = original.run;
            ObjectNode json = JSON.createObjectNode()
                    .put("capsule", 1)
                    .put("run", run.name())
                    .put("flow", run.flow());
            ObjectNode event = json.putObject("event");
            event.put("receipt", run.event().receipt())
                    .put("source", run.event().source());
            event.put("type", run.event().type())
                    .put("record", others.record(run.event().record()));
            event.put("received_at", RunFacts.text(run.event().receivedAt()))
                    .put("occurred_at", original.occurredAt)
                    .set("payload", payload);
            json.put("state", run.state()).set("died", original.died() ? died(others) : null);
            JsonNode ran = original.kept.last().path("mappings");
            json.set("mappings", ran.isMissingNode() ? JSON.createArrayNode() : ran);
            ArrayNode calls = json.putArray("calls");
            for (int i = 0; i < heard.size(); i++) {
                calls.add(others.call(original.pinned.calls().get(i), heard.get(i)));
            }
            json.putArray("done").addAll(done);
            original.pinned.notes().forEach(json.putArray("notes")::add);
            return json;
        }

        private ObjectNode died(OtherPeople others) {
            Run run = original.run;
            return JSON.createObjectNode()
                    .put("step", run.step())
                    .put("reason", others.sentence(String.valueOf(run.reason())))
                    .put(
                            "owner",
                            run.owner() == null ? null : run.owner().name().toLowerCase(java.util.Locale.ROOT))
                    .put("mapping", Capsule.refusing(run).orElse(null));
        }

        private static ObjectNode done(Capsules.Done write, OtherPeople others) {
            ObjectNode json = JSON.createObjectNode()
                    .put("step", write.step())
                    .put("connection", write.connection())
                    .put("operation", write.operation())
                    .put("write_class", write.writeClass())
                    .put("idempotency_key", write.idempotencyKey());
            json.set("answer", write.answer() == null ? null : others.useful(read(write.answer())));
            return json;
        }

        /** Whether what was taken is taken, what was refused is refused, and what was answered means the same. */
        boolean isTrue(ObjectNode told) {
            List<JsonNode> before = inputs(original.payload, original.pinned.calls());
            List<JsonNode> after = inputs(told.at("/event/payload"), told.path("calls"));
            for (Mapping mapping : mappings) {
                for (int i = 0; i < before.size(); i++) {
                    if (!Capsule.refusals(mapping, before.get(i)).equals(Capsule.refusals(mapping, after.get(i)))) {
                        return false;
                    }
                }
            }
            return Stream.iterate(0, i -> i + 1)
                    .limit(told.path("calls").size())
                    .allMatch(i -> meansTheSame(
                            original.pinned.calls().get(i), told.path("calls").path(i)));
        }

        /** What a mapping may have been given: the event, and what was read. */
        private List<JsonNode> inputs(JsonNode payload, Iterable<JsonNode> calls) {
            var inputs = new ArrayList<JsonNode>();
            inputs.add(payload);
            for (JsonNode call : calls) {
                Optional<Connector> connector =
                        library.connector(call.path("connection").asText());
                if (connector.isPresent() && call.path("verdict").asText().equals("success")) {
                    inputs.add(useful(connector.get(), call));
                }
            }
            return inputs;
        }

        private static JsonNode useful(Connector connector, JsonNode call) {
            try {
                return connector.useful(call.path("operation").asText(), Transcript.answer(call.path("answer")));
            } catch (RuntimeException e) {
                return MissingNode.getInstance();
            }
        }

        private boolean meansTheSame(JsonNode before, JsonNode after) {
            Optional<Connector> connector =
                    library.connector(before.path("connection").asText());
            if (connector.isEmpty() || !before.path("answer").isObject()) {
                return true;
            }
            return verdict(connector.get(), before).equals(verdict(connector.get(), after));
        }

        private static String verdict(Connector connector, JsonNode call) {
            try {
                return Verdicts.of(
                                connector,
                                call.path("operation").asText(),
                                Transcript.answer(call.path("answer")),
                                Instant.EPOCH)
                        .verdict()
                        .name();
            } catch (ConnectorRefused e) {
                return "";
            }
        }
    }
}
