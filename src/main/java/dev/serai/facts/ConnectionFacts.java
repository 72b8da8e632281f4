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

    /**
     * What does not stand in tables.
     *
     * @param flows all there are
     * @param ends the soonest first
     * @param granted the scopes that tokens came with, as vendors told them, by connection
     */
    public record Given(Library library, List<Flow> flows, List<End> ends, Map<String, String> granted) {}

    public ConnectionFacts(Sources sources) {
        this.sources = sources;
    }

    /** What is told of all is made of. */
    private record Known(
            List<Trouble> troubles,
            Map<String, Proof> proofs,
            Set<String> connected,
            List<Count> lately,
            List<Count> day,
            Map<String, Instant> before,
            List<Count> cache,
            Stands stands,
            Given given) {}

    private Known known(Given given, Instant now) throws SQLException {
        return new Known(
                sources.troubles.troubles(),
                sources.proofs.all(),
                sources.proofs.connected(),
                calls(sources.tallies.sums("call", now.minus(LATELY))),
                calls(sources.tallies.sums("call", now.minus(DAY))),
                sources.tallies.lastCalls(GOOD, Connector.SIGN_IN),
                sources.tallies.sums("cache", now.minus(LATELY)),
                sources.buckets.stands(),
                given);
    }

    /** A token that was got is no call that got through; that none was to be had is one that did not. */
    private static List<Count> calls(List<Count> counts) {
        return counts.stream()
                .filter(count -> !count.part().equals(Connector.SIGN_IN) || !GOOD.contains(count.outcome()))
                .toList();
    }

    /** By name: those that have a file, and those that are in trouble without one. */
    public ArrayNode list(Given given, Instant now) throws SQLException {
        Known known = known(given, now);
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (String name : names(known)) {
            list.add(line(name, given.library.connector(name), known));
        }
        return list;
    }

    /** Of one, or the names that there are. */
    public record Shown(Optional<ObjectNode> connection, Set<String> names) {}

    public Shown show(String name, Given given, Instant now) throws SQLException {
        Known known = known(given, now);
        Set<String> names = names(known);
        return new Shown(
                names.contains(name) ? Optional.of(line(name, given.library.connector(name), known)) : Optional.empty(),
                names);
    }

    private static Set<String> names(Known known) {
        var names = new TreeSet<>(known.given.library.connectors().keySet());
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
        Proof proof = known.proofs.get(name);
        Map<String, Long> verdicts = verdicts(known.lately, name);
        Instant last = lastSuccess(known, name);
        var calls = new Condition.Calls(sum(verdicts), good(verdicts), latest(known.lately, name), last);
        Condition condition = Condition.of(file, troubles, known.connected.contains(name), proof, calls);
        json.put("state", condition.state()).put("reason", condition.reason());
        json.put("consent", Condition.isConsented(file));
        var unset = json.putArray("missing_settings");
        file.ifPresent(connector -> connector.missingSettings().forEach(unset::add));
        json.set("troubles", TroubleFacts.json(troubles));
        json.put("proved_at", proof == null ? null : RunFacts.text(proof.provedAt()))
                .put(
                        "proof_tried",
                        proof == null
                                        || proof.provedAt() == null
                                                && proof.result().isEmpty()
                                ? null
                                : proof.tried())
                .put("proof", proof == null ? null : proof.result());
        json.put("last_success", RunFacts.text(last));
        verdicts.forEach(json.putObject("last_hour")::put);
        json.put("error_percent", percent(calls.lately() - calls.good(), calls.lately()));
        cache(json, known.cache, name);
        json.set(
                "quotas",
                file.isPresent() ? QuotaFacts.of(file.get(), known.stands) : JsonNodeFactory.instance.arrayNode());
        json.set(
                "scopes",
                file.map(connector -> ScopeFacts.of(
                                connector, known.given.granted.get(name), known.given.library, known.given.flows))
                        .orElseGet(ScopeFacts::none));
        ArrayNode ends = json.putArray("ends");
        known.given.ends.stream().filter(end -> end.connection().equals(name)).forEach(end -> ends.addObject()
                .put("what", end.what())
                .put("at", RunFacts.text(end.at()))
                .put("renewed", end.renewed()));
        return json;
    }

    /** Nothing goes through there either; how many runs found out is not kept. */
    private static Trouble withoutSecret(String name, SecretAway away) {
        return new Trouble(name, null, "open", away.since(), away.again(), away.getMessage(), 0);
    }

    /** The minute within a day, else the hour. */
    private static Instant lastSuccess(Known known, String name) {
        return known.day.stream()
                .filter(count -> count.name().equals(name) && GOOD.contains(count.outcome()))
                .map(Count::minute)
                .max(Comparator.naturalOrder())
                .orElse(known.before.get(name));
    }

    private static Map<String, Long> verdicts(List<Count> lately, String name) {
        var verdicts = new TreeMap<String, Long>();
        lately.stream()
                .filter(count -> count.name().equals(name))
                .forEach(count -> verdicts.merge(count.outcome(), count.count(), Long::sum));
        return verdicts;
    }

    private static Instant latest(List<Count> lately, String name) {
        return lately.stream()
                .filter(count -> count.name().equals(name))
                .map(Count::minute)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    private static long sum(Map<String, Long> verdicts) {
        return verdicts.values().stream().mapToLong(n -> n).sum();
    }

    private static long good(Map<String, Long> verdicts) {
        return GOOD.stream().mapToLong(v -> verdicts.getOrDefault(v, 0L)).sum();
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
