package dev.serai.route;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connector.Connector;
import dev.serai.connector.webhook.Incoming;
import dev.serai.run.Breaker;
import dev.serai.run.Bucket.Level;
import dev.serai.run.Owner;
import dev.serai.store.Breakers.Endpoint;
import dev.serai.store.Buckets.Limited;
import dev.serai.store.Inbox;
import dev.serai.store.NewEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the hub itself has to tell, as events of type {@code serai.alert}: stored like any other, so that a flow can take
 * them wherever people look.
 */
public final class Alerts {
    static final String TYPE = "serai.alert";
    static final String SOURCE = "serai";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Intake intake;
    private final String publicUrl;

    /** @param publicUrl where people reach this hub; empty when nobody said */
    public Alerts(Intake intake, String publicUrl) {
        this.intake = intake;
        this.publicUrl = publicUrl;
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
                        + " that wait go on. To try it at once: serai connections resume " + endpoint.connection());
        return event(alert);
    }

    NewEvent closed(Endpoint endpoint, Breaker breaker) {
        ObjectNode alert =
                alert("breaker.closed", endpoint, breaker.since(), endpoint.name() + " answers again", Owner.TRANSIENT);
        alert.put("what_to_do", "Nothing: the runs that waited go on.");
        return event(alert);
    }

    NewEvent parked(Connector connector, Instant since, String reason) {
        ObjectNode alert = alert("connection.parked", new Endpoint(connector.name(), ""), since, reason, Owner.CONFIG);
        return event(alert.put("what_to_do", Credential.advice(connector, publicUrl)));
    }

    /** @param day told once a day of it, however many hubs see it */
    NewEvent expiring(Connector connector, Instant day, Instant end) {
        ObjectNode alert = alert(
                "credential.expiring",
                new Endpoint(connector.name(), ""),
                day,
                "the credential of " + connector.name() + " ends at " + end,
                Owner.CONFIG);
        return event(alert.put("what_to_do", Credential.advice(connector, publicUrl)));
    }

    /** Stores one that belongs to no other change; one that was told before is not told again. */
    void tell(NewEvent alert, Inbox inbox) {
        inbox.append(List.of(alert)).thenRun(intake::announce);
    }

    NewEvent resumed(String connection, Instant since, String reason) {
        ObjectNode alert = alert("connection.resumed", new Endpoint(connection, ""), since, reason, Owner.CONFIG);
        alert.put("what_to_do", "Nothing: the runs that waited go on.");
        return event(alert);
    }

    /** A canary got its share taken back. @param since when it had got it: told once */
    NewEvent rolledBack(String flow, String replaces, Instant since, String reason) {
        ObjectNode alert = JSON.createObjectNode();
        alert.put("kind", "canary.rolled_back").put("flow", flow);
        alert.put("since", since.toString()).put("reason", reason).put("owner", "config");
        return event(alert.put(
                "what_to_do",
                replaces + " gets all records again. See what failed: serai dead-letters list --flow " + flow
                        + "; mend the file, then give it a share anew: serai flows canary " + flow + " --share 5"));
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
        return event(alert);
    }

    private static ObjectNode alert(String kind, Endpoint endpoint, Instant since, String reason, Owner owner) {
        ObjectNode alert = JSON.createObjectNode();
        alert.put("kind", kind).put("connection", endpoint.connection());
        if (!endpoint.operation().isEmpty()) {
            alert.put("operation", endpoint.operation());
        }
        return alert.put("since", since.toString())
                .put("reason", reason)
                .put("owner", owner.name().toLowerCase(Locale.ROOT));
    }

    private NewEvent event(ObjectNode alert) {
        String connection = alert.path("connection").asText();
        String about = alert.has("flow") ? "flow:" + alert.path("flow").asText() : "connection:" + connection;
        String key = String.join(
                " ",
                alert.path("kind").asText(),
                connection + alert.path("flow").asText(),
                alert.path("operation").asText(),
                alert.path("window").asText() + alert.path("percent").asText(),
                alert.path("since").asText());
        return intake.newEvent(
                SOURCE,
                new Incoming(
                        key,
                        false,
                        TYPE,
                        Optional.of(about),
                        Optional.of(Instant.parse(alert.path("since").asText())),
                        Optional.empty(),
                        alert.toString().getBytes(StandardCharsets.UTF_8),
                        "application/json"));
    }
}
