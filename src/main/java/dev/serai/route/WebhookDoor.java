package dev.serai.route;

import dev.serai.connector.webhook.Malformed;
import dev.serai.connector.webhook.RawRequest;
import dev.serai.connector.webhook.Reply;
import dev.serai.connector.webhook.Verification;
import dev.serai.connector.webhook.Webhooks;
import dev.serai.library.Library;
import dev.serai.run.Admission;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /webhooks/{connection}}: signature over the raw bytes first, then handshake, then events. */
final class WebhookDoor {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookDoor.class);
    private static final Duration UNTIL_SET = Duration.ofMinutes(5);

    private final Door door;
    private final Supplier<Library> library;
    private final InstantSource clock;

    WebhookDoor(Door door, Supplier<Library> library, InstantSource clock) {
        this.door = door;
        this.library = library;
        this.clock = clock;
    }

    /** Lets in by the secrets as they are set now. Asks files and vaults, so it is no request that does it. */
    void look() {
        library.get().doors().forEach((connection, webhooks) -> {
            try {
                if (webhooks.look()) {
                    LOG.info("webhook.secret_changed connection={}", connection);
                }
            } catch (RuntimeException e) {
                LOG.error("webhook.secret_not_read connection={}: a fault of Serai; trying again", connection, e);
            }
        });
    }

    void handle(RoutingContext context) {
        String connection = context.pathParam("connection");
        HttpServerResponse response = context.response();
        Optional<Webhooks> webhooks = library.get().door(connection);
        if (webhooks.isEmpty()) {
            door.refuse(
                    "",
                    Admission.UNKNOWN,
                    new HttpProblem(404, "no_such_source", "no connector file of that name has a webhooks section"),
                    response);
            return;
        }
        if (!webhooks.get().answers(context.request().method().name())) {
            notAllowed(response);
            return;
        }
        Optional<String> closed = webhooks.get().closedBecause();
        if (closed.isPresent()) {
            LOG.atWarn()
                    .addKeyValue("connection", connection)
                    .addKeyValue("reason", closed.get())
                    .log("webhook.closed");
            var problem = new HttpProblem(
                    503,
                    "source_closed",
                    "this source has no secret yet; its owner finds what to set in the log",
                    UNTIL_SET);
            door.refuse(connection, Admission.SOURCE_CLOSED, problem, response);
            return;
        }
        door.receive(
                connection, context.request(), (request, answer) -> take(connection, webhooks.get(), request, answer));
    }

    private void take(String connection, Webhooks webhooks, RawRequest request, HttpServerResponse response) {
        var open = webhooks.openReply(request);
        if (open.isPresent()) {
            shake(open.get(), response);
            return;
        }
        Verification verification = webhooks.verify(request, clock.instant());
        if (!verification.accepted()) {
            LOG.atWarn()
                    .addKeyValue("connection", connection)
                    .addKeyValue("code", verification.code().word())
                    .addKeyValue("reason", verification.reason())
                    .log("webhook.refused");
            String code = "signature_" + verification.code().word();
            door.refuse(
                    connection,
                    Admission.valueOf(code.toUpperCase(Locale.ROOT)),
                    new HttpProblem(401, code, "the request is not signed as it must be"),
                    response);
            return;
        }
        try {
            var handshake = webhooks.reply(request);
            if (handshake.isPresent()) {
                shake(handshake.get(), response);
                return;
            }
            if (!request.method().equals("POST")) {
                notAllowed(response);
                return;
            }
            door.accept(connection, webhooks.events(request), response);
        } catch (Malformed e) {
            LOG.atWarn()
                    .addKeyValue("connection", connection)
                    .addKeyValue("reason", e.getMessage())
                    .log("webhook.malformed");
            door.refuse(connection, Admission.MALFORMED, new HttpProblem(400, "malformed", e.getMessage()), response);
        }
    }

    private static void shake(Reply reply, HttpServerResponse response) {
        reply.headers().forEach(response::putHeader);
        // what came in goes out again: no browser shall take it for a page
        response.putHeader("Content-Type", reply.contentType())
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(reply.body());
    }

    private static void notAllowed(HttpServerResponse response) {
        new HttpProblem(405, "no_such_door", "this address takes POST only").send(response);
    }
}
