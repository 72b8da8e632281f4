package dev.serai.console;

import dev.serai.api.Caller;
import dev.serai.api.Role;
import dev.serai.store.ApiTokens;
import dev.serai.store.ApiTokens.Token;
import dev.serai.store.ConsoleSessions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A token is typed once, or an issuer vouches for somebody; from then on a cookie stands for it. */
final class Login {
    /** The cookie of who is logged in. */
    static final String SESSION = "serai_session";
    /** The cookie of who is about to log in: a stranger's page can't log anybody in. */
    static final String VISITOR = "serai_visitor";

    /** A path, and a query as it is written in an address: nothing in it ends a cookie or begins another place. */
    private static final Pattern PAGE = Pattern.compile("(/(?!/)[A-Za-z0-9_/-]*)(\\?[A-Za-z0-9_.*%&=+-]*)?");

    private static final int LONGEST_THEN = 1_500;

    private final ApiTokens tokens;
    private final ConsoleSessions sessions;
    private final Templates templates;
    private final LoginRate rate;
    private final Optional<SignInPages> signIns;
    private final String issuer;
    private final Secrets secrets = new Secrets();

    Login(
            ApiTokens tokens,
            ConsoleSessions sessions,
            Templates templates,
            Optional<Accounts> accounts,
            InstantSource clock) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.templates = templates;
        this.rate = new LoginRate(clock);
        this.signIns = accounts.map(known -> new SignInPages(known, sessions, templates, rate));
        this.issuer = accounts.map(Accounts::name).orElse("");
    }

    LoginRate rate() {
        return rate;
    }

    /** Who is logged in with this secret. @param clicked whether a person asks */
    Optional<Caller> caller(String secret, boolean clicked) throws SQLException {
        return secret.isEmpty()
                ? Optional.empty()
                : sessions.find(secret, clicked)
                        .map(holder -> new Caller(
                                holder.name(), Role.valueOf(holder.role().toUpperCase(Locale.ROOT))));
    }

    /** Sends to the page to log in, and from there back to where one was going, with what one was looking for. */
    Reply first(Visit visit) {
        String then = visit.posts() ? "/" : RunPages.address(visit.path(), new TreeMap<>(visit.query()));
        return Reply.to("/login?then=" + URLEncoder.encode(then, StandardCharsets.UTF_8));
    }

    /** Whether it is a page for who is not logged in. */
    static boolean serves(String path) {
        return List.of("/login", SignInPages.BEGIN, SignInPages.BACK).contains(path);
    }

    Reply answer(Visit visit) throws SQLException {
        if (visit.path().equals("/login")) {
            return token(visit);
        }
        if (signIns.isEmpty() || visit.posts()) {
            return Reply.to("/login");
        }
        SignInPages pages = signIns.get();
        return visit.path().equals(SignInPages.BACK) ? pages.back(visit) : pages.begin(visit);
    }

    private Reply token(Visit visit) throws SQLException {
        if (!visit.posts()) {
            return form(visit, 200, "", then(visit.query("then")));
        }
        String then = then(visit.form("then"));
        if (!Secrets.proves(visit.form("proof"), visit.cookie(VISITOR))) {
            return form(visit, 403, "This form was too old. Please try again; cookies are needed.", then);
        }
        Optional<Token> token = tokens.find(visit.form("token"));
        if (token.isEmpty()) {
            // only wrong ones: behind one address there may be many, and nobody guesses 256 bits
            if (!rate.failed(visit.address())) {
                return form(visit, 429, "Too many attempts failed. Wait a minute.", then);
            }
            return form(visit, 401, "This token opens nothing here: it is wrong, over, or was taken back.", then);
        }
        sessions.close(visit.cookie(SESSION));
        String secret = secrets.fresh();
        sessions.open(secret, token.get().name());
        return Reply.to(then).with(SESSION, secret).with(VISITOR, "");
    }

    Reply out(String secret) throws SQLException {
        boolean vouched = sessions.close(secret);
        Reply left = vouched && signIns.isPresent() ? signIns.get().farewell() : Reply.to("/login");
        return left.with(SESSION, "");
    }

    private Reply form(Visit visit, int status, String problem, String then) {
        String visitor = visit.cookie(VISITOR).isEmpty() ? secrets.fresh() : visit.cookie(VISITOR);
        String html = templates.render(
                "login", Map.of("proof", Secrets.proof(visitor), "problem", problem, "then", then, "issuer", issuer));
        return Reply.page(status, html).with(VISITOR, visitor);
    }

    /**
     * A page of this console and nothing else: a link must not lead through the login to a stranger. What does not fit into a
     * cookie on the way to an issuer is left out.
     */
    static String then(String asked) {
        Matcher page = PAGE.matcher(asked);
        return !page.matches() ? "/" : asked.length() <= LONGEST_THEN ? asked : page.group(1);
    }
}
