package dev.serai.api;

import dev.serai.facts.People;
import dev.serai.facts.WhyFacts;
import dev.serai.library.Library;
import dev.serai.record.Identified;
import dev.serai.store.ApiTokens;
import dev.serai.store.Audit;
import dev.serai.store.Backlog;
import dev.serai.store.Cursors;
import dev.serai.store.Discard;
import dev.serai.store.Doubts;
import dev.serai.store.Erasures;
import dev.serai.store.Events;
import dev.serai.store.History;
import dev.serai.store.IdentifierKey;
import dev.serai.store.Identifiers;
import dev.serai.store.ParkedConnections;
import dev.serai.store.Resume;
import dev.serai.store.Trails;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Puts the API together. */
public final class ApiParts {
    private ApiParts() {}

    /**
     * @param library the files as they are now
     * @param flows as they are now
     */
    public static Api api(
            DataSource database, Supplier<Library> library, Supplier<List<Flow>> flows, InstantSource clock) {
        var history = new History(database);
        var troubles = new ParkedConnections(database);
        var payloads = new Payloads(library, new Audit(database));
        var operations = new ArrayList<Operation>();
        operations.addAll(new HubApi(
                        new Backlog(database), troubles, new Cursors(database, clock, ""), new Audit(database), flows)
                .operations());
        operations.addAll(new EventsApi(history, new Events(database), payloads).operations());
        operations.addAll(new RunsApi(
                        history,
                        new Resume(database, clock),
                        new Discard(database, clock),
                        new Doubts(database, clock),
                        payloads)
                .operations());
        operations.addAll(people(people(database, clock), library).operations());
        operations.addAll(new MappingsApi(library).operations());
        operations.addAll(new AccessApi(new ApiTokens(database, clock), troubles).operations());
        return new Api(operations, clock);
    }

    private static PeopleApi people(People people, Supplier<Library> library) {
        return new PeopleApi(people, new WhyFacts(people, name -> library.get().mapping(name)));
    }

    /** What finds and forgets people. */
    public static People people(DataSource database, InstantSource clock) {
        var key = new IdentifierKey(database);
        var identifiers = new Identifiers(database, key, Identified::in);
        return new People(
                identifiers,
                new Trails(database),
                new History(database),
                new Erasures(database, identifiers, key, clock, Identified::asked),
                new Audit(database));
    }

    /** What the API can do, as its document tells it; nothing can be done with these. */
    public static List<Operation> operations() {
        return api(null, () -> Library.EMPTY, List::of, InstantSource.system()).operations();
    }
}
