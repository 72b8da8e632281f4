package dev.serai.facts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.config.Setting;
import dev.serai.library.Library;
import dev.serai.record.Masks;
import dev.serai.store.History;
import dev.serai.store.History.Run;
import dev.serai.store.IdentifierKey;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/** What a run sent and was answered, beside its attempts. */
public final class SentAndHeard {
    /** Whom it shows. */
    public enum People {
        /** Nobody: values are hidden but for words of programs, times and small numbers. */
        NONE,
        /** Others in place of those it was about, the same ones each time; words stay. */
        OTHERS,
        THEMSELVES
    }

    /** The database rounds the times of attempts. */
    private static final Duration ROUNDED = Duration.ofMillis(1);

    private static final List<String> OF_PEOPLE = List.of("query", "body");

    private final History history;
    private final IdentifierKey key;
    private final Supplier<Library> library;
    private final Supplier<ArrayNode> settings;

    /** @param settings as {@link SettingFacts} tells them */
    public SentAndHeard(History history, IdentifierKey key, Supplier<Library> library, Supplier<ArrayNode> settings) {
        this.history = history;
        this.key = key;
        this.library = library;
        this.settings = settings;
    }

    /** A run as {@link RunFacts} tells it gets {@code request} and {@code answer} of its attempts, or a note why not. */
    public ObjectNode tell(RunFacts facts, People people) throws SQLException {
        ObjectNode json = facts.json();
        JsonNode attempts = json.path("attempts");
        Kept kept = Kept.of(history, facts.run().id());
        int told = 0;
        for (JsonNode call : told(facts.run(), kept, people)) {
            Optional<ObjectNode> attempt = attempt(attempts, call);
            if (attempt.isPresent()) {
                told++;
                attempt.get().set("request", call.path("request"));
                attempt.get().set("answer", call.path("answer"));
            }
        }
        json.putObject("evidence").put("kept", told > 0).put("note", note(facts.run(), told, attempts.size()));
        return json;
    }

    private List<JsonNode> told(Run run, Kept kept, People people) throws SQLException {
        return switch (kept.claims().isEmpty() ? People.THEMSELVES : people) {
            case THEMSELVES -> kept.tries();
            case OTHERS -> withOthers(run, kept);
            case NONE -> kept.tries().stream().map(SentAndHeard::withoutPeople).toList();
        };
    }

    private List<JsonNode> withOthers(Run run, Kept kept) throws SQLException {
        Library now = library.get();
        var ran = OtherPeople.mappings(kept.mappings(), now);
        var others = new OtherPeople(run, ran, now, key.salt(run.name()), false);
        List<JsonNode> tries = kept.tries();
        tries.forEach(others::speaks);
        payload(run).ifPresent(others::payload);
        // what went well tells who the people are that a refusal may speak of
        tries.stream()
                .filter(call -> call.path("verdict").asText().equals("success"))
                .forEach(others::heard);
        var told = new ArrayList<JsonNode>();
        for (JsonNode call : tries) {
            ObjectNode other = call.deepCopy();
            ObjectNode changed = others.call(call, others.heard(call));
            other.set("answer", changed.path("answer"));
            // the attempt tells its address anyway
            ((ObjectNode) changed.path("request")).set("path", call.at("/request/path"));
            other.set("request", changed.path("request"));
            told.add(other);
        }
        return told;
    }

    private Optional<JsonNode> payload(Run run) throws SQLException {
        try {
            return Optional.of(Capsule.payload(history, run));
        } catch (Capsule.None e) {
            return Optional.empty();
        }
    }

    /** That a call was; an earlier version wrote down the last try of a step alone, and not which one it was. */
    private static Optional<ObjectNode> attempt(JsonNode attempts, JsonNode call) {
        return StreamSupport.stream(attempts.spliterator(), false)
                .filter(attempt -> attempt.path("step").equals(call.path("step")))
                .filter(attempt -> call.path("number").isMissingNode()
                        || attempt.path("number").asInt() == call.path("number").asInt() && near(attempt, call))
                .reduce((earlier, later) -> later)
                .map(ObjectNode.class::cast);
    }

    private static boolean near(JsonNode attempt, JsonNode call) {
        Duration apart = Duration.between(
                Instant.parse(attempt.path("at").asText()),
                Instant.parse(call.path("at").asText()));
        return apart.abs().compareTo(ROUNDED) <= 0;
    }

    private static JsonNode withoutPeople(JsonNode call) {
        JsonNode hidden = call.deepCopy();
        for (String part : List.of("request", "answer")) {
            for (String name : OF_PEOPLE) {
                if (hidden.path(part).has(name)) {
                    JsonNode masked = Masks.payload(hidden.path(part).get(name), path -> Optional.empty());
                    ((ObjectNode) hidden.path(part)).set(name, masked);
                }
            }
        }
        return hidden;
    }

    private String note(Run run, int told, int attempts) {
        if (told == attempts) {
            return null;
        }
        if (told > 0) {
            return "of some attempts it is not kept what they sent and were answered: 64 KiB of a claim are, the last tries"
                    + " first, and nothing of one that only read and then had to wait";
        }
        String it = "what this run sent and was answered is ";
        if (run.event().record().startsWith("forgotten:")) {
            return it + "gone: somebody it was about was forgotten";
        }
        return switch (run.state()) {
            case "waiting", "claimed" -> it + "told when it has come to an outcome";
            case "done" ->
                it + "not kept; the setting " + Setting.HISTORY_EVIDENCE.key() + ", "
                        + SettingFacts.value(settings.get(), Setting.HISTORY_EVIDENCE)
                        + " at present, says of which runs that are done it is; of calls for a batch it never is";
            default ->
                it + "not kept: of calls for a batch it never is, nor when it told of somebody who was forgotten";
        };
    }
}
