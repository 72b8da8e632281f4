package dev.serai.connector.auth;

import dev.serai.connector.Answer;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Request;
import dev.serai.connector.Text;
import dev.serai.connector.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A token that is asked for, ends and is renewed.
 *
 * @param token the one to use now; empty until there is one
 */
public record TokenAuth(TokenSource source, Carrier carrier, Life life, Optional<Token> token) implements Auth {

    /** Which header carries the token. @param prefix such as {@code Bearer}; may be empty */
    public record Carrier(String header, String prefix) {}

    /**
     * How long a token is good for.
     *
     * @param refreshBefore so much before its end it is renewed
     * @param expiresIn when the answer does not say
     * @param refreshLife where the answer tells when its refresh token ends
     */
    public record Life(Duration refreshBefore, Optional<Duration> expiresIn, String refreshLife) {}

    public TokenAuth with(Token current) {
        return new TokenAuth(source, carrier, life, Optional.of(current));
    }

    @Override
    public void apply(Values values, Map<String, String> headers, Map<String, String> query) {
        String access = held(values).access();
        headers.put(carrier.header, carrier.prefix.isEmpty() ? access : carrier.prefix + " " + access);
    }

    /** A request that was built with another token, with this one. */
    public Request carry(Request request, Values values) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(request.headers());
        apply(values, headers, Map.of());
        return new Request(request.method(), request.url(), headers, request.body());
    }

    /** The value of {@code {token.name}}, or null. */
    public String field(String name) {
        return token.map(held -> held.fields().get(name)).orElse(null);
    }

    private Token held(Values values) {
        return token.orElseThrow(() -> new ConnectorRefused(values.connector() + ": there is no token yet; "
                + (source.needsConsent()
                        ? "connect it: serai connections connect " + values.connector()
                        : "the hub gets one before its first call")));
    }

    /** @see TokenSource#ask */
    public Request ask(Values values, Moment moment) {
        return source.ask(values, token, moment);
    }

    /**
     * What an answer to {@link #ask} holds; what it does not say again stays as it was.
     *
     * @param asked when the request was sent, by this machine's clock
     * @param skew how far the remote's clock is ahead of ours
     * @throws TokenRefused when it holds no token
     */
    public Token read(Answer answer, Instant asked, Duration skew) throws TokenRefused {
        return new TokenAnswer(source.places(), life, source.logsIn()).read(answer, token, asked, skew);
    }

    @Override
    public Stream<Text> texts() {
        return source.texts();
    }

    @Override
    public Stream<Text> secretTexts() {
        return source.secretTexts();
    }

    @Override
    public Set<String> secrets(Values values) {
        Set<String> secrets = Auth.shownAs(secretTexts(), values);
        token.ifPresent(held -> {
            Secrecy.add(secrets, held.access());
            held.refresh().ifPresent(refresh -> Secrecy.add(secrets, refresh));
        });
        return secrets;
    }
}
