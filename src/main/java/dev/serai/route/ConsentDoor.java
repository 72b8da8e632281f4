package dev.serai.route;

import dev.serai.connector.Connector;
import dev.serai.store.Consents.Started;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.commons.text.StringEscapeUtils;

/**
 * {@code /connections/{connection}/connect} and {@code /oauth/callback}: where people come to connect an account, and where
 * its vendor sends them back. Nobody begins without a link, which the API makes for who may: what opens it, here and on the way
 * back, is a secret of the browser and no session, for a {@code Strict} cookie does not come along from a vendor's page.
 */
final class ConsentDoor {
    static final String CALLBACK = "/oauth/callback";
    private static final String COOKIE = "serai-connect";
    private static final int LARGEST_FORM = 4096;

    private final Consent consent;
    private final Desk desk;
    private final Supplier<String> publicUrl;

    /** @param publicUrl where browsers reach this hub; the vendor must know {@code publicUrl/oauth/callback} */
    ConsentDoor(Consent consent, Desk desk, Supplier<String> publicUrl) {
        this.consent = consent;
        this.desk = desk;
        this.publicUrl = publicUrl;
    }

    /** The page a link leads to; whoever has none is sent where one is made for who may. */
    void ask(RoutingContext context) {
        String once = context.request().getParam("once", "");
        if (once.isEmpty()) {
            context.response()
                    .setStatusCode(303)
                    .putHeader("Location", "/connections")
                    .putHeader("Cache-Control", "no-store")
                    .end();
            return;
        }
        Optional<Connector> connector = consent.connector(context.pathParam("connection"));
        if (connector.isEmpty()) {
            page(context.response(), 404, "Nothing to connect", noConnection(context));
            return;
        }
        String name = StringEscapeUtils.escapeHtml4(connector.get().name());
        // a link is used up by the button: whoever only previews it leaves it whole
        String field = "<input type=\"hidden\" name=\"once\" value=\"" + StringEscapeUtils.escapeHtml4(once) + "\">";
        page(
                context.response(),
                200,
                "Connect " + name,
                "<p>You will be sent to the page where the account of <b>" + name
                        + "</b> is. Agree there, and you come back here.</p><form method=\"post\">" + field
                        + "<button>Go on</button></form>");
    }

    /** Sends the browser to the vendor. */
    void begin(RoutingContext context) {
        Optional<Connector> connector = consent.connector(context.pathParam("connection"));
        if (connector.isEmpty()) {
            page(context.response(), 404, "Nothing to connect", noConnection(context));
            return;
        }
        String length = context.request().getHeader("Content-Length");
        if (length == null || !length.matches("\\d{1,4}") || Integer.parseInt(length) > LARGEST_FORM) {
            page(context.response(), 413, "Not connected", "<p>The form is too large.</p>");
            return;
        }
        context.request().body().onSuccess(body -> desk.ask(context, () -> begin(context, connector.get(), body)));
    }

    private Runnable begin(RoutingContext context, Connector connector, Buffer body) throws SQLException {
        HttpServerResponse response = context.response();
        Optional<String> who = consent.invited(form(body.toString()).getOrDefault("once", ""), connector.name());
        if (who.isEmpty()) {
            return () -> page(
                    response,
                    403,
                    "Not connected",
                    "<p>The link is used up or too old. Make a new one: <a href=\"/connections\">Reconnect in the"
                            + " console</a>, or <code>serai connections connect "
                            + StringEscapeUtils.escapeHtml4(connector.name())
                            + "</code></p>");
        }
        try {
            Consent.Leave leave = consent.begin(connector, publicUrl.get() + CALLBACK, who.get());
            return () -> response.addCookie(cookie(leave.cookie(), 600))
                    .putHeader("Location", leave.page().toString())
                    .putHeader("Cache-Control", "no-store")
                    .putHeader("Referrer-Policy", "no-referrer")
                    .setStatusCode(303)
                    .end();
        } catch (Consent.Refused e) {
            return () -> page(response, 409, "Not connected", words(e.getMessage()));
        }
    }

    /** The vendor sends the browser back. */
    void back(RoutingContext context) {
        desk.ask(context, () -> answer(context));
    }

    private Runnable answer(RoutingContext context) throws SQLException {
        HttpServerResponse response = context.response();
        Cookie cookie = context.request().getCookie(COOKIE);
        String state = context.request().getParam("state", "");
        try {
            Started started =
                    consent.back(state, cookie == null ? "" : cookie.getValue()).orElseThrow(Consent::unknown);
            String error = context.request().getParam("error", "");
            String code = context.request().getParam("code", "");
            if (!error.isEmpty() || code.isEmpty()) {
                throw consent.saidNo(
                        started,
                        error.isEmpty() ? "no code" : error,
                        context.request().getParam("error_description", ""));
            }
            consent.finish(started, code);
            return () -> page(
                    response.addCookie(cookie("", 0)),
                    200,
                    "Connected",
                    "<p><b>" + StringEscapeUtils.escapeHtml4(started.connection())
                            + "</b> is connected. What waited for it goes on within a second. You can close this"
                            + " page.</p>");
        } catch (Consent.Refused e) {
            return () -> page(response, 400, "Not connected", words(e.getMessage()));
        }
    }

    private Cookie cookie(String value, long seconds) {
        // Lax: the way back from the vendor is a link the browser follows, and the cookie must come along
        return Cookie.cookie(COOKIE, value)
                .setHttpOnly(true)
                .setSecure(publicUrl.get().startsWith("https:"))
                .setSameSite(CookieSameSite.LAX)
                .setPath(CALLBACK)
                .setMaxAge(seconds);
    }

    private static String noConnection(RoutingContext context) {
        return "<p>There is no connection " + StringEscapeUtils.escapeHtml4(context.pathParam("connection"))
                + " that is connected by consent: its connector file must say <code>grant: authorization_code</code>.</p>";
    }

    private static String words(String message) {
        return "<p>" + StringEscapeUtils.escapeHtml4(message) + "</p>";
    }

    private static Map<String, String> form(String body) {
        var form = new HashMap<String, String>();
        for (String pair : body.split("&")) {
            String[] parts = pair.split("=", 2);
            try {
                form.put(parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                form.put(parts[0], "");
            }
        }
        return form;
    }

    /** Needs nothing from elsewhere, and may load nothing. @param content HTML */
    private static void page(HttpServerResponse response, int status, String title, String content) {
        response.setStatusCode(status)
                .putHeader("Content-Type", "text/html; charset=utf-8")
                .putHeader("Cache-Control", "no-store")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
                .end("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\""
                        + " content=\"width=device-width\"><title>" + title + "</title><style>body{font:1rem/1.5"
                        + " system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem}input,button{font:inherit;"
                        + "padding:.4rem .8rem;margin:.5rem 0}</style><h1>" + title + "</h1>" + content + "</html>");
    }
}
