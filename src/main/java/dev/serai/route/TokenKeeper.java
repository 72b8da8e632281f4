package dev.serai.route;

import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.Request;
import dev.serai.connector.auth.Auth;
import dev.serai.connector.auth.Token;
import dev.serai.connector.auth.TokenAuth;
import dev.serai.run.Outcome;
import dev.serai.store.Seal;
import dev.serai.store.Tokens;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gives each call the token it needs. While one is good, that costs no statement; when it is due, one thread of one hub
 * renews it, and all others go on with the old one as long as it lasts.
 */
public final class TokenKeeper implements AutoCloseable {
    /** How long a call waits for somebody else's renewal; then its run is tried again. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    /** How long a run waits that had no token, unless the remote asks for longer. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(5);
    /** However long it asks to be left alone: an answer may be wrong, and nobody would look for it. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Tokens tokens;
    private final TokenRenewal renewal;
    private final InstantSource clock;
    private final String hub;
    private final Gate gate;
    /** Of the accounts it recognises, as long as this process lives. */
    private final String salt = Credential.newSalt();

    private final TokenSeeds seeds;
    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private final Map<String, Long> consented = new ConcurrentHashMap<>();
    private boolean played;
    private final Map<String, ReentrantLock> renewing = new ConcurrentHashMap<>();

    public TokenKeeper(Tokens tokens, Gate gate, InstantSource clock, String hub) {
        this.tokens = tokens;
        this.gate = gate;
        this.clock = clock;
        this.hub = hub;
        this.seeds = new TokenSeeds(clock);
        this.renewal = new TokenRenewal(tokens, gate, clock, seeds, who());
    }

    /** As whom the history of connections knows this hub. */
    String who() {
        return "hub " + hub;
    }

    /** What is in memory. @param grant how often people had consented when it was the newest */
    private record Held(TokenText text, long grant) {}

    /** From now on there is a token for everybody, and none is asked for: there is nobody to ask. */
    public TokenKeeper played() {
        played = true;
        return this;
    }

    Skew skew() {
        return renewal.skew();
    }

    /**
     * Makes a call, signed for this moment by the remote's clock where its file asks for that. Each answer to a signed call
     * tells that clock: should it show that this signature was of another time, the pass knows it, and the next one is made for
     * theirs.
     *
     * @throws IOException when no answer came
     */
    Answer send(Gate.Pass pass, HttpCalls http, Connector connector, Request request) throws IOException {
        String name = connector.name();
        Instant now = clock.instant();
        Auth.Moment moment = renewal.skew().moment(name, now);
        Answer answer = pass.send(http, connector, connector.signIn().sign(request, moment));
        pass.mistimed(false);
        boolean signs = connector.signIn().signs();
        if (signs || answer.status() == 401) {
            renewal.skew().hear(name, answer, clock.instant());
            Duration believed = Duration.between(now, moment.now());
            boolean moved = renewal.skew().of(name).minus(believed).abs().compareTo(TokenRenewal.WRONG_TIME) > 0;
            pass.mistimed(moved && signs);
        }
        return answer;
    }

    /**
     * After a refusal: what the call is made with once more, which is another token, or another time.
     *
     * @return empty when nothing would be different
     * @throws StepFailed as {@link #ready}
     */
    Optional<Connector> again(Gate.Pass refused, Connector connector, HttpCalls http) {
        return refused.isMistimed() ? Optional.of(connector) : renewed(connector, http);
    }

    /**
     * The account that calls go to: of its token, where it has one, else of what is set now. Nobody's, when its token is
     * not the newest any more: whose that was is not known.
     */
    RemoteAccount account(Connector connector) {
        Optional<String> access = connector.tokens().flatMap(TokenAuth::token).map(Token::access);
        if (played || access.isEmpty()) {
            return new RemoteAccount(connector, played ? 0 : gate.grant(connector.name()), salt);
        }
        Held kept = held.get(connector.name());
        boolean newest = kept != null && kept.text.token().access().equals(access.get());
        return newest ? new RemoteAccount(connector, kept.grant, salt) : RemoteAccount.NOBODYS;
    }

