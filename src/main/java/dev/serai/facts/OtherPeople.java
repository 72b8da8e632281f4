package dev.serai.facts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.library.Library;
import dev.serai.mapping.Mapping;
import dev.serai.record.Pseudonyms;
import dev.serai.record.RecordSchemas;
import dev.serai.store.History;
import dev.serai.store.History.Run;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Other people in place of those a run was about, the same for the same in its event, its requests and its answers. Events and
 * answers are to come first: they tell who the people are.
 */
final class OtherPeople {
    private final Pseudonyms others;
    private final Personal personal;
    private final boolean strict;

    /**
     * @param ran the mappings that shaped something
     * @param salt chance
     * @param strict whether all is replaced of which nobody says that it tells of nobody
     */
    OtherPeople(Run run, List<Mapping> ran, Library library, byte[] salt, boolean strict) {
        this.others = new Pseudonyms(salt);
        this.personal = new Personal(run.event(), ran, library.mappings().values());
        this.strict = strict;
        others.speaks(run.flow() + " " + run.event().type());
        others.speaks(run.event().source());
    }

    /** The mappings of these names, as they are now. */
    static List<Mapping> mappings(Set<String> names, Library library) {
        return names.stream().flatMap(name -> library.mapping(name).stream()).toList();
    }

    /** The names of connections and operations tell of nobody. */
    void speaks(JsonNode call) {
        others.speaks(
                call.path("connection").asText() + " " + call.path("operation").asText());
    }

    JsonNode payload(JsonNode payload) {
        return others.of(payload, personal::of, strict);
    }

    /** What the flow got of an answer. */
    JsonNode useful(JsonNode answer) {
        return others.of(answer, personal::below, strict);
    }

    String sentence(String text) {
        return others.sentence(text);
    }

    /** {@code contact:7001}. */
    String record(String record) {
        int colon = record.indexOf(':');
        return record.substring(0, colon + 1) + others.id(record.substring(colon + 1));
    }

    /** The answer. */
    JsonNode heard(JsonNode call) {
        JsonNode answer = call.path("answer");
        if (!answer.isObject()) {
            return answer;
        }
        ObjectNode masked = JsonNodeFactory.instance
                .objectNode()
                .put("status", answer.path("status").asInt());
        masked.set("headers", answer.path("headers"));
        if (answer.has("body")) {
            JsonNode body = answer.path("body");
            masked.set("body", call.path("verdict").asText().equals("success") ? useful(body) : others.refusal(body));
        }
        return masked;
    }

    /** A call with its request. @param heard its answer */
    ObjectNode call(JsonNode call, JsonNode heard) {
        var masked = new TreeSet<String>();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        for (String name : List.of("step", "connection", "operation")) {
            json.set(name, call.path(name));
        }
        json.set("request", sent(call.path("request"), masked));
        masked.forEach(json.putArray("masked")::add);
        json.set("answer", heard);
        return json.put("verdict", call.path("verdict").asText())
                .put("reason", others.sentence(call.path("reason").asText()));
    }

    /** Method and headers are no people. */
    private JsonNode sent(JsonNode request, TreeSet<String> masked) {
        ObjectNode told = JsonNodeFactory.instance.objectNode();
        for (String part : List.of("path", "query", "body")) {
            if (request.has(part)) {
                told.set(part, request.path(part));
            }
        }
        JsonNode other = others.sent(told, masked);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("method", request.path("method"));
        request.properties()
                .forEach(part -> json.set(
                        part.getKey(), other.has(part.getKey()) ? other.path(part.getKey()) : part.getValue()));
        return json;
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
