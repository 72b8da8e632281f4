package dev.serai.console;

import dev.serai.api.Api;
import dev.serai.api.Caller;
import dev.serai.api.Declined;
import dev.serai.store.ApiTokens;
import dev.serai.store.ConsoleSessions;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator's pages. Nobody sees more than the page to log in without a session, and no form counts without its proof. */
public final class Console {
    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    private static final String LOGOUT = "/logout";
    private static final Pattern WAITS = Pattern.compile(
            "/login/.*|" + LOGOUT
                    + "|/connections/[^/]+/check|/dead-letters/fix|/runs/waiting|/events/replay|/systems|/why|/people(/(export|forget))?");

    /** The cookie of who is at an issuer and comes back by a link of its pages; all others are for our own pages alone. */
    public static boolean travels(String cookie) {
        return cookie.equals(SignInPages.TICKET);
    }

    /** Whether an answer may take long: it waits for an issuer or a vendor, or works on very many rows. */
    public static boolean mayWait(String path) {
        return WAITS.matcher(path).matches();
    }

    /** Everything it answers, as the router takes it. */
    public static List<String> paths() {
        return Stream.concat(
                        Stream.of(
                                "/login",
                                "/login/*",
                                LOGOUT,
                                "/search",
                                "/systems",
                                "/why",
                                "/events/*",
                                "/runbooks/*"),
                        Menu.ALL.stream().map(Menu::route))
                .toList();
    }

    private final Api api;
    private final Templates templates;
    private final Login login;
    private final List<Place> places = new ArrayList<>();

    /** @param accounts empty: tokens alone open it */
    public Console(
            Api api, ApiTokens tokens, ConsoleSessions sessions, Optional<Accounts> accounts, InstantSource clock) {
        this.api = api;
        this.templates = new Templates(clock);
        this.login = new Login(tokens, sessions, templates, accounts, clock);
        places.addAll(HubPages.places(clock));
        places.addAll(SystemPages.places());
        places.addAll(ByHandPages.places());
        places.addAll(RunPages.places());
        places.addAll(DeadLetterPages.places());
        places.addAll(FlowPages.places(clock));
        places.addAll(ConnectionPages.places());
        places.addAll(SourcePages.places());
        places.addAll(MappingPages.places());
        places.addAll(AlertPages.places());
        places.addAll(PeoplePages.places());
    }

    /** Answers every request, also when the database is away. */
    public Reply answer(Visit visit) {
        try {
            return Login.serves(visit.path()) ? login.answer(visit) : inside(visit);
        } catch (SQLException e) {
            LOG.warn("console.not_shown: {}", e.getMessage());
            return trouble(
                    503,
                    visit.posts()
                            ? "The database can't be asked now. What you asked for may have been done, or part of it: look at the"
                                    + " audit before you try again."
                            : "The database can't be asked now. Try again in a moment.");
        } catch (RuntimeException e) {
            LOG.error("console.not_shown: a fault of Serai", e);
            return trouble(500, "This page failed, which is a fault of Serai; its log says more.");
        }
    }

    /** What is said where nobody need be logged in. */
    private Reply trouble(int status, String words) {
        return Reply.page(status, templates.render("trouble", Map.of("status", status, "words", words)));
    }

    private Reply inside(Visit visit) throws SQLException {
        String secret = visit.cookie(Login.SESSION);
        Optional<Caller> caller = login.caller(secret, visit.clicked());
        if (caller.isEmpty()) {
            return login.first(visit);
        }
        if (visit.posts() && !Secrets.proves(visit.form("proof"), secret)) {
            return trouble(
                    403,
                    "This form was not made by this console, or is of an earlier login. Go back, reload, and try again.");
        }
        if (visit.path().equals(LOGOUT)) {
            return visit.posts() ? login.out(secret) : Reply.to("/");
        }
        var view = new View(new Facts(api, caller.get()), templates, Secrets.proof(secret));
        for (Place place : places) {
            Optional<List<String>> names = place.names(visit);
            if (names.isPresent()) {
                try {
                    return place.page().show(view, visit, names.get());
                } catch (Declined e) {
                    return e.hasLeft() ? left(view, visit) : refused(view, e.status(), e.getMessage());
                }
            }
        }
        return refused(view, 404, "there is no page " + visit.path());
    }

    /** What a link led to has left the history: where one can go on from here, as the link says. */
    private static Reply left(View view, Visit visit) {
        return view.page(
                404,
                "left",
                Map.of(
                        "name", visit.path().replaceFirst("^/[^/]+/([^/]+).*", "$1"),
                        "alert", named(visit, "alert", "a_[0-9a-f]{1,40}"),
                        "receipt", named(visit, "receipt", "e_\\d{1,18}"),
                        "run", named(visit, "run", "r_\\d{1,18}")));
    }

    private static String named(Visit visit, String parameter, String shape) {
        String name = visit.query(parameter);
        return name.matches(shape) ? name : "";
    }

    private static Reply refused(View view, int status, String words) {
        return view.page(status, "refused", Map.of("status", status, "words", words));
    }
}
