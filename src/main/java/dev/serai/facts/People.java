package dev.serai.facts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.store.Audit;
import dev.serai.store.ByHand;
import dev.serai.store.Erasures;
import dev.serai.store.History;
import dev.serai.store.Identifiers;
import dev.serai.store.Trails;
import java.sql.SQLException;
import java.util.List;

/** People and records, for the command line and the API alike: found, exported, forgotten. */
public record People(Identifiers identifiers, Trails trails, History history, Erasures erasures, Audit audit) {

    /** @param before only events with smaller numbers */
    public PersonFacts find(String typed, long before, int most) throws SQLException {
        return PersonFacts.find(identifiers, trails, PersonFacts.Sought.of(typed), before, most);
    }

    /** The events about somebody or something, the newest first. @param before only smaller numbers */
    List<Long> events(String typed, long before, int most) throws SQLException {
        return PersonFacts.ids(identifiers, trails, PersonFacts.Sought.of(typed), before, most);
    }

    /** A page of all that is stored; that it was asked for is noted. */
    public ObjectNode export(String typed, long before, int most, ByHand by) throws SQLException {
        ObjectNode page = new PersonExport(identifiers, trails, history).page(typed, before, most);
        audit.note(by, "export a person, " + page.path("events").size() + " events");
        return page;
    }
}
