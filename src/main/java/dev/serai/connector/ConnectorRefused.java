package dev.serai.connector;

/**
 * A call cannot be made, or an answer cannot be read, as the connector file describes it. Nothing was sent when it comes
 * from building a request. The message is for a person: what is missing and what to do, never a secret or a payload.
 */
public final class ConnectorRefused extends RuntimeException {
    public ConnectorRefused(String message) {
        super(message, null, false, false);
    }
}
