package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connector.Connector.Reach;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What an upsert needs to know about its records and about the answers to its calls. */
public final class Upserts {
    private final Reach reach;
    private final Upsert upsert;

    Upserts(Reach reach, Upsert upsert) {
        this.reach = reach;
        this.upsert = upsert;
    }

    /** What the id is of: {@code person}. Upserts of the same object share their ids. */
    public String object() {
        return upsert.object();
    }

    public Upsert.Calls calls() {
        return upsert.calls();
    }

    /** For how long after a create the search may not show it. */
    public Duration lag() {
        return upsert.hit().lag();
    }

    /** For how long it means nothing yet that the search shows nothing, so long after a create was last sent. */
    public Duration unseen(Duration ago) {
        return Operation.left(lag(), ago);
    }

    /** What an update sends. @param there what the record holds now @param record what the flow gives */
    public JsonNode merged(JsonNode there, JsonNode record) {
        if (!(there instanceof ObjectNode) || !record.isObject()) {
            throw new ConnectorRefused(reach.name() + "/" + upsert.name() + ": "
                    + (record.isObject()
                            ? "\"" + upsert.calls().over()
                                    + "\" gives no object to merge the record over; correct its \"returns\""
                            : "there is no JSON object to merge over what is there; give it one"));
        }
        ObjectNode whole = there.deepCopy();
        Json.merge(whole, record);
        return whole;
    }

    /** The natural key of a record, in one form. @throws ConnectorRefused when the record has none */
    public String key(JsonNode record, Map<String, String> args) {
        JsonNode body = record == null ? MissingNode.getInstance() : record;
        var values = new Values(reach.name(), upsert.name(), reach.settings(), Values.places(args, body));
        return form(values.fill(upsert.key()));
    }

    /** Remotes write an address in lower case: that makes it no other record. */
    private static String form(String key) {
        return key.strip().toLowerCase(Locale.ROOT);
    }

    /**
     * The ids of the records a search found, each once.
     *
     * @param found the useful part of its answer: a list, or one record
     * @throws ConnectorRefused when one can't be an id
     */
    public List<String> hits(JsonNode found, String key) {
        var ids = new LinkedHashSet<String>();
        if (found.isArray()) {
            found.forEach(hit -> add(hit, key, ids));
        } else {
            add(found, key, ids);
        }
        return List.copyOf(ids);
    }

    private void add(JsonNode hit, String key, LinkedHashSet<String> ids) {
        String same = upsert.hit().same();
        boolean meant = same.isEmpty()
                || Json.all(hit, same).stream()
                        .anyMatch(value -> form(value.asText()).equals(key));
        if (meant) {
            id(hit).ifPresent(ids::add);
        }
    }

    /**
     * The id of what was created.
     *
     * @param useful the useful part of the answer
     * @throws ConnectorRefused when it can't be an id
     */
    public Optional<String> created(Answer answer, JsonNode useful) {
        return upsert.hit().created().isPresent()
                ? upsert.hit().created().get().fill(answer.places()).map(this::plain)
                : id(useful);
    }

    private Optional<String> id(JsonNode record) {
        return Optional.of(Json.at(record, upsert.hit().id()))
                .filter(id -> id.isValueNode() && !id.isNull() && !id.asText().isEmpty())
                .map(JsonNode::asText)
                .map(this::plain);
    }

    private String plain(String id) {
        if (id.chars().anyMatch(Character::isISOControl)) {
            throw new ConnectorRefused(reach.name() + "/" + upsert.name() + ": the id of a " + object()
                    + " holds a control character, which no id does; look what " + reach.name() + " has there");
        }
        return id;
    }
}
