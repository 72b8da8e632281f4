package dev.serai.cli.suite;

import dev.serai.cli.suite.Bench.Answered;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Request;
import dev.serai.connector.auth.Token;
import dev.serai.connector.auth.TokenAuth;
import dev.serai.connector.auth.TokenRefused;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A connection to a simulated vendor: its connector file, and the token it got where it signs in for one. */
final class Account {
    private final Bench bench;
    private final Connector file;
    private Connector live;

    Account(Bench bench, Connector file) {
        this.bench = bench;
        this.file = file;
        this.live = file;
    }

    /** With the token its requests carry now. */
    Connector connector() {
        return live;
    }

    Optional<TokenAuth> tokens() {
        return live.tokens();
    }

    /** Gets a first token as if somebody had consented; nothing for a connector without tokens. */
    void signIn() {
        if (file.tokens().isEmpty()) {
            return;
        }
        live = file;
        if (file.tokens().get().source().needsConsent()) {
            live = file.with(consented());
        }
        renew();
    }

    /** What is left of a consent when its first token has ended. */
    private Token consented() {
        try {
            String refresh = bench.simulator().consent(file.name());
            return new Token(
                    "", Optional.of(refresh), bench.now(), Optional.of(bench.now()), Optional.empty(), Map.of());
        } catch (IllegalArgumentException e) {
            throw new ConnectorRefused(e.getMessage());
        }
    }

    /** Renews a token that has ended meanwhile, as a hub does before a call. */
    void keepUp() {
        if (tokens().flatMap(TokenAuth::token)
                .filter(token -> token.due(bench.now(), Duration.ZERO))
                .isPresent()) {
            renew();
        }
    }

    private void renew() {
        try {
            take(ask());
        } catch (TokenRefused e) {
            throw new ConnectorRefused("it got no token: the vendor " + e.getMessage());
        }
    }

    void take(Token token) {
        live = live.with(token);
    }

    /** Asks for the next token. @throws TokenRefused when it gets none */
    Token ask() throws TokenRefused {
        return answer(tokens().orElseThrow().ask(live.signIn().values(), bench.moment()));
    }

    /** Sends a request for a token. @throws TokenRefused when it gets none */
    Token answer(Request request) throws TokenRefused {
        Instant asked = bench.now();
        Answered answered = bench.send(live.signingIn(), Connector.SIGN_IN, request);
        if (answered.answer().isEmpty()) {
            throw new TokenRefused(TokenRefused.Why.AGAIN, answered.outcome().reason(), Duration.ZERO);
        }
        return tokens().orElseThrow().read(answered.answer().get(), asked, Duration.ZERO);
    }
}