    /**
     * The connector with the token its next requests carry.
     *
     * @throws StepFailed.Parked when a person has to act first, or there is no token now
     * @throws StepFailed when a setting or the file is wrong
     */
    Connector ready(Connector connector, HttpCalls http) {
        Optional<TokenAuth> auth = connector.tokens();
        if (auth.isEmpty()) {
            return connector;
        }
        if (played) {
            return connector.with(played(connector));
        }
        TokenText known = known(connector);
        Instant now = clock.instant();
        if (known != null && seeds.counts(connector, known) && !due(auth.get(), known, now)) {
            return connector.with(known.token());
        }
        return connector.with(renew(connector, http, Replaced.DUE));
    }

    private Token played(Connector connector) {
        String address = "https://" + connector.name() + ".invalid";
        Map<String, String> fields = Map.of("instance_url", address, "api_domain", address);
        return new Token("played", Optional.empty(), clock.instant(), Optional.empty(), Optional.empty(), fields);
    }

    /**
     * After a token was refused that seemed good.
     *
     * @param refused the connector with that token
     * @return with another one; empty for a connector without tokens
     * @throws StepFailed as {@link #ready}
     */
    Optional<Connector> renewed(Connector refused, HttpCalls http) {
        Optional<Token> old = played ? Optional.empty() : refused.tokens().flatMap(TokenAuth::token);
        return old.map(token -> refused.with(renew(refused, http, new Replaced(old, true))));
    }

    /**
     * With another token than a good one, though that is not due; with the same, when there is no other now.
     *
     * @throws StepFailed as {@link #ready}
     */
    Connector renewedEarly(Connector good, HttpCalls http) {
        Optional<Token> old = played ? Optional.empty() : good.tokens().flatMap(TokenAuth::token);
        return old.map(token -> good.with(renew(good, http, new Replaced(old, false))))
                .orElse(good);
    }

    /**
     * What a renewal takes the place of.
     *
     * @param token empty for whatever is due
     * @param refused the remote takes it no more; else it serves as long as it lasts
     */
    private record Replaced(Optional<Token> token, boolean refused) {
        private static final Replaced DUE = new Replaced(Optional.empty(), false);

        private boolean is(TokenText known) {
            return token.filter(old -> old.access().equals(known.token().access()))
                    .isPresent();
        }
    }

    /** Somebody has connected the account here; other hubs see it within a second. @param grant how often people have by now */
    void consented(String connection, long grant) {
        consented.merge(connection, grant, Math::max);
    }

    /** The token in memory; null without one, or when somebody has connected the account anew since, wherever that was. */
    private TokenText known(Connector connector) {
        String name = connector.name();
        Held kept = held.get(name);
        long newest = Math.max(gate.grant(name), consented.getOrDefault(name, 0L));
        return kept == null || kept.grant < newest ? null : kept.text;
    }

    /** How people connect accounts whose tokens it keeps. */
    Consent consent(Hub services, HttpCalls http) {
        return new Consent(services, http, new Consent.Stores(tokens.consents(), tokens, tokens.log()));
    }

    /** The tables of what it keeps. */
    Tokens tokens() {
        return tokens;
    }

    private Token renew(Connector connector, HttpCalls http, Replaced replaced) {
        if (!tokens.usable()) {
            throw new StepFailed(Outcome.fail(connector.name() + ": " + Seal.NO_KEY));
        }
        TokenText known = known(connector);
        boolean serves = !replaced.refused && lasts(connector, known);
        if (serves && renewal.pause(connector).isPresent()) {
            return known.token();
        }
        var lock = renewing.computeIfAbsent(connector.name(), name -> new ReentrantLock());
        if (!lock.tryLock()) {
            if (serves) {
                return known.token();
            }
            await(connector, lock);
        }
        try {
            return alone(connector, http, replaced);
        } catch (SQLException e) {
            if (serves) {
                return known.token();
            }
            throw later(
                    connector,
                    "the database did not say which token is the newest: " + e.getMessage(),
                    clock.instant());
        } catch (Seal.Unusable e) {
            throw new StepFailed(Outcome.fail(e.getMessage()), e);
        } finally {
            lock.unlock();
        }
    }

