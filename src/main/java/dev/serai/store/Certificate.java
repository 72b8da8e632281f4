package dev.serai.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Instant;

/** What is left of an erasure: when, by whom, why and how much, signed with the key of this database. Nothing of the person. */
final class Certificate {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Certificate() {}

    /** @param identifiers by how many the person was looked for */
    record Asking(Instant at, ByHand by, int identifiers) {}

    static ObjectNode read(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static String of(String name, Asking asking, Instant finished, ObjectNode erased, IdentifierKey key)
            throws SQLException {
        ObjectNode json = JSON.createObjectNode();
        json.put("certificate", name)
                .put("asked_at", asking.at.toString())
                .put("asked_by", asking.by.who())
                .put("why", asking.by.why())
                .put("identifiers", asking.identifiers)
                .put("finished_at", finished.toString());
        json.set("erased", erased);
        json.putArray("kept")
                .add("that the events came, when, and what became of them, without their content")
                .add("hashes of event keys, so that a repeat is recognised and not stored again");
        json.putArray("not_reached")
                .add("backups of the database, until they are over")
                .add("systems to which the data was sent")
                .add("histories of browsers and logs of proxies, where what was searched for is a part of an address");
        return json.put("signature", key.sign(json.toString())).toString();
    }

    /** Whether it was written here and not changed. Spaces between its words don't matter, the order of its fields does. */
    static boolean isGenuine(ObjectNode certificate, IdentifierKey key) throws SQLException {
        ObjectNode json = certificate.deepCopy();
        String signature = json.path("signature").asText();
        json.remove("signature");
        // in as much time whatever is wrong: nobody is to find a signature by trying
        return MessageDigest.isEqual(
                key.sign(json.toString()).getBytes(StandardCharsets.UTF_8), signature.getBytes(StandardCharsets.UTF_8));
    }
}
