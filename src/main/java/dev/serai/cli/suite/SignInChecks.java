package dev.serai.cli.suite;

import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.Request;
import dev.serai.connector.auth.OAuth2;
import dev.serai.connector.auth.Token;
import dev.serai.connector.auth.TokenAuth;
import dev.serai.connector.auth.TokenRefused;
import dev.serai.connector.auth.TokenRefused.Why;
import dev.serai.simulator.Fault;
import dev.serai.simulator.Simulator;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Whether a connector gets its token, renews it when it has ended, and knows when only a person can help. */
final class SignInChecks {
    private static final OAuth2.Consent CONSENT =
            new OAuth2.Consent("a-state", "a".repeat(43), "https://hub.example/oauth/callback");

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Bench bench;
    private final Account account;
    private final Examples examples;

    SignInChecks(Bench bench, Account account, Examples examples) {
        this.bench = bench;
        this.account = account;
        this.examples = examples;
    }

    private Simulator simulator() {
        return bench.simulator();
    }

    private String vendor() {
        return account.connector().name();
    }

    private void fresh() {
        bench.fresh(vendor(), examples.seed());
        account.signIn();
    }

    /** The first token, by the vendor's consent page where there is one; and what comes with it makes an address. */
    Finding call() {
        fresh();
        try {
            Token first = account.tokens().orElseThrow().source() instanceof OAuth2 oauth2 && oauth2.needsConsent()
                    ? consented(oauth2)
                    : account.ask();
            account.take(first);
            account.connector().egress();
            return Finding.OK;
        } catch (TokenRefused e) {
            return Finding.failed("it got no token: the vendor " + e.getMessage());
        }
    }

    private Token consented(OAuth2 oauth2) throws TokenRefused {
        Connector connector = account.connector();
        var values = connector.signIn().values();
        var page = new Request("GET", oauth2.authorize(values, CONSENT), Map.of(), new byte[0]);
        Optional<Answer> answer =
                bench.send(connector.signingIn(), Connector.SIGN_IN, page).answer();
        String back = answer.flatMap(a -> a.header("Location")).orElse("");
        if (!back.startsWith(CONSENT.redirect() + "?code=") || !back.endsWith("&state=" + CONSENT.state())) {
            throw new TokenRefused(Why.REFUSED, "did not send the person back from authorize_url", Duration.ZERO);
        }
        String code = back.replaceAll(".*[?]code=([^&]*).*", "$1");
        return account.answer(oauth2.exchange(values, code, CONSENT, bench.moment()));
    }

    /** One that has ended is renewed; when the consent or the secret counts no more, a person is asked for. */
    Finding auth() {
        fresh();
        Token old = account.tokens().flatMap(TokenAuth::token).orElseThrow();
        if (old.expiresAt().isEmpty()) {
            return Finding.failed("nobody says how long a token is good for; add \"expires_in\" to \"auth\"");
        }
        bench.pass(Duration.between(bench.now(), old.expiresAt().get()));
        try {
            Token next = account.ask();
            if (next.access().equals(old.access())) {
                return Finding.failed("after its end the same token came again");
            }
            account.take(next);
        } catch (TokenRefused e) {
            return Finding.failed("a token that had ended was not renewed: the vendor " + e.getMessage());
        }
        simulator().revoke(vendor(), true);
        simulator().rotate(vendor(), "another-secret");
        return judged("a consent that was withdrawn", Why.REFUSED);
    }

    Finding errors() {
        var faults = new LinkedHashMap<String, Fault>();
        faults.put("503", Fault.status(503));
        faults.put("a page for people", Fault.html(502));
        faults.put("a page of maintenance that says 200", Fault.html(200));
        faults.put("a firewall's 403", Fault.html(403));
        faults.put("a closed connection", Fault.drop());
        for (var fault : faults.entrySet()) {
            fresh();
            simulator().fault(vendor(), Simulator.TOKEN, fault.getValue());
            Finding found = judged(fault.getKey(), Why.AGAIN);
            if (found.state() != Finding.State.OK) {
                return found;
            }
        }
        return Finding.OK;
    }

    Finding limits() {
        fresh();
        simulator().fault(vendor(), Simulator.TOKEN, Fault.status(429).retryAfter(PATIENCE));
        return judged("too many", Why.LIMITED);
    }

    private Finding judged(String what, Why expected) {
        try {
            account.ask();
            return Finding.failed(what + " was taken for a token");
        } catch (TokenRefused e) {
            return e.why() == expected
                    ? Finding.OK
                    : Finding.failed(
                            what + " was judged " + e.why() + ", not " + expected + ": the vendor " + e.getMessage());
        }
    }
}