    private void await(Connector connector, ReentrantLock lock) {
        try {
            if (lock.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw later(connector, "its token is being renewed", clock.instant());
    }

    /** One thread of this hub, and perhaps one of each other. */
    private Token alone(Connector connector, HttpCalls http, Replaced replaced) throws SQLException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            renewal.settle(connector);
            Tokens.Row row = tokens.read(connector.name());
            Optional<TokenText> newest = row.text().map(TokenText::read);
            Optional<TokenText> stored = newest.filter(known -> seeds.counts(connector, known));
            if (stored.isPresent() && isAnswer(connector, stored.get(), replaced)) {
                return keep(connector, stored.get(), row);
            }
            var old = new TokenRenewal.Old(newest, stored, replaced.refused ? replaced.token : Optional.empty());
            Optional<StepFailed.Parked> pause = renewal.pause(connector);
            if (pause.isPresent()) {
                return keep(connector, old.serving(clock.instant()).orElseThrow(pause::get), row);
            }
            Optional<Tokens.Lease> lease = tokens.lease(connector.name(), row.version(), hub, lease(connector));
            if (lease.isPresent()) {
                return renewal.renew(connector, http, old, lease.get())
                        .map(fresh -> {
                            gate.tokenCame(connector.name());
                            return keep(connector, fresh, row);
                        })
                        .orElseThrow(
                                () -> later(connector, "another hub has renewed its token meanwhile", clock.instant()));
            }
            if (!replaced.refused && lasts(connector, stored.orElse(null))) {
                return keep(connector, stored.get(), row);
            }
            if (System.nanoTime() > deadline) {
                throw later(connector, "another hub renews its token", clock.instant());
            }
            pause(connector);
        }
    }

    private boolean isAnswer(Connector connector, TokenText stored, Replaced replaced) {
        return !replaced.is(stored) && !due(connector.tokens().orElseThrow(), stored, clock.instant());
    }

    /** @param row as it was read: what was found there, or renewed, is of its grant, though another may have come meanwhile */
    private Token keep(Connector connector, TokenText fresh, Tokens.Row row) {
        held.put(connector.name(), new Held(fresh, row.grant()));
        return fresh.token();
    }

    private void pause(Connector connector) {
        try {
            Thread.sleep(LOOK_AGAIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw later(connector, "the hub stops", clock.instant());
        }
    }

    private static boolean due(TokenAuth auth, TokenText known, Instant now) {
        return known.token().due(now, auth.life().refreshBefore());
    }

    private boolean lasts(Connector connector, TokenText known) {
        return known != null && seeds.counts(connector, known) && !known.token().ended(clock.instant());
    }

    /** A request that hangs is over before it ends. */
    private static Duration lease(Connector connector) {
        return connector.timeout().multipliedBy(2).plusSeconds(10);
    }

    static StepFailed later(Connector connector, String why, Instant now) {
        return waiting(connector, Outcome.retry("not sent to " + connector.name() + ": " + why), now);
    }

    /** Stores what is not stored yet, if that can be. */
    @Override
    public void close() {
        renewal.close();
    }

    /** Without a token nothing was sent: the run waits, and that is none of its retries. */
    static StepFailed.Parked waiting(Connector connector, Outcome outcome, Instant now) {
        Duration asked = outcome.retryAfter().compareTo(ASK_AGAIN) > 0 ? outcome.retryAfter() : ASK_AGAIN;
        Duration wait = asked.compareTo(LONGEST) < 0 ? asked : LONGEST;
        return new StepFailed.Parked(outcome, waitsFor(connector.name()), now.plus(wait));
    }

    /** What runs wait for that have no token: {@code token of hubspot}. */
    static String waitsFor(String connection) {
        return "token of " + connection;
    }
}
