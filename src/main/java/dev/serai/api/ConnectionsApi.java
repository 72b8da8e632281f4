package dev.serai.api;

import static dev.serai.api.Operation.get;
import static dev.serai.api.Operation.post;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Operation.Parameter;
import dev.serai.connector.Connector;
import dev.serai.facts.ConnectionFacts;
import dev.serai.facts.QuotaFacts;
import dev.serai.facts.RunFacts;
import dev.serai.facts.TroubleFacts;
import dev.serai.file.Durations;
import dev.serai.file.Suggest;
import dev.serai.store.Audit;
import dev.serai.store.Breakers;
import dev.serai.store.Breakers.Endpoint;
import dev.serai.store.Buckets;
import dev.serai.store.ByHand;
import dev.serai.store.CredentialLog;
import dev.serai.store.ParkedConnections;
import dev.serai.store.Proofs;
import dev.serai.store.Proofs.Proof;
import dev.serai.store.Seal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Semaphore;

/** Connections: whether they go, their limits and breakers; and what lets them go on. */
final class ConnectionsApi {
    private static final Duration WEEK = Duration.ofDays(7);
    private static final int MOST = 100;
    private static final Duration LINKS_LAST = Duration.ofMinutes(15);
    /** Fewer than wait beside the desk: a vendor that hangs leaves a place for everybody else who waits there. */
    private static final int CHECKS = 2;

    private final Semaphore checks = new Semaphore(CHECKS);
    private final Running running;
    private final Stores stores;
    private final ConnectionFacts facts;

    /** The tables. */
    record Stores(
            ParkedConnections troubles,
            Breakers breakers,
            Buckets buckets,
            Proofs proofs,
            CredentialLog credentials,
            Audit audit) {}

    ConnectionsApi(Running running, Stores stores, ConnectionFacts facts) {
        this.running = running;
        this.stores = stores;
        this.facts = facts;
    }

    List<Operation> operations() {
        return List.of(
                get("/connections", "list_connections", "All connections: how their calls go, their limits, their ends")
                        .answers("ConnectionList", ask -> list(facts.list(given(), ask.now()))),
                get(
                                "/connections/troubled",
                                "list_troubled_connections",
                                "Connections and operations through which nothing goes now")
                        .answers("TroubleList", ask -> list(TroubleFacts.json(stores.troubles.troubles()))),
                get("/connections/{connection}", "show_connection", "One connection")
                        .answers("Connection", ask -> Answer.of(found(ask))),
                post(
                                "/connections/{connection}/resume",
                                "resume_connection",
                                "Lets a parked connection go on, and its open breakers and closed limits be tried")
                        .body("Reason")
                        .answers("Touched", this::resume),
                post(
                                "/connections/{connection}/reconnect",
                                "reconnect_connection",
                                "Makes a link that works once, by which a person connects the account at the vendor's page")
                        .answers("ConnectLink", this::reconnect),
                get(
                                "/connections/{connection}/history",
                                "show_connection_history",
                                "What became of a connection's credentials, and which flow used it for what")
                        .takes(List.of(Parameter.of("since", "how far back its use is told: 12h; 7d unless said")))
                        .answers("ConnectionHistory", this::history),
                post("/connections/{connection}/check", "check_connection", "Tries whether a connection works")
                        .mayWait()
                        .answers("Checked", this::check),
                get("/quotas", "list_quotas", "What is used of all limits, and when each will be used up")
                        .answers("QuotaList", ask -> list(new QuotaFacts(stores.buckets).list(running.library()))),
                get("/breakers", "list_breakers", "Operations that are left alone, or failed lately")
                        .answers("BreakerList", this::breakers),
                post(
                                "/breakers/{connection}/{operation}/try",
                                "try_breaker",
                                "Lets one call through an open breaker now, which decides")
                        .body("Reason")
                        .answers("Touched", ask -> breaker(ask, false)),
                post(
                                "/breakers/{connection}/{operation}/close",
                                "close_breaker",
                                "Closes a breaker: all that waits for it goes on at once")
                        .body("Reason")
                        .answers("Touched", ask -> breaker(ask, true)));
    }

    private ConnectionFacts.Given given() throws SQLException {
        return new ConnectionFacts.Given(running.library(), running.flows(), running.ends(), running.granted());
    }

    private static Answer list(ArrayNode items) {
        ObjectNode json = Json.object();
        json.set("items", items);
        return Answer.of(json);
    }

    private JsonNode found(Ask ask) throws SQLException {
        String name = ask.path().get("connection");
        ConnectionFacts.Shown shown = facts.show(name, given(), ask.now());
        return shown.connection()
                .orElseThrow(() ->
                        Declined.notFound("there is no connection " + name + "; " + Suggest.hint(name, shown.names())));
    }

