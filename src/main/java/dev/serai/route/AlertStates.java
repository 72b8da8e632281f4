package dev.serai.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.alert.Signal;
import dev.serai.store.AlertBook.Entry;
import dev.serai.store.Drifts;
import dev.serai.store.ParkedConnections;
import dev.serai.store.ParkedConnections.Trouble;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Ends the alerts of states that nobody tells the end of: a budget's time is over, drift was accepted, a credential was
 * renewed, a connection's file is gone.
 */
public final class AlertStates {
    private static final Duration KNOWN_BY_NOW = Duration.ofDays(1);
    private static final Duration NEAR = Duration.ofDays(30);

    private final ParkedConnections connections;
    private final Drifts drifts;
    private final Hub hub;

    public AlertStates(ParkedConnections connections, Drifts drifts, Hub hub) {
        this.connections = connections;
        this.drifts = drifts;
        this.hub = hub;
    }

    /** @param open read before the states are looked at, so that nothing that begins meanwhile is ended */
    void endOver(List<Entry> open, Instant now) throws SQLException {
        List<Entry> states = open.stream()
                .filter(entry -> Signal.of(entry.signal()).unit() == Signal.Unit.NONE)
                .toList();
        if (states.isEmpty()) {
            return;
        }
        Set<String> lasting = lasting(now);
        Alerts alerts = hub.gate().alerts();
        for (Entry entry : states) {
            ObjectNode body = entry.body();
            Signal signal = Signal.of(entry.signal());
            switch (signal) {
                case QUOTA_USED -> {
                    if (now.isAfter(Instant.parse(body.path("until").asText(now.toString())))) {
                        end(alerts.over(body, "quota.over", "what " + named(body) + " allows counts anew"));
                    }
                }
                case BREAKER_OPEN -> unless(lasting, signal, body, "breaker.closed", named(body) + " is tried again");
                case CONNECTION_PARKED ->
                    unless(lasting, signal, body, "connection.resumed", named(body) + " is used again");
                case DRIFT_FOUND ->
                    unless(
                            lasting,
                            signal,
                            body,
                            "drift.over",
                            "what " + named(body) + " sends was accepted, or is as it was");
                case CREDENTIAL_EXPIRING ->
                    unless(
                            lasting,
                            signal,
                            body,
                            "credential.renewed",
                            "the credential of " + named(body) + " was renewed");
                case CANARY_ROLLED_BACK, STREAM_GAP -> {
                    boolean gap = signal == Signal.STREAM_GAP;
                    if (now.isAfter(entry.alert().times().seenAt().plus(KNOWN_BY_NOW))) {
                        end(
                                gap
                                        ? alerts.over(body, "stream.over", "it began anew a day ago")
                                        : alerts.over(body, "canary.over", "it was taken back a day ago"));
                    }
                }
                default -> {}
            }
        }
    }

    private static String named(ObjectNode body) {
        String operation = body.path("operation").asText();
        return body.path("connection").asText() + (operation.isEmpty() ? "" : "/" + operation);
    }

    private void unless(Set<String> lasting, Signal signal, ObjectNode body, String kind, String reason)
            throws SQLException {
        boolean drift = signal == Signal.DRIFT_FOUND;
        String part = body.path(drift ? "type" : "operation").asText();
        if (!lasting.contains(name(signal, body.path("connection").asText(), part))) {
            end(hub.gate().alerts().over(body, kind, reason));
        }
    }

    private void end(dev.serai.store.NewEvent event) throws SQLException {
        hub.stores().inbox().tell(event);
    }

    private static String name(Signal signal, String connection, String part) {
        return signal + " " + connection + " " + part;
    }

    private Set<String> lasting(Instant now) throws SQLException {
        var lasting = new HashSet<String>();
        for (Trouble trouble : connections.troubles()) {
            boolean whole = trouble.operation() == null;
            lasting.add(
                    whole
                            ? name(Signal.CONNECTION_PARKED, trouble.connection(), "")
                            : name(Signal.BREAKER_OPEN, trouble.connection(), trouble.operation()));
        }
        lasting.addAll(drifts.list(false).stream()
                .map(drift -> name(
                        Signal.DRIFT_FOUND,
                        drift.stream().source(),
                        drift.stream().type()))
                .collect(Collectors.toSet()));
        for (CredentialEnds.End end :
                CredentialEnds.of(hub.library().get(), hub.tokens().tokens())) {
            if (!end.renewed() && end.at().isBefore(now.plus(NEAR))) {
                lasting.add(name(Signal.CREDENTIAL_EXPIRING, end.connector().name(), ""));
            }
        }
        return lasting;
    }
}
