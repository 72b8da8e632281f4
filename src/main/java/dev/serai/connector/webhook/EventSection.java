package dev.serai.connector.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.FileParts;
import dev.serai.connector.webhook.JsonParts.Part;
import dev.serai.file.FirstTemplate;
import dev.serai.file.Problems;
import dev.serai.file.Template;
import dev.serai.file.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** What {@code event:} says: how a request is cut, and where an event's key, type and record stand. */
final class EventSection {
    /** Keys, types and records go into database indexes and logs. A longer id can be written as {sha256(id)}. */
    private static final int MAX_LENGTH = 250;

    /** What a value that never changes would come to. */
    private static final Map<String, String> OUTCOMES = Map.of(
            "id", FileParts.ONE_EVENT,
            "occurred_at", "nothing would tell when it happened",
            "version", "a late one could not be recognised");

    private static final String HEADER = "header.";
    private static final String QUERY = "query.";
    private static final String JSON = "application/json";

    private final Map<String, FirstTemplate> templates;
    private final Map<String, String> types;

    private final Optional<Cut> cut;

    /**
     * How a request becomes several events.
     *
     * @param path of the list; none when the body itself is the list
     * @param orSingle whether a body that is no list is one event
     * @param contentType of bodies that are cut, others are not; empty: all are
     */
    private record Cut(List<String> path, boolean orSingle, Optional<String> contentType) {}

    private EventSection(Optional<Cut> cut, Map<String, FirstTemplate> templates, Map<String, String> types) {
        this.cut = cut;
        this.templates = templates;
        this.types = types;
    }

    static EventSection read(Yaml section, Problems problems) {
        var templates = new HashMap<String, FirstTemplate>();
        for (String option : List.of("id", "type", "record", "occurred_at", "version")) {
            FirstTemplate.read(section, option, problems).ifPresent(template -> templates.put(option, template));
        }
        checkVaries(section, Optional.ofNullable(templates.get("id")), problems);
        var types = new HashMap<String, String>();
        section.get("types").ifPresent(map -> map.entries().forEach((from, to) -> types.put(from, to.text())));
        Optional<List<String>> split = section.text("split")
                .filter(path -> !path.isEmpty())
                .map(path -> path.equals(".") ? List.of() : Arrays.asList(path.split("\\.")));
        Optional<String> contentType = section.text("split_content_type");
        boolean orSingle =
                section.get("or_single").map(at -> at.json().asBoolean()).orElse(false);
        if (contentType.isPresent() && (split.isEmpty() || orSingle)) {
            problems.addAtKey(
                    section,
                    "split_content_type",
                    "\"split_content_type\" says which bodies are cut; write it beside \"split\", without \"or_single\"");
        }
        if (orSingle && !split.filter(List::isEmpty).isPresent()) {
            problems.addAtKey(
                    section,
                    "or_single",
                    "\"or_single\" is about a body that may be a list; write split: \".\" beside it");
        }
        return new EventSection(
                split.map(path -> new Cut(path, orSingle, contentType)), Map.copyOf(templates), Map.copyOf(types));
    }

    /** A record for all is an order for all, which may be meant; a field's name without its braces is not. */
    private static void checkVaries(Yaml section, Optional<FirstTemplate> id, Problems problems) {
        OUTCOMES.forEach((option, outcome) ->
                texts(section, option).forEach(text -> FileParts.checkVaries(text, option, outcome, problems)));
        texts(section, "record")
                .filter(text ->
                        id.filter(ids -> ids.names().contains(text.text())).isPresent())
                .forEach(text -> FileParts.checkVaries(text, "record", FileParts.ONE_LANE, problems));
    }

    private static Stream<Yaml> texts(Yaml section, String option) {
        return section.get(option).stream().flatMap(at -> at.isList() ? at.items().stream() : Stream.of(at));
    }

    /** @throws Malformed when the body is not what the section expects */
    List<Incoming> cut(RawRequest request) {
        boolean form = isForm(request);
        if (cut.isEmpty()) {
            return List.of(event(request, whole(request), ""));
        }
        Cut of = cut.get();
        if (of.contentType.filter(only -> !isOf(request, only)).isPresent()) {
            return List.of(event(request, form ? whole(request) : JsonParts.anything(request.body()), ""));
        }
        if (of.orSingle && !form && !JsonParts.isList(request.body())) {
            return List.of(event(request, whole(request), ""));
        }
        List<Part> parts = form ? inField(request, of) : JsonParts.each(request.body(), of.path);
        var events = new ArrayList<Incoming>();
        for (Part part : parts) {
            events.add(event(request, part, "event " + (events.size() + 1) + ": "));
        }
        return apart(events, parts);
    }