    private Answer resume(Ask ask) throws SQLException {
        ByHand by = ask.byHand();
        String name = ask.path().get("connection");
        int touched = stores.troubles.resume(name, ask.now(), by);
        if (touched == 0) {
            found(ask);
        }
        return Answer.of(Json.object().put("touched", touched));
    }

    /** The account counts that the person agrees with who opens the link: whoever has it decides where all calls go. */
    private Answer reconnect(Ask ask) throws SQLException {
        String name = found(ask).path("connection").asText();
        Connector connector = running.library()
                .connector(name)
                .filter(file -> file.tokens()
                        .filter(tokens -> tokens.source().needsConsent())
                        .isPresent())
                .orElseThrow(() -> Declined.conflict(name
                        + " is not connected by consent: its file does not say grant: authorization_code; give it its"
                        + " settings instead"));
        if (!connector.missingToCall().isEmpty()) {
            throw Declined.conflict(
                    name + " lacks " + String.join(", ", connector.missingToCall()) + ": set them first");
        }
        Instant until = ask.now().plus(LINKS_LAST);
        try {
            String once = running.consents().invite(name, ask.caller().name(), ask.now(), until);
            return Answer.of(Json.object()
                    .put("connection", name)
                    .put("open", running.home() + "/connections/" + name + "/connect?once=" + once)
                    .put("until", RunFacts.text(until))
                    .put("callback", running.home() + "/oauth/callback"));
        } catch (Seal.Unusable e) {
            throw Declined.conflict(name + ": " + e.getMessage());
        }
    }

    private Answer check(Ask ask) throws SQLException {
        String name = found(ask).path("connection").asText();
        if (running.library().connector(name).isEmpty()) {
            throw Declined.conflict("connection " + name + " has no file any more; it can't be tried");
        }
        if (!checks.tryAcquire()) {
            throw new Declined(503, "busy", CHECKS + " connections are being tried now; ask again in a moment");
        }
        Running.Checked checked;
        try {
            // a check may renew a token, park the connection or let it go on: who asked for that is known from its
            // begin
            stores.audit.note(new ByHand(ask.caller().name(), ""), "check connection " + name);
            checked = running.check(name);
        } finally {
            checks.release();
        }
        String result = checked.fine() ? "" : checked.words();
        stores.proofs.proved(name, new Proofs.Made(ask.now(), ask.caller().name(), checked.tried(), result));
        Proof proof = stores.proofs.all().get(name);
        return Answer.of(Json.object()
                .put("connection", name)
                .put("tried", checked.tried())
                .put("fine", checked.fine())
                .put("words", checked.words())
                .put("proved_at", RunFacts.text(proof.provedAt())));
    }

    private Answer history(Ask ask) throws SQLException {
        String name = ask.path().get("connection");
        String given = ask.query("since").orElse("");
        Duration since = given.isEmpty()
                ? WEEK
                : Durations.parse(given)
                        .orElseThrow(() ->
                                Declined.badRequest("since: " + given + ": a duration such as 12h or 7d is needed"));
        ObjectNode json = Json.object();
        json.set("events", Json.list(stores.credentials.events(name, MOST), event -> Json.object()
                .put("at", RunFacts.text(event.at()))
                .put("who", event.who())
                .put("what", event.what())
                .put("why", event.why())));
        json.set("uses", Json.list(stores.credentials.uses(name, ask.now().minus(since), MOST), use -> Json.object()
                .put("flow", use.flow())
                .put("operation", use.operation())
                .put("endpoint", use.endpoint())
                .put("calls", use.calls())
                .put("fine", use.fine())
                .put("last", RunFacts.text(use.last()))));
        return Answer.of(json);
    }

    private Answer breakers(Ask ask) throws SQLException {
        var troubled = stores.breakers.troubled().entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().name()))
                .toList();
        return Answer.of(Json.items(troubled, entry -> Json.object()
                .put("connection", entry.getKey().connection())
                .put("operation", entry.getKey().operation())
                .put("state", entry.getValue().state().name().toLowerCase(java.util.Locale.ROOT))
                .put("failures", entry.getValue().failures())
                .put("since", RunFacts.text(entry.getValue().since()))
                .put("until", RunFacts.text(entry.getValue().until()))
                .put("reason", entry.getValue().reason())));
    }

    private Answer breaker(Ask ask, boolean close) throws SQLException {
        ByHand by = ask.byHand();
        var endpoint = new Endpoint(ask.path().get("connection"), ask.path().get("operation"));
        boolean done = close
                ? stores.breakers.close(endpoint, ask.now(), by)
                : stores.breakers.tryNow(endpoint, ask.now(), by);
        return Answer.of(Json.object().put("touched", done ? 1 : 0));
    }
}
