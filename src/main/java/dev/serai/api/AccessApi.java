package dev.serai.api;

import static dev.serai.api.Operation.delete;
import static dev.serai.api.Operation.get;
import static dev.serai.api.Operation.post;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.facts.RunFacts;
import dev.serai.facts.TroubleFacts;
import dev.serai.file.Durations;
import dev.serai.file.Suggest;
import dev.serai.store.ApiTokens;
import dev.serai.store.ApiTokens.Token;
import dev.serai.store.ByHand;
import dev.serai.store.ParkedConnections;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Ways in and out: tokens of this API, and connections through which nothing goes. */
final class AccessApi {
    private static final List<String> ROLES =
            Stream.of(Role.values()).map(Role::word).toList();

    private final ApiTokens tokens;
    private final ParkedConnections connections;

    AccessApi(ApiTokens tokens, ParkedConnections connections) {
        this.tokens = tokens;
        this.connections = connections;
    }

    List<Operation> operations() {
        return List.of(
                get(
                                "/connections/troubled",
                                "list_troubled_connections",
                                "Connections and operations through which nothing goes now")
                        .answers("TroubleList", ask -> {
                            ObjectNode json = Json.object();
                            json.set("items", TroubleFacts.json(connections.troubles()));
                            return Answer.of(json);
                        }),
                post(
                                "/connections/{connection}/resume",
                                "resume_connection",
                                "Lets a parked connection go on, and its open breakers be tried")
                        .body("Reason")
                        .answers("Touched", this::resume),
                get("/tokens", "list_tokens", "Who may use this API")
                        .by(Role.ADMIN)
                        .answers("TokenList", ask -> Answer.of(Json.items(tokens.all(), AccessApi::json))),
                post("/tokens", "create_token", "Makes a token; it is shown this once")
                        .by(Role.ADMIN)
                        .body("NewToken")
                        .answers("CreatedToken", this::create),
                delete("/tokens/{token}", "revoke_token", "Takes a token back at once")
                        .by(Role.ADMIN)
                        .answers("Revoked", this::revoke));
    }

    private Answer resume(Ask ask) throws SQLException {
        ByHand by = ask.byHand();
        int touched = connections.resume(ask.path().get("connection"), ask.now(), by.who(), by.why());
        return Answer.of(Json.object().put("touched", touched));
    }

    private static ObjectNode json(Token token) {
        return Json.object()
                .put("token", token.name())
                .put("role", token.role())
                .put("created_at", RunFacts.text(token.createdAt()))
                .put("created_by", token.createdBy())
                .put("expires_at", RunFacts.text(token.expiresAt()))
                .put("used_at", RunFacts.text(token.usedAt()));
    }

    private Answer create(Ask ask) throws SQLException {
        String name = ask.body().path("token").asText();
        if (!name.matches("[a-z0-9][a-z0-9._-]{0,62}")) {
            throw Declined.badRequest("token is \"" + name + "\"; small letters, digits, dots and hyphens are a name");
        }
        String role = ask.body().path("role").asText();
        if (!ROLES.contains(role)) {
            throw Declined.badRequest("role is \"" + role + "\"; " + Suggest.hint(role, ROLES));
        }
        String token = tokens.create(
                        name, role, expiry(ask), new ByHand(ask.caller().name(), ""))
                .orElseThrow(() -> Declined.conflict("there is a token " + name + " already; revoke it first"));
        return Answer.created(Json.object().put("token", name).put("role", role).put("secret", token));
    }

    private static Optional<Instant> expiry(Ask ask) {
        String life = ask.body().path("expires_in").asText("");
        if (life.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Durations.parse(life)
                .map(ask.now()::plus)
                .orElseThrow(() -> Declined.badRequest("expires_in is \"" + life + "\"; write 90d or 12h")));
    }

    private Answer revoke(Ask ask) throws SQLException {
        String name = ask.path().get("token");
        if (!tokens.revoke(name, new ByHand(ask.caller().name(), ""))) {
            throw Declined.notFound("there is no token " + name);
        }
        return Answer.of(Json.object().put("revoked", name));
    }
}
