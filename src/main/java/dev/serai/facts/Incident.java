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
import dev.serai.record.Pseudonyms;
import dev.serai.record.RecordSchemas;
import dev.serai.store.Capsules;
import dev.serai.store.History;
import dev.serai.store.History.Run;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A dead run with all it takes to live through it again without a network: its event, what it sent and was answered, and what it
 * died of. Other people stand in place of those it was about, the same for the same everywhere.
 */
public final class Incident {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final History history;
    private final Capsules capsules;

    public Incident(History history, Capsules capsules) {
        this.history = history;
        this.capsules = capsules;
    }

    /** All of it as it was. @param calls what is kept of them; empty when nothing is */
    private record Original(Run run, String occurredAt, JsonNode payload, JsonNode evidence, List<Capsules.Done> done) {
        Iterable<JsonNode> calls() {
            return evidence.path("calls");
        }
    }

    /**
     * @param salt chance
     * @throws None when there is nothing that a test could be made of; says why
     */
    public ObjectNode json(Run run, Library library, byte[] salt) throws SQLException {
        if (!run.state().equals("dead")) {
            throw new None(run.name() + " is " + run.state() + "; a capsule is made of a dead run");
        }
        var original = new Original(
                run,
                history.event(run.event().id())
                        .map(event -> RunFacts.text(event.occurredAt()))
                        .orElse(null),
                Capsule.payload(history, run),
                history.evidence(run.id()).map(Incident::read).orElse(MissingNode.getInstance()),
                capsules.done(run.id()));
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
        private final Personal personal;
        private final byte[] salt;

        Masking(Original original, Library library, byte[] salt) {
            this.original = original;
            this.library = library;
            this.salt = salt;
            this.personal = new Personal(
                    original.run.event(), mappings(), library.mappings().values());
        }

        /** Those that shaped something, as they are now. */
        private List<Mapping> mappings() {
            var names = new TreeSet<String>();
            original.evidence
                    .path("mappings")
                    .forEach(name -> names.add(name.asText().replaceAll("@.*", "")));
            Capsule.refusing(original.run).ifPresent(names::add);
            return names.stream()
                    .flatMap(name -> library.mapping(name).stream())
                    .toList();
        }

        ObjectNode json(boolean strict) {
            var others = new Pseudonyms(salt);
            others.speaks(original.run.flow() + " " + original.run.event().type());
            others.speaks(original.run.event().source());
            original.calls()
                    .forEach(call -> others.speaks(call.path("connection").asText() + " "
                            + call.path("operation").asText()));
            JsonNode payload = others.of(original.payload, personal::of, strict);
            var heard = new ArrayList<JsonNode>();
            original.calls().forEach(call -> heard.add(heard(call, others, strict)));
            var done = original.done.stream()
                    .map(write -> done(write, others, strict))
                    .toList();
            Run run = original.run;
            ObjectNode json = JSON.createObjectNode()
                    .put("capsule", 1)
                    .put("run", run.name())
                    .put("flow", run.flow());
            ObjectNode event = json.putObject("event");
            event.put("receipt", run.event().receipt())
                    .put("source", run.event().source());
            String record = run.event().record();
            int colon = record.indexOf(':');
            event.put("type", run.event().type())
                    .put("record", record.substring(0, colon + 1) + others.id(record.substring(colon + 1)));
            event.put("received_at", RunFacts.text(run.event().receivedAt()))
                    .put("occurred_at", original.occurredAt)
                    .set("payload", payload);
            json.putObject("died")
                    .put("step", run.step())
                    .put("reason", others.sentence(String.valueOf(run.reason())))
                    .put(
                            "owner",
                            run.owner() == null ? null : run.owner().name().toLowerCase(java.util.Locale.ROOT))
                    .put("mapping", Capsule.refusing(run).orElse(null));
            json.set(
                    "mappings",
                    original.evidence.path("mappings").isMissingNode()
                            ? JSON.createArrayNode()
                            : original.evidence.path("mappings"));
            ArrayNode calls = json.putArray("calls");
            int next = 0;
            for (JsonNode call : original.calls()) {
                calls.add(call(call, heard.get(next++), others));
            }
            json.putArray("done").addAll(done);
            notes(json.putArray("notes"));
            return json;
        }

        private void notes(ArrayNode notes) {
            if (original.evidence.isMissingNode()) {
                notes.add("what this run sent and was answered was not kept");
            }
            original.evidence
                    .path("left_out")
                    .forEach(step -> notes.add("the call of step " + step.asText() + " was too large to be kept"));
            if (!original.done.isEmpty()) {
                notes.add("what was done stays done: its answers stand under \"done\", as a resumed run gets them");
            }
        }

        /** The answer with other people in it: of what went well first, as it tells who they are. */
        private JsonNode heard(JsonNode call, Pseudonyms others, boolean strict) {
            JsonNode answer = call.path("answer");
            if (!answer.isObject()) {
                return answer;
            }
            ObjectNode masked =
                    JSON.createObjectNode().put("status", answer.path("status").asInt());
            masked.set("headers", answer.path("headers"));
            if (answer.has("body")) {
                JsonNode body = answer.path("body");
                masked.set(
                        "body",
                        call.path("verdict").asText().equals("success")
                                ? others.of(body, personal::below, strict)
                                : others.refusal(body));
            }
            return masked;
        }

        private ObjectNode done(Capsules.Done write, Pseudonyms others, boolean strict) {
            ObjectNode json = JSON.createObjectNode()
                    .put("step", write.step())
                    .put("connection", write.connection())
                    .put("operation", write.operation())
                    .put("write_class", write.writeClass())
                    .put("idempotency_key", write.idempotencyKey());
            json.set(
                    "answer", write.answer() == null ? null : others.of(read(write.answer()), personal::below, strict));
            return json;
        }

        private static ObjectNode call(JsonNode call, JsonNode heard, Pseudonyms others) {
            var masked = new TreeSet<String>();
            ObjectNode json = JSON.createObjectNode();
            for (String name : List.of("step", "connection", "operation")) {
                json.set(name, call.path(name));
            }
            json.set("request", sent(call.path("request"), others, masked));
            masked.forEach(json.putArray("masked")::add);
            json.set("answer", heard);
            return json.put("verdict", call.path("verdict").asText())
                    .put("reason", others.sentence(call.path("reason").asText()));
        }

        /** Method and headers are no people. */
        private static JsonNode sent(JsonNode request, Pseudonyms others, TreeSet<String> masked) {
            ObjectNode told = JSON.createObjectNode();
            for (String part : List.of("path", "query", "body")) {
                if (request.has(part)) {
                    told.set(part, request.path(part));
                }
            }
            JsonNode other = others.sent(told, masked);
            ObjectNode json = JSON.createObjectNode();
            json.set("method", request.path("method"));
            request.properties()
                    .forEach(part -> json.set(
                            part.getKey(), other.has(part.getKey()) ? other.path(part.getKey()) : part.getValue()));
            return json;
        }

        /** Whether what was taken is taken, what was refused is refused, and what was answered means the same. */
        boolean isTrue(ObjectNode told) {
            List<JsonNode> before = inputs(original.payload, original.calls());
            List<JsonNode> after = inputs(told.at("/event/payload"), told.path("calls"));
            for (Mapping mapping : mappings()) {
                for (int i = 0; i < before.size(); i++) {
                    if (!Capsule.refusals(mapping, before.get(i)).equals(Capsule.refusals(mapping, after.get(i)))) {
                        return false;
                    }
                }
            }
            return Stream.iterate(0, i -> i + 1)
                    .limit(told.path("calls").size())
                    .allMatch(i -> meansTheSame(
                            original.evidence.path("calls").path(i),
                            told.path("calls").path(i)));
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

    /** Which fields tell of people, as files say. */
    private record Personal(History.EventLine event, List<Mapping> ran, Collection<Mapping> all) {
        Optional<Boolean> of(String path) {
            return schema(path)
                    .or(() -> said(path, ran, false))
                    .or(() -> said(
                            path,
                            all.stream()
                                    .filter(mapping -> mapping.name().startsWith(event.source() + "/"))
                                    .toList(),
                            false));
        }

        private Optional<Boolean> schema(String path) {
            String plain = path.replace("*", "0");
            return RecordSchemas.of(event.type().replace('.', '_'))
                    .filter(schema -> schema.has(plain))
                    .map(schema -> schema.isPersonal(plain));
        }

        /** Of an answer, of which mappings may read a part. */
        Optional<Boolean> below(String path) {
            return said(path, ran, true);
        }

        private static Optional<Boolean> said(String path, Collection<Mapping> mappings, boolean below) {
            return mappings.stream()
                    .flatMap(mapping -> mapping.readings().stream()
                            .filter(reading -> reading.path().equals(path)
                                    || below && !reading.path().isEmpty() && path.endsWith("." + reading.path()))
                            .map(reading -> mapping.declaresPersonal(reading.field(), reading.path())
                                    .orElse(reading.personal())))
                    .reduce((one, other) -> one || other);
        }
    }
}
