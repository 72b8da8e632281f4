package dev.serai.route;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.alert.Alert;
import dev.serai.alert.Finding;
import dev.serai.alert.Judge.News;
import dev.serai.alert.Message;
import dev.serai.alert.Rules;
import dev.serai.alert.Signal;
import dev.serai.connector.Connector;
import dev.serai.connector.webhook.Incoming;
import dev.serai.run.Breaker;
import dev.serai.run.Bucket.Level;
import dev.serai.run.Owner;
import dev.serai.store.AlertBook.Entry;
import dev.serai.store.Breakers.Endpoint;
import dev.serai.store.Buckets.Limited;
import dev.serai.store.Inbox;
import dev.serai.store.NewEvent;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the hub itself has to tell, as events of type {@code serai.alert}: stored like any other, so that a flow can take
 * them wherever people look.
 */
public final class Alerts {
    static final String TYPE = "serai.alert";
    static final String DIGEST = "serai.digest";
    static final String SOURCE = "serai";
    /** Percent of a budget from which on it is critical. */
    private static final int CRITICAL_AT = 90;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Intake intake;
    private final String publicUrl;
    private final Supplier<Rules> rules;
    /** By connection. */
    private volatile Function<String, List<String>> callers = connection -> List.of();

    /** @param publicUrl where people reach this hub; empty when nobody said @param rules as they are now */
    public Alerts(Intake intake, String publicUrl, Supplier<Rules> rules) {
        this.intake = intake;
        this.publicUrl = publicUrl;
        this.rules = rules;
    }

    /** By the rules in the jar. */
    public Alerts(Intake intake, String publicUrl) {
        this(intake, publicUrl, () -> Rules.SHIPPED);
    }

    /** Who knows which flows call a connection, as their files are now. */
    void calledBy(Function<String, List<String>> flows) {
        callers = flows;
    }

    Rules rules() {
        return rules.get();
    }

    /** Says that an alert was stored. */
    void announce() {
        intake.announce();
    }

    NewEvent opened(Endpoint endpoint, Breaker breaker) {
        ObjectNode alert = alert("breaker.opened", endpoint, breaker.since(), breaker.reason(), Owner.TRANSIENT);
        alert.put("until", breaker.until().toString());
        alert.put(
                "what_to_do",
                "Nothing, if " + endpoint.connection() + " comes back by itself: it is tried again then, and the runs"
                        + " that wait go on. To try it at once: serai connections resume " + endpoint.connection()
                        + " --why REASON");
        return event(alert, News.RAISED, false);
    }

    NewEvent closed(Endpoint endpoint, Breaker breaker) {
        ObjectNode alert =
                alert("breaker.closed", endpoint, breaker.since(), endpoint.name() + " answers again", Owner.TRANSIENT);
        alert.put("what_to_do", "Nothing: the runs that waited go on.");
        return event(alert, News.RESOLVED, false);
    }

    NewEvent parked(Connector connector, Instant since, String reason) {
        ObjectNode alert = alert("connection.parked", new Endpoint(connector.name(), ""), since, reason, Owner.CONFIG);
        return event(alert.put("what_to_do", Credential.advice(connector, publicUrl)), News.RAISED, true);
    }

    /** @param day told once a day of it, however many hubs see it */
    NewEvent expiring(CredentialEnds.End ending, Instant day) {
        Connector connector = ending.connector();
        Instant end = ending.at();
        ObjectNode alert = alert(
                "credential.expiring",
                new Endpoint(connector.name(), ""),
                day,
                "the " + (ending.what().equals("token") ? "credential" : ending.what()) + " of " + connector.name()
                        + " ends at " + end,
                Owner.CONFIG);
        boolean lastDay = Duration.between(day, end).compareTo(Duration.ofDays(1)) <= 0;
        return event(alert.put("what_to_do", Credential.advice(connector, publicUrl)), News.RAISED, lastDay);
    }

    /** Stores one that belongs to no other change; one that was told before is not told again. */
    void tell(NewEvent alert, Inbox inbox) throws SQLException {
        inbox.tell(alert);
        intake.announce();
    }

    /** A state is over, which nobody else has told. @param body of its alert @param kind such as quota.over */
    NewEvent over(ObjectNode body, String kind, String reason) {
        ObjectNode alert = JSON.createObjectNode();
        alert.put("kind", kind);
        for (String name : List.of("connection", "operation", "window", "type", "flow")) {
            if (body.has(name)) {
                alert.set(name, body.get(name));
            }
        }
        alert.put("since", body.path("since").asText()).put("reason", reason);
        alert.put("what_to_do", "Nothing.");
        return event(alert, News.RESOLVED, false);
    }

    /** A state that lasts, and was not told when it began because of a silence; of the event that was not sent it has the key. */
    NewEvent late(Entry entry, News news) {
        ObjectNode body = Message.tell(entry.body().deepCopy(), news);
        Instant since = entry.alert().times().since();
        return event(TYPE, entry.toldKey(), about(body), since, body);
    }

    private static String about(ObjectNode body) {
        return body.has("flow")
                ? "flow:" + body.path("flow").asText()
                : "connection:" + body.path("connection").asText();
    }

    /** What a look has found, as people are told of it. */
    ObjectNode body(Finding found, Alert alert) {
        ObjectNode body = Message.of(found, alert, publicUrl);
        return found.rule().signal() == Signal.CONNECTION_FAILING
                ? withFlows(body, callers.apply(body.path("connection").asText()))
                : body;
    }

    private static ObjectNode withFlows(ObjectNode body, List<String> flows) {
        if (!flows.isEmpty()) {
            flows.forEach(body.putArray("flows")::add);
        }
        return body;
    }

