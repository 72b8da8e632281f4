package dev.serai.route;

import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Request;
import dev.serai.connector.VendorMessage;
import dev.serai.connector.Verdicts;
import dev.serai.connector.auth.Token;
import dev.serai.connector.auth.TokenAuth;
import dev.serai.connector.auth.TokenRefused;
import dev.serai.run.Outcome;
import dev.serai.run.Owner;
import dev.serai.run.Verdict;
import dev.serai.store.CredentialEvent;
import dev.serai.store.ParkedRuns;
import dev.serai.store.Tokens;
import dev.serai.store.Tokens.Lease;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for one token under a lease: writes down that it asks, asks, stores what it got. A refresh token that counts once is
 * used up by asking; so what dies between asking and storing is told to whoever asks next.
 */
final class TokenRenewal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TokenRenewal.class);
    /** So long after the database is there again a hub that holds an answer has stored it: its pool looks every five seconds. */
    private static final Duration STORED_WITHIN = Duration.ofSeconds(6);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    /** An assertion that was made for another time is worth a second one. */
    static final Duration WRONG_TIME = Duration.ofSeconds(30);

    private final Tokens tokens;
    private final Gate gate;
    private final InstantSource clock;
    private final String who;
    private final TokenSeeds seeds;
    private final TokenSaver saver;
    private final Skew skew = new Skew();
    private final Map<String, Pause> pauses = new ConcurrentHashMap<>();

    /** @param who {@code hub NAME} */
    TokenRenewal(Tokens tokens, Gate gate, InstantSource clock, TokenSeeds seeds, String who) {
        this.tokens = tokens;
        this.gate = gate;
        this.clock = clock;
        this.seeds = seeds;
        this.who = who;
        this.saver = new TokenSaver(tokens, clock, who);
    }

    /** Stores what could not be stored before. @throws SQLException while it still can't: nothing may be asked then */
    void settle(Connector connector) throws SQLException {
        saver.settle(connector.name());
    }

    Skew skew() {
        return skew;
    }

    /**
     * An endpoint that gave no token is left alone for a while: one run finds that out for all.
     *
     * @param seed of the secrets it was asked with: others may fare better
     */
    private record Pause(String seed, StepFailed.Parked why, Instant until) {}

    /** While the endpoint is left alone: what those wait with who have no token that serves. */
    Optional<StepFailed.Parked> pause(Connector connector) {
        return Optional.ofNullable(pauses.get(connector.name()))
                .filter(pause -> clock.instant().isBefore(pause.until) && pause.seed.equals(TokenText.seed(connector)))
                .map(pause -> new StepFailed.Parked(pause.why.outcome(), pause.why.waitsFor(), pause.until));
    }

    /** What becomes of one renewal. */
    private static final class Course {
        private boolean sent;
        private boolean known;
        private boolean stored;
    }

    /**
     * What there is until now.
     *
     * @param stored the newest there is, whatever secrets it was asked for with
     * @param token the same, if it counts
     * @param refused the one the remote takes no more, though it has not ended; empty for one that is only due
     */
    record Old(Optional<TokenText> stored, Optional<TokenText> token, Optional<Token> refused) {
        /** The stored one, when calls may go on with it: one that was just refused is of no use, however long it lasts. */
        Optional<TokenText> serving(Instant now) {
            return token.filter(known -> !known.token().ended(now)
                    && refused.filter(no -> no.access().equals(known.token().access()))
                            .isEmpty());
        }
    }

    /**
     * Renews it.
     *
     * @return the old one when there is trouble and it serves; empty when the lease was lost
     * @throws StepFailed.Parked when there is none now: nothing was sent, and the run waits
     * @throws StepFailed when a setting or the file is wrong
     */
    Optional<TokenText> renew(Connector connector, HttpCalls http, Old old, Lease lease) throws SQLException {
        if (isStoredLate(connector, lease)) {
            return Optional.empty();
        }
        var course = new Course();
        try (Gate.Pass pass = gate.enterToSignIn(connector)) {
            // asked again behind the pass, which notes the credential: should that have changed, the new one must
            // not be blamed for what is left of the old one
            Optional<TokenText> used = old.token().filter(known -> seeds.counts(connector, known));
            Connector asking = used.map(known -> connector.with(known.token())).orElse(connector);
            Token token = ask(asking, http, lease, course, pass);
            TokenText fresh = used.map(known -> known.renewed(token))
                    .or(() -> old.stored().map(known -> known.changed(connector, token)))
                    .orElseGet(() -> TokenText.of(connector, token));
            course.stored = saver.save(lease, fresh);
            pass.answered(Outcome.SUCCESS);
            return course.stored ? Optional.of(fresh) : Optional.empty();
        } catch (StepFailed e) {
            Optional<TokenText> serving = old.serving(clock.instant());
            if (e.outcome().verdict() != Verdict.UNAUTHORIZED && serving.isPresent()) {
                return serving;
            }
            throw e;
        } finally {
            if (!course.stored) {
                boolean unknown =
                        course.sent ? !course.known : lease.sentBefore().isPresent();
                tokens.release(lease, unknown);
            }
        }
    }

    /** Whether somebody who sent a renewal and lost the lease before he stored its answer does so now. */
    private boolean isStoredLate(Connector connector, Lease lease) throws SQLException {
        boolean mayBe = lease.kept() && lease.sentBefore().isPresent() && countsOnce(connector);
        long until = System.nanoTime() + STORED_WITHIN.toNanos();
        while (mayBe && !isPast(lease) && System.nanoTime() - until < 0) {
            try {
                Thread.sleep(LOOK_AGAIN.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw TokenKeeper.later(connector, "the hub stops", clock.instant());
            }
        }
        return mayBe && isPast(lease);
    }

    /** Whether there is another token than the one it replaces. */
    private boolean isPast(Lease lease) throws SQLException {
        return tokens.read(lease.connection()).version() != lease.version();
    }

    private static boolean countsOnce(Connector connector) {
        return connector.tokens().orElseThrow().source().uses(Optional.empty());
    }

    private Token ask(Connector asking, HttpCalls http, Lease lease, Course course, Gate.Pass pass)
            throws SQLException {
        Duration believed = skew.of(asking.name());
        try {
            return once(asking, http, lease, course);
        } catch (TokenRefused e) {
            boolean wrongTime = e.why() == TokenRefused.Why.REFUSED
                    && skew.of(asking.name()).minus(believed).abs().compareTo(WRONG_TIME) > 0;
            if (!wrongTime || countsOnce(asking)) {
                throw failed(asking, lease, e, pass);
            }
        }
        try {
            return once(asking, http, lease, course);
        } catch (TokenRefused e) {
            throw failed(asking, lease, e, pass);
        }
    }

    private Token once(Connector asking, HttpCalls http, Lease lease, Course course) throws SQLException, TokenRefused {
        TokenAuth auth = asking.tokens().orElseThrow();
        Request request;
        try {
            request = auth.ask(asking.signIn().values(), skew.moment(asking.name(), clock.instant()));
        } catch (ConnectorRefused e) {
            if (auth.source().needsConsent()) {
                throw new TokenRefused(TokenRefused.Why.REFUSED, e.getMessage(), Duration.ZERO);
            }
            throw new StepFailed(Outcome.fail(e.getMessage()), e);
        }
        Instant asked = now();
        if (!tokens.sending(lease, asked)) {
            throw TokenKeeper.later(asking, "another hub renews its token", clock.instant());
        }
        course.sent = true;
        course.known = false;
        Answer answer;
        try {
            answer = http.send(request, asking.signingIn());
        } catch (IOException e) {
            throw new TokenRefused(
                    TokenRefused.Why.AGAIN, Verdicts.of(asking, e).reason(), Duration.ZERO);
        }
        skew.hear(asking.name(), answer, clock.instant());
        course.known = answer.status() < 500;
        return auth.read(answer, asked, skew.of(asking.name()));
    }

    /** Tells breaker and connection what came of it. */
    private StepFailed failed(Connector connector, Lease lease, TokenRefused e, Gate.Pass pass) throws SQLException {
        if (e.why() == TokenRefused.Why.REFUSED && isPast(lease)) {
            return TokenKeeper.later(connector, "another hub has renewed its token meanwhile", clock.instant());
        }
        String reason = VendorMessage.cut(connector.mask(connector.name() + " gave no token: " + e.getMessage()));
        Outcome outcome =
                switch (e.why()) {
                    case AGAIN -> new Outcome(Verdict.RETRY, Owner.TRANSIENT, reason, e.patience());
                    case LIMITED -> new Outcome(Verdict.RATE_LIMITED, Owner.TRANSIENT, reason, e.patience());
                    case REFUSED ->
                        new Outcome(Verdict.UNAUTHORIZED, Owner.CONFIG, reason + lost(connector, lease), Duration.ZERO);
                };
        LOG.atWarn()
                .addKeyValue("connection", connector.name())
                .addKeyValue("reason", outcome.reason())
                .log("token.not_renewed");
        pass.answered(outcome);
        if (outcome.verdict() == Verdict.UNAUTHORIZED) {
            tokens.log().note(connector.name(), now(), who, CredentialEvent.TOKEN_REFUSED, outcome.reason());
            return new StepFailed.Parked(outcome, ParkedRuns.anyOf(connector.name()));
        }
        StepFailed.Parked waiting = TokenKeeper.waiting(connector, outcome, clock.instant());
        waiting.until()
                .ifPresent(until -> pauses.put(connector.name(), new Pause(TokenText.seed(connector), waiting, until)));
        return waiting;
    }

    /** What a person can't see from the vendor's words. */
    private static String lost(Connector connector, Lease lease) {
        return countsOnce(connector) && lease.sentBefore().isPresent()
                ? "; at " + lease.sentBefore().get().truncatedTo(ChronoUnit.SECONDS) + " a token was asked for and its"
                        + " answer never stored, so its refresh token may be used up"
                : "";
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public void close() {
        saver.close();
    }
}
