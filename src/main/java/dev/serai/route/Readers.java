package dev.serai.route;

import dev.serai.store.ApiTokens;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Who may look at a hub's figures: who has the key of one's own systems, or a token of the API, of any role. */
final class Readers {
    private final ApiKey key;
    private final ApiTokens tokens;
    private final Desk desk;

    Readers(ApiKey key, ApiTokens tokens, Desk desk) {
        this.key = key;
        this.tokens = tokens;
        this.desk = desk;
    }

    /** Goes on with who may; anybody else is answered. The key is known without the database, a token is not. */
    void admit(RoutingContext context, Runnable then) {
        Optional<String> token = ApiKey.given(context.request()).filter(ApiTokens::isOne);
        if (token.isPresent() && !key.is(token.get())) {
            desk.ask(context, () -> tokens.find(token.get()).isPresent() ? then : () -> key.refuse(context.request()));
        } else if (key.refuse(context.request()).isEmpty()) {
            then.run();
        }
    }
}