    /**
     * Events of one request that share an id and are not the same: each gets the hash of its content too, for only the first
     * would be stored.
     */
    private static List<Incoming> apart(List<Incoming> events, List<Part> parts) {
        var contents = new HashMap<String, Set<JsonNode>>();
        for (int i = 0; i < parts.size(); i++) {
            contents.computeIfAbsent(events.get(i).key(), key -> new HashSet<>())
                    .add(parts.get(i).json());
        }
        var apart = new ArrayList<Incoming>();
        for (int i = 0; i < parts.size(); i++) {
            Incoming event = events.get(i);
            boolean shared = !event.keyIsHash() && contents.get(event.key()).size() > 1;
            apart.add(
                    shared
                            ? event.with(event.key() + "#"
                                    + Incoming.hashKey(
                                            event.type(), parts.get(i).json()))
                            : event);
        }
        return List.copyOf(apart);
    }

    /** Mandrill's way: a form with one field, and in it the list as JSON. */
    private static List<Part> inField(RawRequest request, Cut of) {
        String field = String.join(".", of.path);
        JsonNode list = FormBody.fields(new String(request.body(), StandardCharsets.ISO_8859_1))
                .path(field);
        if (!list.isTextual()) {
            throw new Malformed("the body is a form; JSON with a list of events was expected");
        }
        return JsonParts.each(list.textValue().getBytes(StandardCharsets.UTF_8), List.of());
    }

    /** The body as one event, whatever {@code split} says. @throws Malformed when it is neither a JSON object nor a form */
    static Part whole(RawRequest request) {
        return isForm(request)
                ? new Part(FormBody.read(request.body()), request.body())
                : new Part(JsonParts.whole(request.body()).json(), request.body());
    }

    /** Looks places up: {@code header.X} in the request's headers, {@code query.x} in its address, all else in the JSON. */
    static Function<String, String> values(RawRequest request, JsonNode json) {
        Function<String, String> inJson = Template.in(json);
        return name -> {
            if (name.startsWith(HEADER)) {
                return request.header(name.substring(HEADER.length())).orElse(null);
            }
            return name.startsWith(QUERY)
                    ? request.query(name.substring(QUERY.length())).orElseGet(() -> inJson.apply(name))
                    : inJson.apply(name);
        };
    }

    private static boolean isForm(RawRequest request) {
        return isOf(request, FormBody.MEDIA_TYPE);
    }

    private static boolean isOf(RawRequest request, String mediaType) {
        return request.header("Content-Type")
                .map(type -> type.split(";", 2)[0].strip())
                .filter(mediaType::equalsIgnoreCase)
                .isPresent();
    }

    private Incoming event(RawRequest request, Part part, String where) {
        Function<String, String> values = values(request, part.json());
        String sent = fill("type", values, where)
                .orElseThrow(() -> new Malformed(
                        where + "it names no type; a value for " + templates.get("type") + " was expected"));
        String type = types.getOrDefault(sent, sent);
        Optional<String> id = fill("id", values, where);
        return new Incoming(
                id.orElseGet(() -> Incoming.hashKey(type, part.json())),
                id.isEmpty(),
                type,
                fill("record", values, where),
                fill("occurred_at", values, where).flatMap(Times::recognised),
                fill("version", values, where),
                part.bytes(),
                isForm(request) && part.bytes() == request.body() ? FormBody.MEDIA_TYPE : JSON);
    }

    private Optional<String> fill(String option, Function<String, String> values, String where) {
        Optional<String> text = Optional.ofNullable(templates.get(option)).flatMap(template -> template.fill(values));
        text.ifPresent(value -> {
            if (value.length() > MAX_LENGTH) {
                throw new Malformed(where + "its " + option + " has " + value.length() + " characters; at most "
                        + MAX_LENGTH + " were expected");
            }
            if (value.codePoints()
                    .anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE)) {
                throw new Malformed(where + "its " + option + " has characters that are no plain text");
            }
        });
        return text;
    }
}
