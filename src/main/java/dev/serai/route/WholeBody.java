package dev.serai.route;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;

/** Reads what a person or a program sends, as long as it is not too much. */
final class WholeBody {
    private static final int MOST = 2 << 20;

    private WholeBody() {}

    /** @param what of a person's words, for the refusal: the body, the form @param then gets it when it is there */
    static void read(RoutingContext context, String what, Consumer<Buffer> then) {
        HttpServerRequest request = context.request();
        var body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() <= MOST) {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(end -> {
            if (body.length() > MOST) {
                new HttpProblem(413, "too_large", what + " has more than " + (MOST >> 20) + " MiB")
                        .send(context.response());
            } else {
                then.accept(body);
            }
        });
        request.resume();
    }
}
