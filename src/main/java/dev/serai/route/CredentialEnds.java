package dev.serai.route;

import dev.serai.connector.Connector;
import dev.serai.connector.auth.OAuth2;
import dev.serai.connector.auth.Token;
import dev.serai.connector.auth.TokenSource;
import dev.serai.facts.ConnectionFacts;
import dev.serai.library.Library;
import dev.serai.store.Seal;
import dev.serai.store.Tokens;
import dev.serai.store.Tokens.Standing;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** When the credentials of connections end, and what they allow: what files say of keys, and what tokens say themselves. */
public final class CredentialEnds {
    private CredentialEnds() {}

    /**
     * An end.
     *
     * @param renewed whether the hub sees to it by itself
     */
    public record End(Connector connector, String what, Instant at, boolean renewed) {}

    /** The same, as people are told. */
    public static List<ConnectionFacts.End> told(Library library, Tokens tokens) throws SQLException {
        return of(library, tokens).stream()
                .map(end -> new ConnectionFacts.End(end.connector().name(), end.what(), end.at(), end.renewed()))
                .toList();
    }

    /** The soonest first. */
    public static List<End> of(Library library, Tokens tokens) throws SQLException {
        Map<String, Standing> standings = new HashMap<>();
        tokens.standings().forEach(standing -> standings.put(standing.connection(), standing));
        var ends = new ArrayList<End>();
        for (Connector connector : library.connectors().values()) {
            connector
                    .signIn()
                    .expires()
                    .ifPresent(day -> ends.add(new End(
                            connector,
                            "credential",
                            day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant(),
                            false)));
            Standing standing = standings.get(connector.name());
            if (connector.tokens().isPresent() && standing != null) {
                addToken(ends, connector, standing, token(connector, tokens));
            }
        }
        ends.sort(Comparator.comparing(End::at));
        return ends;
    }

    private static void addToken(List<End> ends, Connector connector, Standing standing, Optional<Token> token) {
        TokenSource source = connector.tokens().orElseThrow().source();
        if (standing.expiresAt() != null) {
            // only a consent that brought no refresh token ends with its token
            boolean renewed =
                    !source.needsConsent() || token.flatMap(Token::refresh).isPresent();
            ends.add(new End(connector, "token", standing.expiresAt(), renewed));
        }
        if (source.uses(Optional.empty())) {
            String what = source.needsConsent() ? "consent" : "refresh token";
            token.flatMap(Token::consentEnd)
                    .ifPresent(end -> ends.add(new End(connector, what, end.at(), !end.stands())));
        }
    }

    private static Optional<Token> token(Connector connector, Tokens tokens) throws SQLException {
        return connector.tokens().orElseThrow().source().uses(Optional.empty())
                ? read(connector, tokens)
                : Optional.empty();
    }

    /** The scopes that tokens came with, as vendors told them, by connection; none of one that did not tell. */
    public static Map<String, String> granted(Library library, Tokens tokens) throws SQLException {
        var granted = new HashMap<String, String>();
        for (Standing standing : tokens.standings()) {
            Optional<Connector> connector = library.connector(standing.connection())
                    .filter(file -> file.tokens()
                            .filter(auth -> auth.source() instanceof OAuth2)
                            .isPresent());
            if (connector.isPresent()) {
                read(connector.get(), tokens)
                        .map(token -> token.fields().get("scope"))
                        .ifPresent(scope -> granted.put(standing.connection(), scope));
            }
        }
        return granted;
    }

    /** Empty for one that nobody can read, and so nobody can renew. */
    private static Optional<Token> read(Connector connector, Tokens tokens) throws SQLException {
        try {
            return tokens.read(connector.name()).text().map(text -> TokenText.read(text)
                    .token());
        } catch (Seal.Unusable e) {
            return Optional.empty();
        }
    }
}
