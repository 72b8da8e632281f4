package dev.serai.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.serai.api.Api;
import dev.serai.config.Setting;
import dev.serai.config.Settings;
import dev.serai.route.Trust;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/** The API of a hub elsewhere. Its certificate is checked, nothing is followed elsewhere, and no message holds the token. */
final class OverHttp implements HubWire {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** A chunk of many runs is written within it, and a connection tried. */
    private static final Duration ANSWER = Duration.ofSeconds(60);

    private static final int LARGEST_ANSWER = 64 << 20;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final URI hub;
    private final String token;
    private final Duration patience;
    private final HttpClient client;

    private OverHttp(URI hub, String token, Duration patience, HttpClient client) {
        this.hub = hub;
        this.token = token;
        this.patience = patience;
        this.client = client;
    }

    /** @throws WrongUse when the address or the token can't be used */
    static OverHttp of(Settings settings) {
        return of(settings, ANSWER);
    }

    /** @param patience how long an answer may take, from the first byte sent to the last that came */
    static OverHttp of(Settings settings, Duration patience) {
        HubAddress address = HubAddress.of(settings);
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(Trust.of(settings.text(Setting.CALLS_TRUST)))
                .build();
        return new OverHttp(address.url(), address.token(), patience, client);
    }

    @Override
    public JsonNode call(Api.Request request) {
        HttpResponse<byte[]> answer = send(request);
        JsonNode body = json(answer);
        if (answer.statusCode() / 100 == 2 && !body.isMissingNode()) {
            return body;
        }
        throw problem(answer, body);
    }

    private HttpResponse<byte[]> send(Api.Request request) {
        boolean changes = !request.method().equals("GET");
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(wired(request), limited());
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw away(e.getCause(), changes);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw HubProblem.away(hub + " did not answer within " + patience.toSeconds() + " s.", changes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HubProblem.away("Interrupted while " + hub + " was asked.", changes);
        }
    }

    private HttpRequest wired(Api.Request request) {
        String query = request.query().entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        URI uri = URI.create(hub + Api.BASE + request.path() + (query.isEmpty() ? "" : "?" + query));
        var wired = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json, application/problem+json");
        if (request.body().isMissingNode()) {
            return wired.method(request.method(), HttpRequest.BodyPublishers.noBody())
                    .build();
        }
        return wired.header("Content-Type", "application/json")
                .method(
                        request.method(),
                        HttpRequest.BodyPublishers.ofString(request.body().toString()))
                .build();
    }

    /** No memory is given to an answer that does not end. */
    private static BodyHandler<byte[]> limited() {
        return answer -> {
            var bytes = new ByteArrayOutputStream();
            return BodySubscribers.mapping(
                    BodySubscribers.ofByteArrayConsumer(part -> part.ifPresent(more -> {
                        if (bytes.size() + more.length > LARGEST_ANSWER) {
                            throw new IllegalStateException("it is longer than " + (LARGEST_ANSWER >> 20) + " MiB");
                        }
                        bytes.writeBytes(more);
                    })),
                    all -> bytes.toByteArray());
        };
    }

    private HubProblem away(Throwable cause, boolean changes) {
        if (cause instanceof HttpConnectTimeoutException || cause instanceof ConnectException) {
            return HubProblem.away(
                    hub + " can't be reached: nothing answers there. Does the hub run, and is serai.hub its address?",
                    false);
        }
        if (cause instanceof SSLException) {
            return HubProblem.away(
                    hub + " is not trusted, and was told nothing: its certificate is another's, too old, or of an"
                            + " authority that neither Java nor serai.calls.trust knows (" + cause.getMessage() + ").",
                    false);
        }
        return HubProblem.away(hub + " broke off before its answer was there (" + cause.getMessage() + ").", changes);
    }

    private static JsonNode json(HttpResponse<byte[]> answer) {
        String type = answer.headers().firstValue("Content-Type").orElse("");
        try {
            JsonNode body = type.contains("json") ? JSON.readTree(answer.body()) : JSON.missingNode();
            return body.isObject() ? body : JSON.missingNode();
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    private HubProblem problem(HttpResponse<byte[]> answer, JsonNode body) {
        int status = answer.statusCode();
        if (status / 100 == 3) {
            return HubProblem.away(
                    hub + " sends elsewhere, to "
                            + answer.headers().firstValue("Location").orElse("nowhere")
                            + "; write that address as serai.hub if it is the hub's.",
                    false);
        }
        if (!body.path("detail").isTextual()) {
            return HubProblem.away(
                    hub + " answered " + status + " and nothing a hub would say; is serai.hub the address of a hub?",
                    false);
        }
        String code = body.path("code").asText();
        if (code.equals("operation")) {
            return HubProblem.declined(
                    status, code, hub + " does not know what this asks; it is older than this command");
        }
        return HubProblem.declined(
                status,
                code,
                status == 401
                        ? hub + " does not know the token (serai.hub.token): it is wrong, over or taken back"
                        : body.path("detail").asText());
    }

    @Override
    public void await() {
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
    }

    @Override
    public void close() {
        // its threads end by themselves
    }
}
