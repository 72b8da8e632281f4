package dev.serai.facts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connector.Connector;
import dev.serai.connector.SecretAway;
import dev.serai.library.Library;
import dev.serai.store.Buckets;
import dev.serai.store.Buckets.Stands;
import dev.serai.store.ParkedConnections;
import dev.serai.store.ParkedConnections.Trouble;
import dev.serai.store.Proofs;
import dev.serai.store.Proofs.Proof;
import dev.serai.store.Tallies;
import dev.serai.store.Tallies.Count;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is told of connections: whether they go, how their calls went of late, what is used of their limits, and when they end. */
public final class ConnectionFacts {
    private static final Duration LATELY = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Set<String> GOOD = Set.of("success", "ignore");

    private final Sources sources;

    /** Where it is read from. */
    public record Sources(ParkedConnections troubles, Proofs proofs, Tallies tallies, Buckets buckets) {}

    /** When a credential ends. @param renewed whether the hub sees to it by itself */
    public record End(String connection, String what, Instant at, boolean renewed) {}

    public ConnectionFacts(Sources sources) {
        this.sources = sources;
    }

    /** What is told of all is made of. */
    private record Known(
            List<Trouble> troubles,
            Map<String, Proof> proofs,
            List<Count> lately,
            List<Count> day,
            Map<String, Instant> before,
            List<Count> cache,
            Stands stands,
            List<End> ends) {}

    private Known known(List<End> ends, Instant now) throws SQLException {
        return new Known(
                sources.troubles.troubles(),
                sources.proofs.all(),
                sources.tallies.sums("call", now.minus(LATELY)),
                sources.tallies.sums("call", now.minus(DAY)),
                sources.tallies.lastCalls(GOOD),
                sources.tallies.sums("cache", now.minus(LATELY)),
                sources.buckets.stands(),
                ends);
    }

    /** By name: those that have a file, and those that are in trouble without one. */
    public ArrayNode list(Library library, List<End> ends, Instant now) throws SQLException {
        Known known = known(ends, now);
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (String name : names(library, known)) {
            list.add(line(name, library.connector(name), known));
        }
        return list;
    }

    /** Of one, or the names that there are. */
    public record Shown(Optional<ObjectNode> connection, Set<String> names) {}

    public Shown show(String name, Library library, List<End> ends, Instant now) throws SQLException {
        Known known = known(ends, now);
        Set<String> names = names(library, known);
        return new Shown(
                names.contains(name) ? Optional.of(line(name, library.connector(name), known)) : Optional.empty(),
                names);
    }

    private static Set<String> names(Library library, Known known) {
        var names = new TreeSet<>(library.connectors().keySet());
        known.troubles.forEach(trouble -> names.add(trouble.connection()));
        return names;
    }

    private static ObjectNode line(String name, Optional<Connector> file, Known known) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("connection", name);
        var troubles = new ArrayList<Trouble>();
        file.flatMap(connector -> connector.away().values().stream().findFirst())
                .ifPresent(away -> troubles.add(withoutSecret(name, away)));
        known.troubles.stream()
                .filter(trouble -> trouble.connection().equals(name))
                .forEach(troubles::add);
        Set<String> missing = file.map(Connector::missingSettings).orElse(Set.of());
        json.put("state", state(troubles, missing));
        json.put(
                "consent",
                file.flatMap(Connector::tokens)
                        .filter(tokens -> tokens.source().needsConsent())
                        .isPresent());
        var unset = json.putArray("missing_settings");
        missing.forEach(unset::add);
        json.set("troubles", TroubleFacts.json(troubles));
        Proof proof = known.proofs.get(name);
        json.put("proved_at", proof == null ? null : RunFacts.text(proof.provedAt()))
                .put(
                        "proof_tried",
                        proof == null
                                        || proof.provedAt() == null
                                                && proof.result().isEmpty()
                                ? null
                                : proof.tried())
                .put("proof", proof == null ? null : proof.result());
        json.put("last_success", RunFacts.text(lastSuccess(known, name)));
        calls(json, known.lately, name);
        cache(json, known.cache, name);
        json.set(
                "quotas",
                file.isPresent() ? QuotaFacts.of(file.get(), known.stands) : JsonNodeFactory.instance.arrayNode());
        ArrayNode ends = json.putArray("ends");
        known.ends.stream().filter(end -> end.connection().equals(name)).forEach(end -> ends.addObject()
                .put("what", end.what())
                .put("at", RunFacts.text(end.at()))
                .put("renewed", end.renewed()));
        return json;
    }

    /** Nothing goes through there either; how many runs found out is not kept. */
    private static Trouble withoutSecret(String name, SecretAway away) {
        return new Trouble(name, null, "open", away.since(), away.again(), away.getMessage(), 0);
    }

    /** The worst that can be said of it. */
    private static String state(List<Trouble> troubles, Set<String> missing) {
        Optional<String> whole = troubles.stream()
                .filter(trouble -> trouble.operation() == null)
                .map(Trouble::state)
                .findFirst();
        if (whole.isPresent()) {
            return whole.get();
        }
        return !troubles.isEmpty() ? "open" : missing.isEmpty() ? "fine" : "not_set";
    }

    /** The minute within a day, else the hour. */
    private static Instant lastSuccess(Known known, String name) {
        return known.day.stream()
                .filter(count -> count.name().equals(name) && GOOD.contains(count.outcome()))
                .map(Count::minute)
                .max(Comparator.naturalOrder())
                .orElse(known.before.get(name));
    }

    private static void calls(ObjectNode json, List<Count> lately, String name) {
        var verdicts = new TreeMap<String, Long>();
        lately.stream()
                .filter(count -> count.name().equals(name))
                .forEach(count -> verdicts.merge(count.outcome(), count.count(), Long::sum));
        ObjectNode calls = json.putObject("last_hour");
        verdicts.forEach(calls::put);
        long all = verdicts.values().stream().mapToLong(n -> n).sum();
        long good = GOOD.stream().mapToLong(v -> verdicts.getOrDefault(v, 0L)).sum();
        json.put("error_percent", percent(all - good, all));
    }

    private static void cache(ObjectNode json, List<Count> cache, String name) {
        var asked = new TreeMap<String, Long>();
        cache.stream()
                .filter(count -> count.name().equals(name))
                .forEach(count -> asked.put(count.outcome(), count.count()));
        long all = asked.values().stream().mapToLong(n -> n).sum();
        json.put("cache_hit_percent", percent(asked.getOrDefault("hit", 0L), all));
    }

    /** Null of nothing. */
    private static Double percent(long part, long all) {
        return all == 0 ? null : Math.round(1000.0 * part / all) / 10.0;
    }
}
