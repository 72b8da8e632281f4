package dev.serai.api;

import dev.serai.facts.ConnectionFacts;
import dev.serai.facts.Digest;
import dev.serai.facts.FlowFacts;
import dev.serai.facts.Incident;
import dev.serai.facts.People;
import dev.serai.facts.ResumeCost;
import dev.serai.facts.SentAndHeard;
import dev.serai.facts.SourceFacts;
import dev.serai.facts.SystemFacts;
import dev.serai.facts.WhyFacts;
import dev.serai.record.Identified;
import dev.serai.run.Allowance.Thresholds;
import dev.serai.store.AlertDesk;
import dev.serai.store.ApiTokens;
import dev.serai.store.Audit;
import dev.serai.store.Backlog;
import dev.serai.store.Breakers;
import dev.serai.store.Buckets;
import dev.serai.store.Capsules;
import dev.serai.store.CredentialLog;
import dev.serai.store.Cursors;
import dev.serai.store.Discard;
import dev.serai.store.Doubts;
import dev.serai.store.Drifts;
import dev.serai.store.Erasures;
import dev.serai.store.Events;
import dev.serai.store.FlowSwitches;
import dev.serai.store.History;
import dev.serai.store.IdentifierKey;
import dev.serai.store.Identifiers;
import dev.serai.store.ParkedConnections;
import dev.serai.store.Patience;
import dev.serai.store.Proofs;
import dev.serai.store.RecordTrail;
import dev.serai.store.Replay;
import dev.serai.store.Resume;
import dev.serai.store.Tallies;
import dev.serai.store.Trails;
import dev.serai.store.WorkedOn;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Puts the API together. */
public final class ApiParts {
    private ApiParts() {}

    public static Api api(DataSource database, Running running, InstantSource clock) {
        var operations = new ArrayList<Operation>();
        var backlog = new Backlog(database);
        operations.addAll(hub(database, running, backlog));
        operations.addAll(new AuditApi(new Audit(database)).operations());
        operations.addAll(flows(database, running, backlog));
        var history = new History(database, Patience.WITH_PEOPLE);
        var payloads = new Payloads(() -> running.library(), new WorkedOn(database), new Audit(database));
        operations.addAll(new EventsApi(history, new Events(database), payloads).operations());
        var runs = new RunsApi.Stores(history, resume(database, clock), new Discard(database, clock));
        var costs =
                new ResumeCost(() -> running.flows(), () -> running.library(), new Buckets(database, Thresholds.USUAL));
        var sentAndHeard = new SentAndHeard(
                history, new IdentifierKey(database), () -> running.library(), () -> running.settings());
        operations.addAll(new RunsApi(runs, payloads, costs, sentAndHeard).operations());
        operations.addAll(new PreviewApi(running, history, payloads).operations());
        operations.addAll(new DoubtsApi(history, new Doubts(database, clock)).operations());
        operations.addAll(new ByHandApi(
                        history,
                        new Discard(database, clock),
                        new Replay(database, clock),
                        new Proofs(database),
                        running)
                .operations());
        operations.addAll(new CapsuleApi(
                        history, new Incident(history, new Capsules(database), () -> running.settings()), running)
                .operations());
        operations.addAll(new AlertsApi(new AlertDesk(database), Digest.Sources.of(database)).operations());
        operations.addAll(
                people(people(database, clock), running, payloads, clock).operations());
        operations.addAll(systems(database, running, clock, payloads));
        operations.addAll(new MappingsApi(() -> running.library()).operations());
        operations.addAll(connections(database, running));
        operations.addAll(new CostsApi(running).operations());
        operations.addAll(new StreamsApi(new Cursors(database, clock, ""), () -> running.library()).operations());
        operations.addAll(sources(database, running, clock).operations());
        operations.addAll(new DriftApi(running, new Drifts(database)).operations());
        operations.addAll(new AccessApi(new ApiTokens(database, clock)).operations());
        return new Api(operations, clock);
    }

    private static List<Operation> hub(DataSource database, Running running, Backlog backlog) {
        var stores = new HubApi.Stores(backlog, new ParkedConnections(database), new Tallies(database));
        return new HubApi(stores, running).operations();
    }

    private static SourcesApi sources(DataSource database, Running running, InstantSource clock) {
        var facts = new SourceFacts(new Tallies(database), new Cursors(database, clock, ""), new AlertDesk(database));
        return new SourcesApi(facts, running);
    }

    private static List<Operation> flows(DataSource database, Running running, Backlog backlog) {
        var switches = new FlowSwitches(database);
        var facts = new FlowFacts(switches, backlog, new Tallies(database));
        return new FlowsApi(() -> running.flows(), facts, switches).operations();
    }

    private static List<Operation> connections(DataSource database, Running running) {
        var troubles = new ParkedConnections(database);
        var buckets = new Buckets(database, Thresholds.USUAL);
        var sources = new ConnectionFacts.Sources(troubles, new Proofs(database), new Tallies(database), buckets);
        return new ConnectionsApi(
                        running,
                        new ConnectionsApi.Stores(
                                troubles,
                                new Breakers(database),
                                buckets,
                                new Proofs(database),
                                new CredentialLog(database),
                                new Audit(database)),
                        new ConnectionFacts(sources))
                .operations();
    }

    private static List<Operation> systems(
            DataSource database, Running running, InstantSource clock, Payloads payloads) {
        var doubts = new Doubts(database, clock);
        var troubles = new ParkedConnections(database);
        var sources = new SystemFacts.Sources(people(database, clock), new RecordTrail(database), doubts, troubles);
        var deeds = new SystemsApi.Deeds(
                resume(database, clock), new Replay(database, clock), doubts, troubles, new Breakers(database));
        var facts = new SystemFacts(sources, () -> running.flows(), () -> running.library());
        return new SystemsApi(facts, deeds, payloads).operations();
    }

    private static PeopleApi people(People people, Running running, Payloads payloads, InstantSource clock) {
        return new PeopleApi(
                people, new WhyFacts(people, name -> running.library().mapping(name), clock), payloads);
    }

    private static Identifiers identifiers(DataSource database, IdentifierKey key) {
        return new Identifiers(database, key, Identified::in);
    }

    /** What lets runs go on. */
    public static Resume resume(DataSource database, InstantSource clock) {
        return new Resume(database, clock, identifiers(database, new IdentifierKey(database)));
    }

    /** What finds and forgets people. */
    public static People people(DataSource database, InstantSource clock) {
        var key = new IdentifierKey(database);
        var identifiers = identifiers(database, key);
        return new People(
                identifiers,
                new Trails(database),
                new History(database),
                new Erasures(database, identifiers, key, clock, Identified::asked),
                new Audit(database));
    }

    /** What the API can do, as its document tells it; nothing can be done with these. */
    public static List<Operation> operations() {
        return api(null, null, InstantSource.system()).operations();
    }
}
