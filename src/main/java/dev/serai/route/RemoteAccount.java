package dev.serai.route;

import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;

/**
 * Whose records the calls of a connection read and write: its address, everything that is set for it, and the consent
 * behind its token. Another credential of the same account counts as another account; taken for it, that costs a question.
 */
final class RemoteAccount {
    /** Nobody knows whose: never the same as any other. */
    static final RemoteAccount NOBODYS = new RemoteAccount("");

    private final Connector connector;
    private final long grant;
    private final String mark;

    RemoteAccount(Connector connector, long grant, String salt) {
        this.connector = connector;
        this.grant = grant;
        this.mark = marked(salt);
    }

    private RemoteAccount(String mark) {
        this.connector = null;
        this.grant = 0;
        this.mark = mark;
    }

    /** Recognises it, and gives nothing away: {@code salt:fingerprint}, as it was set when this was made. */
    String mark() {
        return mark;
    }

    /** Whether it is the one of that mark, as it is set now. @param kept null or empty for nobody's */
    boolean is(String kept) {
        int colon = kept == null ? -1 : kept.indexOf(':');
        return connector != null
                && colon > 0
                && marked(kept.substring(0, colon)).equals(kept);
    }

    private String marked(String salt) {
        return salt + ":"
                + Credential.fingerprint(connector, grant, salt + "\n" + address() + "\n" + connector.given());
    }

    /** One that comes with the token comes with the consent. */
    private String address() {
        try {
            return connector.address();
        } catch (ConnectorRefused e) {
            return "";
        }
    }
}