    /** The event that tells of what a look has found. */
    NewEvent event(ObjectNode body, Alert alert, News news, Instant now) {
        ObjectNode told = Message.tell(Message.count(body.deepCopy(), alert), news);
        String key = alert.name() + " " + news + " " + now;
        return event(TYPE, key, "alert:" + alert.name(), now, told);
    }

    /** The report of a week. @param key the same on each hub that might send it */
    NewEvent digest(String key, ObjectNode digest, Instant now) {
        return event(DIGEST, key, "serai:digest", now, digest);
    }

    private NewEvent event(String type, String key, String record, Instant at, ObjectNode body) {
        return intake.own(new Incoming(
                key,
                false,
                type,
                Optional.of(record),
                Optional.of(at),
                Optional.empty(),
                body.toString().getBytes(StandardCharsets.UTF_8),
                "application/json"));
    }

    NewEvent resumed(String connection, Instant since, String reason) {
        ObjectNode alert = alert("connection.resumed", new Endpoint(connection, ""), since, reason, Owner.CONFIG);
        alert.put("what_to_do", "Nothing: the runs that waited go on.");
        return event(alert, News.RESOLVED, false);
    }

    /** A canary got its share taken back. @param since when it had got it: told once */
    NewEvent rolledBack(String flow, String replaces, Instant since, String reason) {
        ObjectNode alert = JSON.createObjectNode();
        alert.put("kind", "canary.rolled_back").put("flow", flow);
        alert.put("since", since.toString()).put("reason", reason).put("owner", "config");
        alert.put(
                "what_to_do",
                replaces + " gets all records again. See what failed: serai dead-letters list --flow " + flow
                        + "; mend the file, then give it a share anew: serai flows canary " + flow
                        + " --share 5 --why REASON");
        return event(alert, News.RAISED, false);
    }

    /**
     * A system has forgotten the place of a stream, and gave a new one. One that forgets again and again is told once an hour.
     *
     * @param stream with its arguments
     * @param polled when it was read last; null when nobody knows
     */
    NewEvent gap(Endpoint stream, Instant polled, Instant now, String refused) {
        String since = polled == null ? "before" : "since " + polled;
        ObjectNode alert = alert(
                "stream.gap",
                stream,
                now.truncatedTo(ChronoUnit.HOURS),
                "the place of " + stream.name() + " is forgotten (" + refused
                        + "); it goes on from now, and what changed " + since + " was not listed",
                Owner.CONFIG);
        alert.put(
                "what_to_do",
                "Have what changed " + since
                        + " listed in another way: set a stream back that lists it by time (serai streams"
                        + " set), or read it all once. Poll more often than " + stream.connection() + " forgets.");
        return event(alert, News.RAISED, false);
    }

    /** A budget has crossed a threshold. */
    NewEvent quota(Limited limited, Level level, Instant now) {
        String what = level.window().points() ? " points" : " calls";
        ObjectNode alert = alert(
                "quota.used",
                new Endpoint(limited.connection(), limited.operation()),
                level.since(),
                level.crossed() + " % of what " + limited.name() + " allows is used: " + level.used() + " of "
                        + level.limit() + what + " (" + level.window().name() + ")",
                Owner.TRANSIENT);
        alert.put("window", level.window().name())
                .put("percent", level.crossed())
                .put("used", level.used())
                .put("limit", level.limit())
                .put("until", level.until().toString());
        alert.put(
                "what_to_do",
                "See what it is used for: serai forecast. What is not critical is slowed down before it is used up; to"
                        + " get more done, ask " + limited.connection()
                        + " for a larger allowance, poll less often, or write in batches.");
        return event(alert, News.RAISED, level.used() * 100 >= CRITICAL_AT * level.limit());
    }

    private ObjectNode alert(String kind, Endpoint endpoint, Instant since, String reason, Owner owner) {
        ObjectNode alert = JSON.createObjectNode();
        alert.put("kind", kind).put("connection", endpoint.connection());
        if (!endpoint.operation().isEmpty()) {
            alert.put("operation", endpoint.operation());
        }
        List<String> flows = callers.apply(endpoint.operation().isEmpty() ? endpoint.connection() : endpoint.name());
        if (flows.isEmpty()) { // of an operation that another one calls: a token, a look-up, a part of an upsert
            flows = callers.apply(endpoint.connection());
        }
        return withFlows(alert, flows)
                .put("since", since.toString())
                .put("reason", reason)
                .put("owner", owner.name().toLowerCase(Locale.ROOT));
    }

    /** Drift of a stream: its type belongs to what it is about. */
    NewEvent drift(ObjectNode alert, String key, Instant at) {
        ObjectNode told = Message.tell(Message.ofState(alert, subject(alert), false, rules(), publicUrl), News.RAISED);
        return event(TYPE, key, "connection:" + alert.path("connection").asText(), at, told);
    }

    /** The same at its beginning and at its end. */
    private static String subject(ObjectNode alert) {
        return Stream.of("connection", "operation", "window", "type", "flow")
                .map(name -> alert.path(name).asText())
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private NewEvent event(ObjectNode alert, News news, boolean severe) {
        String connection = alert.path("connection").asText();
        Message.tell(Message.ofState(alert, subject(alert), severe, rules(), publicUrl), news);
        String key = String.join(
                " ",
                alert.path("kind").asText(),
                connection + alert.path("flow").asText(),
                alert.path("operation").asText(),
                alert.path("window").asText()
                        + alert.path("type").asText()
                        + alert.path("percent").asText(),
                alert.path("since").asText());
        return event(TYPE, key, about(alert), Instant.parse(alert.path("since").asText()), alert);
    }
}
