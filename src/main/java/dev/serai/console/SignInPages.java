package dev.serai.console;

import dev.serai.api.Role;
import dev.serai.oidc.Identity;
import dev.serai.oidc.NotSignedIn;
import dev.serai.oidc.NotSignedIn.Why;
import dev.serai.oidc.SignIn;
import dev.serai.oidc.Ticket;
import dev.serai.store.ConsoleSessions;
import dev.serai.store.ConsoleSessions.Holder;
import dev.serai.store.ConsoleSessions.Vouched;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way to the issuer and back. Nothing is kept for who only begins: the browser holds a ticket, and any hub can take it. */
final class SignInPages {
    static final String BEGIN = "/login/oidc";
    static final String BACK = "/login/oidc/back";
    /** The cookie of who is at the issuer. */
    static final String TICKET = "serai_sign_in";

    private static final Logger LOG = LoggerFactory.getLogger(SignInPages.class);
    /** Between the ticket, which has none, and the page one was going to. */
    private static final String APART = ".";

    private final Accounts accounts;
    private final ConsoleSessions sessions;
    private final Templates templates;
    private final LoginRate rate;
    private final Secrets secrets = new Secrets();

    SignInPages(Accounts accounts, ConsoleSessions sessions, Templates templates, LoginRate rate) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.templates = templates;
        this.rate = rate;
    }

    /** Sends the browser to the issuer. */
    Reply begin(Visit visit) {
        var ticket = new Ticket(secrets.fresh());
        try {
            return Reply.to(accounts.issuer().begin(ticket, accounts.back()).toString())
                    .with(TICKET, ticket.secret() + APART + Login.then(visit.query("then")));
        } catch (NotSignedIn e) {
            return refused(e);
        }
    }

    /** The issuer sent the browser back. */
    Reply back(Visit visit) throws SQLException {
        List<String> held = Arrays.asList(visit.cookie(TICKET).split("\\" + APART, 2));
        if (held.size() < 2 || !Ticket.is(held.get(0))) {
            return refused(SignIn.notBegun());
        }
        if (!rate.admits(visit.address())) {
            return page(429, "Too many attempts failed. Wait a minute.", Map.of());
        }
        try {
            var answer = new SignIn.Answer(
                    visit.query("state"),
                    visit.query("code"),
                    visit.query("iss"),
                    visit.query("error"),
                    visit.query("error_description"));
            Identity who = accounts.issuer().finish(new Ticket(held.get(0)), answer, accounts.back());
            return open(who, visit, Login.then(held.get(1)));
        } catch (NotSignedIn e) {
            // what did not begin here is sent to nobody; anybody's page could have a browser come back so
            if (e.why() != Why.AWAY && e.why() != Why.NOT_BEGUN_HERE) {
                rate.failed(visit.address());
            }
            return refused(e);
        }
    }

    private Reply open(Identity who, Visit visit, String then) throws SQLException, NotSignedIn {
        Optional<Role> role = accounts.role(who.values());
        if (role.isEmpty()) {
            return stranger(who).with(TICKET, "");
        }
        String secret = secrets.fresh();
        var vouched = new Vouched(
                new Holder(who.noted(accounts.name()), role.get().word()),
                who.nonce(),
                "sign in as " + role.get().word(),
                accounts.name() + " calls the account " + who.subject());
        if (!sessions.open(secret, vouched)) {
            rate.failed(visit.address());
            throw SignIn.notBegun();
        }
        sessions.close(visit.cookie(Login.SESSION));
        // a page and no redirection: the browser would not send the new cookie along with what the issuer began
        return onward("Signed in", "You are " + who.name() + ", " + role.get().word() + ".", then)
                .with(Login.SESSION, secret)
                .with(TICKET, "");
    }

    /** Somebody who may not come in, and what to ask for. */
    private Reply stranger(Identity who) {
        var opens = new LinkedHashMap<String, Object>();
        accounts.opens()
                .forEach((role, values) ->
                        opens.put(role.word(), values.stream().sorted().toList()));
        String claim = accounts.issuer().terms().roles();
        return page(
                403,
                "You are " + who.name() + " at " + accounts.name() + ", and that opens nothing here.",
                Map.of(
                        "opens",
                        opens,
                        "claim",
                        claim,
                        "has",
                        who.values().stream().sorted().limit(50).toList()));
    }

    /** Logged out here; on to the issuer, when it has a place for that. */
    Reply farewell() {
        return accounts.issuer()
                .farewell(accounts.left())
                .map(address -> onward(
                        "Logged out here",
                        "Now on to " + accounts.name() + ", to log out there too.",
                        address.toString()))
                .orElseGet(() -> Reply.to("/login"));
    }

    private Reply onward(String title, String words, String address) {
        return Reply.page(200, templates.render("onward", Map.of("title", title, "words", words, "address", address)));
    }

    private Reply refused(NotSignedIn e) {
        if (e.why() == Why.NOT_BELIEVED || e.why() == Why.AWAY) {
            LOG.warn("console.not_signed_in: {} {}", e.getMessage(), e.detail());
        }
        int status =
                switch (e.why()) {
                    case NOT_BEGUN_HERE -> 400;
                    case SAID_NO -> 403;
                    case AWAY -> 503;
                    case NOT_BELIEVED -> 502;
                };
        return page(status, e.getMessage(), Map.of()).with(TICKET, "");
    }

    private Reply page(int status, String problem, Map<String, Object> more) {
        var values = new HashMap<String, Object>();
        values.put("problem", problem);
        values.put("issuer", accounts.name());
        values.put("opens", Map.of());
        values.put("claim", "");
        values.put("has", List.of());
        values.putAll(more);
        return Reply.page(status, templates.render("not-signed-in", values));
    }
}
