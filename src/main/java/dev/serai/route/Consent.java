package dev.serai.route;

import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.SecretAway;
import dev.serai.connector.VendorMessage;
import dev.serai.connector.Verdicts;
import dev.serai.connector.auth.OAuth2;
import dev.serai.connector.auth.Token;
import dev.serai.connector.auth.TokenRefused;
import dev.serai.store.Consents;
import dev.serai.store.Consents.Started;
import dev.serai.store.CredentialEvent;
import dev.serai.store.CredentialLog;
import dev.serai.store.Seal;
import dev.serai.store.Tokens;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** A person connects an account: is sent to the vendor's page, comes back with a code, and the code becomes a token. */
final class Consent {
    /** Long enough to find a password and a second factor. */
    private static final Duration AT_THE_VENDOR = Duration.ofMinutes(10);

    private final Hub hub;
    private final HttpCalls http;
    private final Stores stores;

    /** The tables it needs. */
    record Stores(Consents consents, Tokens tokens, CredentialLog log) {}

    Consent(Hub hub, HttpCalls http, Stores stores) {
        this.hub = hub;
        this.http = http;
        this.stores = stores;
    }

    /** It does not come to a connection; the message is for the person. */
    static final class Refused extends Exception {
        Refused(String message) {
            super(message, null, false, false);
        }
    }

    /** Where the browser goes next. @param cookie it brings back, so that nobody else can end what it began */
    record Leave(URI page, String cookie) {}

    /** The connector of a connection that people consent to. */
    Optional<Connector> connector(String name) {
        return hub.library().get().connector(name).filter(connector -> connector
                .tokens()
                .filter(tokens -> tokens.source().needsConsent())
                .isPresent());
    }

    /** Uses up a link. @return who made it */
    Optional<String> invited(String link, String connection) throws SQLException {
        return stores.consents.use(link, connection, now());
    }

    /** @param who begins it @throws Refused when a setting or the key is missing */
    Leave begin(Connector connector, String redirect, String who) throws SQLException, Refused {
        String state = new State(32).getValue();
        String cookie = new State(32).getValue();
        String verifier = new CodeVerifier().getValue();
        try {
            URI page = oauth2(connector)
                    .authorize(connector.signIn().values(), new OAuth2.Consent(state, verifier, redirect));
            stores.consents.start(
                    state,
                    cookie,
                    new Started(connector.name(), verifier, redirect, who),
                    now(),
                    now().plus(AT_THE_VENDOR));
            return new Leave(page, cookie);
        } catch (ConnectorRefused | SecretAway | Seal.Unusable e) {
            throw new Refused(e.getMessage());
        }
    }

    /** Nothing of that state was begun in this browser, or it is over. */
    static Refused unknown() {
        return new Refused("this was not begun in this browser, or too long ago, or ended before; begin again:"
                + " Reconnect in the console, or serai connections connect");
    }

    /** @return what was begun with the state, which then is used up */
    Optional<Started> back(String state, String cookie) throws SQLException {
        return state.isEmpty() || cookie.isEmpty() ? Optional.empty() : stores.consents.finish(state, cookie, now());
    }

    /** The vendor, or the person there, said no. */
    Refused saidNo(Started started, String error, String words) throws SQLException {
        return ended(
                started,
                CredentialEvent.CONNECT_REFUSED,
                started.connection() + " said no: " + error + (words.isEmpty() ? "" : ", " + words));
    }

    /** What was begun has its end in the history, whatever that is. */
    private Refused ended(Started started, CredentialEvent what, String words) throws SQLException {
        stores.log.note(started.connection(), now(), started.who(), what, cut(words));
        return new Refused(cut(words));
    }

    private Refused failed(Started started, String words) throws SQLException {
        return ended(started, CredentialEvent.CONNECT_FAILED, words);
    }

    /** Exchanges the code and stores the token; a parked connection goes on within a second. */
    void finish(Started started, String code) throws SQLException, Refused {
        Optional<Connector> found = connector(started.connection());
        if (found.isEmpty()) {
            throw failed(started, "there is no connection " + started.connection() + " any more");
        }
        Connector connector = found.get();
        var consent = new OAuth2.Consent("", started.verifier(), started.redirect());
        Instant asked = now();
        try {
            var moment = hub.tokens().skew().moment(connector.name(), now());
            Answer answer = http.send(
                    oauth2(connector).exchange(connector.signIn().values(), code, consent, moment),
                    connector.signingIn());
            hub.tokens().skew().hear(connector.name(), answer, now());
            Duration ahead = hub.tokens().skew().of(connector.name());
            Token token = connector.tokens().orElseThrow().read(answer, asked, ahead);
            String text = TokenText.of(connector, token).write();
            long grant = stores.tokens.consented(connector.name(), text, asked, token.expiresAt(), started.who());
            hub.tokens().consented(connector.name(), grant);
        } catch (TokenRefused e) {
            throw saidNo(
                    started,
                    "no token",
                    VendorMessage.cut(connector.mask(e.getMessage()).replace(code, "***")));
        } catch (IOException e) {
            throw failed(started, Verdicts.of(connector, e).reason() + "; begin again");
        } catch (ConnectorRefused | SecretAway | Seal.Unusable e) {
            throw failed(started, e.getMessage());
        }
    }

    private static OAuth2 oauth2(Connector connector) {
        return (OAuth2) connector.tokens().orElseThrow().source();
    }

    private static String cut(String words) {
        return words.length() <= 300 ? words : words.substring(0, 299) + "…";
    }

    private Instant now() {
        return hub.clock().instant().truncatedTo(ChronoUnit.MICROS);
    }
}
