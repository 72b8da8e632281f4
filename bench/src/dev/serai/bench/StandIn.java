package dev.serai.bench;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Not a hub: it does the hub's work from memory, and with known faults, so that {@code selftest.sh} can see the benchmark
 * find them. {@code StandIn PORT SINK_PORT EVERY}: of {@code EVERY} events, number 1 is never delivered, number 2 twice and
 * number 3 with a wrong address; 0 for no faults. It acknowledges before it has delivered, checks no signature and keeps
 * nothing.
 */
final class StandIn extends AbstractVerticle {
    private final int port;
    private final int sinkPort;
    private final int every;
    private HttpClient client;
    private MessageDigest sha256;

    private StandIn(int port, int sinkPort, int every) {
        this.port = port;
        this.sinkPort = sinkPort;
        this.every = every;
    }

    public static void main(String[] args) {
        Vertx.vertx()
                .deployVerticle(new StandIn(
                        Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2])));
    }

    @Override
    public void start() throws GeneralSecurityException {
        sha256 = MessageDigest.getInstance("SHA-256");
        client = vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(32).setMaxWaitQueueSize(-1));
        vertx.createHttpServer().requestHandler(this::take).listen(port, "127.0.0.1");
    }

    private void take(HttpServerRequest request) {
        request.bodyHandler(body -> {
            request.response().setStatusCode(202).end("{\"status\":\"queued\"}");
            deliver(body.toJsonObject());
        });
    }

    private void deliver(JsonObject event) {
        JsonObject person = event.getJsonObject("properties");
        String id = event.getString("id");
        long fault = every == 0 ? 0 : Long.parseLong(id.substring(2)) % every;
        if (fault == 1) {
            return;
        }
        String key = "crm_" + id + "_" + event.getString("updated_at");
        var names = new JsonObject()
                .put("FNAME", person.getString("firstname"))
                .put("LNAME", person.getString("lastname"))
                .put("PHONE", person.getString("phone"));
        String email = person.getString("email");
        byte[] hash = sha256.digest(key.getBytes(StandardCharsets.UTF_8));
        var body = new JsonObject()
                .put("email", fault == 3 ? email : email.strip().toLowerCase(Locale.ROOT))
                .put("merge_fields", names)
                .put("status", "subscribed")
                .put("idempotency_key", HexFormat.of().formatHex(hash));
        String list = person.getString("lifecyclestage").equals("customer") ? "customers" : "leads";
        for (int times = fault == 2 ? 2 : 1; times > 0; times--) {
            post("/lists/" + list, body.toBuffer());
        }
    }

    private void post(String path, Buffer body) {
        client.request(HttpMethod.POST, sinkPort, "127.0.0.1", path)
                .compose(request ->
                        request.putHeader("Content-Type", "application/json").send(body))
                .compose(answer -> answer.body())
                .onFailure(problem -> System.err.println(problem.getMessage()));
    }
}
