package dev.serai.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.facts.ConnectionFacts;
import dev.serai.facts.Flow;
import dev.serai.library.Library;
import dev.serai.store.Consents;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the API needs of the running hub beside its tables. */
public interface Running {
    /** The mapping and connector files as they are now. */
    Library library();

    /** The flows that are live, by name. */
    List<Flow> flows();

    /** {@code DriftList} by the files as they are now, what matters most first. @param all also what was accepted or is over */
    ObjectNode drift(boolean all) throws SQLException;

    /** What the flows ask for again and again: {@code PollList}. */
    ArrayNode polls();

    /** A flow as its file is now, live or not; empty when there is no such flow. */
    Optional<Flow> flow(String id);

    /** When credentials end, the soonest first. */
    List<ConnectionFacts.End> ends() throws SQLException;

    /** The scopes that tokens came with, as vendors told them, by connection. */
    Map<String, String> granted() throws SQLException;

    /** The settings this hub started with, secrets hidden. */
    ArrayNode settings();

    /** Where browsers reach the hub, without a slash at the end. */
    String home();

    /** Those who are to connect an account. */
    Consents consents();

    /** What trying a connection found. @param fine whether it works @param words what was tried, or why it does not */
    record Checked(boolean tried, boolean fine, String words) {}

    /** Tries a connection that has a file: takes as long as a call. */
    Checked check(String connection);
}
