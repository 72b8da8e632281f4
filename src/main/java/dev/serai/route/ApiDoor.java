package dev.serai.route;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.serai.api.Answer;
import dev.serai.api.Api;
import dev.serai.api.Caller;
import dev.serai.api.Declined;
import dev.serai.api.OpenApi;
import dev.serai.api.Role;
import dev.serai.store.ApiTokens;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** {@code /api/v1}: the API on the wire. Who asks is known by a token; without one nothing is answered but how to get one. */
final class ApiDoor {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    private final Api api;
    private final ApiTokens tokens;
    private final Desk desk;
    private final Desk waiting;
    private final Predicate<HttpServerRequest> patient;
    private final String document;

    /**
     * @param waiting for what may take long, so that it holds up nobody else
     * @param patient counts a wrong token, and says whether its sender may send another one
     */
    ApiDoor(Api api, ApiTokens tokens, Desk desk, Desk waiting, Predicate<HttpServerRequest> patient) {
        this.api = api;
        this.tokens = tokens;
        this.desk = desk;
        this.waiting = waiting;
        this.patient = patient;
        this.document = OpenApi.document(api.operations()).toPrettyString();
    }

    /** {@code GET /api/v1/openapi.json}, for everybody: it holds nothing of this hub. */
    void document(RoutingContext context) {
        json(context.response(), 200, document);
    }

    void handle(RoutingContext context) {
        Desk who = api.mayWait(context.request().method().name(), path(context)) ? waiting : desk;
        WholeBody.read(context, "the body", body -> who.ask(context, () -> answer(context, body.getBytes())));
    }

    /** Below {@link Api#BASE}. */
    private static String path(RoutingContext context) {
        return context.normalizedPath().substring(Api.BASE.length());
    }

    private Runnable answer(RoutingContext context, byte[] body) throws SQLException {
        HttpServerResponse response = context.response();
        Optional<Caller> caller = caller(context.request());
        if (caller.isEmpty()) {
            HttpProblem problem = unknown(context.request());
            return () -> problem.send(response.putHeader("WWW-Authenticate", "Bearer"));
        }
        try {
            Answer answer = api.call(request(context, body), caller.get());
            String json = answer.body().toString();
            return () -> json(response, answer.status(), json);
        } catch (Declined e) {
            return () -> new HttpProblem(e.status(), e.code(), e.getMessage()).send(response);
        }
    }

    /** Only wrong tokens are counted: whoever has a right one is let in, however many come from the same address. */
    private HttpProblem unknown(HttpServerRequest request) {
        boolean wrong = ApiKey.given(request).isPresent();
        return wrong && !patient.test(request)
                ? new HttpProblem(429, "wrong_tokens", "too many wrong tokens came from your address; wait", A_MINUTE)
                : new HttpProblem(
                        401,
                        "token",
                        "send a token as Authorization: Bearer …; serai tokens create NAME --role viewer makes one");
    }

    private Optional<Caller> caller(HttpServerRequest request) throws SQLException {
        Optional<String> token = ApiKey.given(request);
        return token.isEmpty()
                ? Optional.empty()
                : tokens.find(token.get())
                        .map(known -> new Caller(
                                known.name(), Role.valueOf(known.role().toUpperCase(Locale.ROOT))));
    }

    private static Api.Request request(RoutingContext context, byte[] body) {
        Map<String, String> query = new HashMap<>();
        context.queryParams().forEach(parameter -> {
            if (query.put(parameter.getKey(), parameter.getValue()) != null) {
                throw Declined.badRequest("\"" + parameter.getKey() + "\" is given twice; separate values by commas");
            }
        });
        return new Api.Request(context.request().method().name(), path(context), query, json(body));
    }

    private static JsonNode json(byte[] body) {
        if (body.length == 0) {
            return MissingNode.getInstance();
        }
        try {
            JsonNode json = JSON.readTree(body);
            if (json.isObject()) {
                return json;
            }
        } catch (IOException e) {
            // said below
        }
        throw Declined.badRequest("the body is not a JSON object");
    }

    private static void json(HttpServerResponse response, int status, String json) {
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(json);
    }
}
