package dev.serai.facts;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.facts.Families.Writer;
import dev.serai.facts.PersonFacts.Sought;
import dev.serai.library.Library;
import dev.serai.store.Doubts;
import dev.serai.store.History.EventLine;
import dev.serai.store.History.Run;
import dev.serai.store.History.StepAttempt;
import dev.serai.store.Identifiers.Hit;
import dev.serai.store.ParkedConnections;
import dev.serai.store.ParkedConnections.Trouble;
import dev.serai.store.RecordTrail;
import dev.serai.store.RecordTrail.Version;
import dev.serai.store.Trails.Write;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Which event of a record each system has: what was last written there, and how that stands against the newest event. From the
 * journal as it is, of the newest events of a record.
 */
public final class SystemFacts {
    /** Records that are told of, when a person has several. */
    private static final int RECORDS = 5;
    /** Events of a record that are looked at. */
    private static final int EVENTS = 50;

    private final Sources sources;
    private final Supplier<List<Flow>> flows;
    private final Supplier<Library> library;

    /** The tables it is told from. */
    public record Sources(People people, RecordTrail records, Doubts doubts, ParkedConnections troubles) {}

    public SystemFacts(Sources sources, Supplier<List<Flow>> flows, Supplier<Library> library) {
        this.sources = sources;
        this.flows = flows;
        this.library = library;
    }

    /** @param all whether no record was left out */
    public record Told(List<OfRecord> records, boolean all) {
        public ObjectNode json() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            records.stream().map(OfRecord::json).forEach(json.putArray("records")::add);
            return json.put("all_records", all);
        }
    }

    /**
     * A record as one source tells of it.
     *
     * @param events so many of its newest were looked at
     * @param all whether there are no older ones
     */
    public record OfRecord(String record, String source, int events, boolean all, List<SystemRow> systems) {
        ObjectNode json() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("record", record).put("source", source);
            json.put("events", events).put("all_events", all);
            systems.stream().map(SystemRow::json).forEach(json.putArray("systems")::add);
            return json;
        }
    }

    /** What became of events. @param writes by run @param attempts by run @param troubles of connections, now */
    record Past(
            List<Run> runs,
            Map<Long, List<Write>> writes,
            Map<Long, List<StepAttempt>> attempts,
            List<Trouble> troubles) {
        Past of(List<Run> some) {
            return new Past(some, writes, attempts, troubles);
        }
    }

    /** @param typed whatever a search takes */
    public Told ask(String typed) throws SQLException {
        var found = new LinkedHashMap<String, List<Version>>();
        List<String> records = records(typed);
        for (String record : records.subList(0, Math.min(RECORDS, records.size()))) {
            found.put(record, sources.records.newest(record, EVENTS + 1));
        }
        List<Long> events = found.values().stream()
                .flatMap(List::stream)
                .map(version -> version.event().id())
                .toList();
        Past past = past(events);
        var families = new Families(flows.get(), library.get());
        var told = new ArrayList<OfRecord>();
        for (List<Version> versions : found.values()) {
            boolean all = versions.size() <= EVENTS;
            List<Version> looked = versions.subList(0, Math.min(EVENTS, versions.size()));
            var bySource = looked.stream()
                    .collect(Collectors.groupingBy(
                            version -> version.event().source(), LinkedHashMap::new, Collectors.toList()));
            for (List<Version> of : bySource.values()) {
                EventLine event = of.get(0).event();
                told.add(new OfRecord(event.record(), event.source(), of.size(), all, systems(of, past, families)));
            }
        }
        return new Told(told, records.size() <= RECORDS);
    }

    /** Which are meant: the one that is named, else those that events about it are about, the newest first. */
    private List<String> records(String typed) throws SQLException {
        Sought sought = Sought.of(typed);
        for (String record : sought.records()) {
            if (!sources.records.newest(record, 1).isEmpty()) {
                return List.of(record);
            }
        }
        List<Long> hits =
                PersonFacts.hits(sources.people.identifiers(), sources.people.trails(), sought, Long.MAX_VALUE, EVENTS)
                        .stream()
                        .map(Hit::event)
                        .toList();
        return sources.people.trails().events(hits).stream()
                .map(EventLine::record)
                .filter(record -> !record.isEmpty())
                .distinct()
                .toList();
    }

    private Past past(List<Long> events) throws SQLException {
        List<Run> runs = events.isEmpty() ? List.of() : sources.people.trails().runs(events);
        List<Long> ids = runs.stream().map(Run::id).toList();
        return new Past(
                runs,
                sources.people.trails().writes(ids).stream().collect(Collectors.groupingBy(Write::run)),
                sources.people.trails().attempts(ids),
                sources.troubles.troubles());
    }

    private List<SystemRow> systems(List<Version> versions, Past past, Families families) throws SQLException {
        Set<Long> events =
                versions.stream().map(version -> version.event().id()).collect(Collectors.toSet());
        Map<String, List<Run>> runs = past.runs.stream()
                .filter(run -> events.contains(run.event().id()))
                .collect(
                        Collectors.groupingBy(run -> families.of(run.flow()), LinkedHashMap::new, Collectors.toList()));
        var names = new LinkedHashSet<>(runs.keySet());
        versions.forEach(version -> names.addAll(families.taking(version.event())));
        var rows = new ArrayList<SystemRow>();
        for (String family : names) {
            Past own = past.of(runs.getOrDefault(family, List.of()));
            var standing = new Standing(family, families, versions, own, sources);
            for (Writer writer : writers(family, families, own)) {
                rows.add(standing.of(writer));
            }
        }
        return rows;
    }

    /** Those of the files first, then those that are known by what they did alone. */
    private static List<Writer> writers(String family, Families families, Past past) {
        var writers = new LinkedHashMap<List<String>, Writer>();
        families.writers(family).forEach(writer -> writers.put(writer.place(), writer));
        for (Run run : past.runs) {
            past.writes.getOrDefault(run.id(), List.of()).stream()
                    .map(Writer::of)
                    .forEach(writer -> writers.putIfAbsent(writer.place(), writer));
        }
        return List.copyOf(writers.values());
    }
}
