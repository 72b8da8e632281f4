package dev.serai.connector.webhook;

/**
 * A request whose body is not what its {@code webhooks:} section expects. The message is one sentence that says where and
 * what was expected; it never quotes the body. The same bytes will never do, so the answer is 400 or 422, not 5xx.
 */
public final class Malformed extends RuntimeException {
    Malformed(String message) {
        super(message, null, false, false);
    }
}
