package dev.serai.api;

import static dev.serai.api.Operation.delete;
import static dev.serai.api.Operation.get;
import static dev.serai.api.Operation.post;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.facts.RunFacts;
import dev.serai.file.Durations;
import dev.serai.file.Suggest;
import dev.serai.store.ApiTokens;
import dev.serai.store.ApiTokens.Token;
import dev.serai.store.ByHand;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Who may use this API. */
final class AccessApi {
    private static final List<String> ROLES =
            Stream.of(Role.values()).map(Role::word).toList();

    private final ApiTokens tokens;

    AccessApi(ApiTokens tokens) {
        this.tokens = tokens;
    }

    List<Operation> operations() {
        return List.of(
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
