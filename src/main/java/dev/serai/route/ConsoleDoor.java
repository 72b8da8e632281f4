package dev.serai.route;

import dev.serai.console.Console;
import dev.serai.console.Reply;
import dev.serai.console.Visit;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The console on the wire: forms, cookies, and headers by which a browser loads and runs nothing but what is ours. */
final class ConsoleDoor {
    private static final int MOST_FIELDS = 100;
    /** Long enough to find a password and a second factor. */
    private static final Duration AT_THE_ISSUER = Duration.ofMinutes(10);

    /** With what a page asks for by itself, to stay fresh. */
    private static final String REFRESH = "Serai-Refresh";

    private static final String POLICY =
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:;"
                    + " form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    private static final Map<String, String> FILES = Map.of(
            "console.css", "text/css; charset=utf-8",
            "console.js", "text/javascript; charset=utf-8",
            "console.svg", "image/svg+xml");

    private final Console console;
    private final Desk desk;
    private final Desk waiting;
    private final Visitors visitors;
    private final boolean secure;

    /**
     * @param waiting for what may take long, for an issuer, a vendor or very many rows, so that it holds up nobody else
     * @param secure whether people come by https
     */
    ConsoleDoor(Console console, Desk desk, Desk waiting, Visitors visitors, boolean secure) {
        this.console = console;
        this.desk = desk;
        this.waiting = waiting;
        this.visitors = visitors;
        this.secure = secure;
    }

    void hang(Router router) {
        Console.paths().forEach(path -> router.route(path).handler(this::handle));
        FILES.forEach((name, type) -> {
            byte[] bytes = file(name);
            router.get("/" + name).handler(context -> send(context, type, bytes));
        });
    }

    private static byte[] file(String name) {
        try (InputStream in = Console.class.getResourceAsStream("/console/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With a tag, so that a browser keeps it until there is another one. */
    private static void send(RoutingContext context, String type, byte[] bytes) {
        HttpServerResponse response = context.response();
        String tag = "\"" + Integer.toHexString(Arrays.hashCode(bytes)) + "\"";
        guard(response).putHeader("ETag", tag).putHeader("Cache-Control", "no-cache");
        if (tag.equals(context.request().getHeader("If-None-Match"))) {
            response.setStatusCode(304).end();
        } else {
            response.putHeader("Content-Type", type).end(Buffer.buffer(bytes));
        }
    }

    private static HttpServerResponse guard(HttpServerResponse response) {
        return response.putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "same-origin")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin");
    }

    private void handle(RoutingContext context) {
        String method = context.request().method().name();
        if (!method.equals("GET") && !method.equals("POST")) {
            new HttpProblem(405, "no_such_door", "this address takes GET and POST only").send(context.response());
            return;
        }
        Desk who = Console.mayWait(context.normalizedPath()) ? waiting : desk;
        WholeBody.read(context, "the form", body -> who.ask(context, () -> answer(context, body)));
    }

    private Runnable answer(RoutingContext context, Buffer body) {
        Reply reply = console.answer(visit(context, body));
        return () -> send(context.response(), reply);
    }

    private Visit visit(RoutingContext context, Buffer body) {
        HttpServerRequest request = context.request();
        var query = new HashMap<String, String>();
        context.queryParams().forEach(parameter -> query.putIfAbsent(parameter.getKey(), parameter.getValue()));
        var cookies = new HashMap<String, String>();
        request.cookies().forEach(cookie -> cookies.putIfAbsent(cookie.getName(), cookie.getValue()));
        return new Visit(
                request.method().name(),
                context.normalizedPath(),
                query,
                fields(body),
                cookies,
                visitors.subscriber(request),
                request.getHeader(REFRESH) == null);
    }

    /** Of a name that comes twice, the first value counts. */
    private static Map<String, String> fields(Buffer body) {
        var fields = new HashMap<String, String>();
        if (body.length() > 0) {
            new QueryStringDecoder(body.toString(StandardCharsets.UTF_8), StandardCharsets.UTF_8, false, MOST_FIELDS)
                    .parameters()
                    .forEach((name, values) -> fields.put(name, values.get(0)));
        }
        return fields;
    }

    private void send(HttpServerResponse response, Reply reply) {
        guard(response).putHeader("Cache-Control", "no-store").setStatusCode(reply.status());
        reply.cookies().forEach((name, value) -> response.addCookie(cookie(name, value)));
        if (!reply.location().isEmpty()) {
            response.putHeader("Location", reply.location());
        }
        if (!reply.file().isEmpty()) {
            response.putHeader("Content-Disposition", "attachment; filename=\"" + reply.file() + "\"");
        }
        response.putHeader(
                        "Content-Type",
                        reply.file().isEmpty() ? "text/html; charset=utf-8" : "application/json; charset=utf-8")
                .end(reply.html());
    }

    private Cookie cookie(String name, String value) {
        boolean travels = Console.travels(name);
        Cookie cookie = Cookie.cookie(name, value)
                .setPath(travels ? "/login/" : "/")
                .setHttpOnly(true)
                .setSameSite(travels ? CookieSameSite.LAX : CookieSameSite.STRICT)
                .setSecure(secure);
        if (travels) {
            cookie.setMaxAge(AT_THE_ISSUER.toSeconds());
        }
        return value.isEmpty() ? cookie.setMaxAge(0) : cookie;
    }
}
