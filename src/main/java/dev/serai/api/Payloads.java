package dev.serai.api;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Operation.Parameter;
import dev.serai.facts.Corrected;
import dev.serai.library.Library;
import dev.serai.mapping.Mapping;
import dev.serai.mapping.Reading;
import dev.serai.record.Masks;
import dev.serai.record.RecordSchemas;
import dev.serai.store.Audit;
import dev.serai.store.ByHand;
import dev.serai.store.History;
import dev.serai.store.Names;
import dev.serai.store.WorkedOn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What arrived, as JSON where it is JSON, else as text. A viewer sees it without the people in it; that anybody else saw it is
 * noted.
 */
final class Payloads {
    /** Numbers as they were written: what is shown here is corrected and handed back. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    static final List<Parameter> PARAMETERS = List.of(new Parameter(
            "as", "text: character by character, also what is JSON; json unless said", List.of("json", "text")));

    private final Supplier<Library> library;
    private final WorkedOn workedOn;
    private final Audit audit;

    Payloads(Supplier<Library> library, WorkedOn workedOn, Audit audit) {
        this.library = library;
        this.workedOn = workedOn;
        this.audit = audit;
    }

    /** @param name of the event or the run, for the note */
    ObjectNode show(Ask ask, String name, History.EventLine event, History.Payload payload) throws SQLException {
        boolean masked = !ask.caller().role().allows(Role.OPERATOR);
        if (!masked) {
            seen(ask, name);
        }
        ObjectNode json = Json.object().put("content_type", payload.contentType());
        json.put("size", payload.bytes().length).put("masked", masked);
        try {
            JsonNode read = JSON.readTree(payload.bytes());
            JsonNode shown = masked ? Masks.payload(read, path -> personal(event, path)) : read;
            if (ask.query("as").filter("text"::equals).isEmpty()) {
                json.set("json", shown);
            } else {
                json.put("text", masked ? shown.toString() : text(payload));
            }
        } catch (IOException e) {
            json.put("text", masked ? "***" : text(payload));
        }
        return json;
    }

    private static String text(History.Payload payload) {
        return new String(payload.bytes(), StandardCharsets.UTF_8);
    }

    /** What people corrected payloads by, in their order. */
    ArrayNode patches(List<History.Deed> deeds) {
        ArrayNode patches = JSON.createArrayNode();
        for (History.Deed deed : deeds) {
            if (deed.patch() != null) {
                patches.add(deed.patch());
            }
        }
        return patches;
    }

    /**
     * What the payloads of runs tell of people, as they arrived and as they were corrected, by run: vendors repeat it in their
     * reasons. Nothing for who may see people.
     */
    Map<Long, Set<String>> people(Ask ask, Collection<History.Run> runs) throws SQLException {
        var people = new HashMap<Long, Set<String>>();
        if (!ask.caller().role().allows(Role.OPERATOR)) {
            var events = new HashMap<Long, History.EventLine>();
            runs.forEach(run -> events.put(run.id(), run.event()));
            workedOn.each(runs, given -> people.put(given.run(), people(events.get(given.run()), given)));
        }
        return people;
    }

    private Set<String> people(History.EventLine event, WorkedOn.Given given) {
        var people = new LinkedHashSet<String>();
        for (byte[] version : Corrected.versions(given)) {
            try {
                people.addAll(Masks.people(JSON.readTree(version), path -> personal(event, path)));
            } catch (IOException e) {
                // what is no JSON has no fields
            }
        }
        return people;
    }

    /** What is told of runs of one event, to who asks: for a viewer without them. */
    ObjectNode told(Ask ask, ObjectNode answer, Collection<History.Run> runs) throws SQLException {
        people(ask, runs).values().forEach(people -> ForViewers.without(answer, people));
        return answer;
    }

    /** The same of many runs. @param told what is told, each with the name of its run under {@code by} */
    void each(Ask ask, Iterable<JsonNode> told, String by, Collection<History.Run> runs) throws SQLException {
        Map<Long, Set<String>> people = people(ask, runs);
        if (!people.isEmpty()) {
            told.forEach(one -> {
                if (one.path(by).isTextual()) {
                    ForViewers.without(
                            one, people.getOrDefault(Names.parseRun(one.path(by).textValue()), Set.of()));
                }
            });
        }
    }

    /** Notes that somebody saw it as it is. @param name of the event or the run */
    void seen(Ask ask, String name) throws SQLException {
        audit.note(new ByHand(ask.caller().name(), ""), "saw the payload of " + name);
    }

    /** What the schema of the event says, else the mappings of its source that read it. */
    private Optional<Boolean> personal(History.EventLine event, String path) {
        String record = event.type().replace('.', '_');
        String plain = path.replace("*", "0");
        Optional<Boolean> said =
                RecordSchemas.of(record).filter(schema -> schema.has(plain)).map(schema -> schema.isPersonal(plain));
        return said.or(() -> library.get().mappings().values().stream()
                .filter(mapping -> mapping.name().startsWith(event.source() + "/"))
                .flatMap(mapping -> mapping.readings().stream()
                        .filter(reading -> reading.path().equals(path))
                        .map(reading -> personal(mapping, reading)))
                .reduce((one, other) -> one || other));
    }

    private static boolean personal(Mapping mapping, Reading reading) {
        return mapping.declaresPersonal(reading.field(), reading.path()).orElse(reading.personal());
    }
}
