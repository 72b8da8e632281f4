package dev.serai.bench;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
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
import java.util.stream.Stream;

/**
 * Not a hub: it does the hub's work from memory, and with known faults, so that {@code selftest.sh} can see the benchmark
 * find them. {@code StandIn PORT SINK_PORT EVERY}: of {@code EVERY} events, number 1 is never delivered, number 2 twice and
 * number 3 with a wrong address; 0 for no faults. In three steps the last step of number 1 is missing, the second of
 * number 2 comes twice, the third of number 3 has a wrong address and the second of number 4 comes before the first. With
 * {@code LATE_MS ONE_IN} behind, one answer in so many comes so many milliseconds late. It acknowledges before it has
 * delivered, checks no signature and keeps nothing.
 */
final class StandIn extends AbstractVerticle {
    /** By number of the fault: the steps an event is delivered in; 0 for none. */
    private static final int[][] FAULTY_STEPS = {{1, 2, 3}, {1, 2}, {1, 2, 2, 3}, {1, 2, 3}, {2, 1, 3}};

    private final int port;
    private final int sinkPort;
    private final int every;
    private final int lateMs;
    private final int oneIn;
    private HttpClient client;
    private MessageDigest sha256;

    /** @param numbers those of the command line, in their order */
    private StandIn(int[] numbers) {
        this.port = numbers[0];
        this.sinkPort = numbers[1];
        this.every = numbers[2];
        this.lateMs = numbers.length > 4 ? numbers[3] : 0;
        this.oneIn = numbers.length > 4 ? numbers[4] : 1;
    }

    public static void main(String[] args) {
        Vertx.vertx()
                .deployVerticle(
                        new StandIn(Stream.of(args).mapToInt(Integer::parseInt).toArray()));
    }

    @Override
    public void start() throws GeneralSecurityException {
        sha256 = MessageDigest.getInstance("SHA-256");
        client = vertx.createHttpClient(
                new HttpClientOptions().setMaxPoolSize(32).setMaxWaitQueueSize(-1));
        vertx.createHttpServer().requestHandler(this::take).listen(port, "127.0.0.1");
    }

    private void take(HttpServerRequest request) {
        request.bodyHandler(body -> {
            JsonObject event = body.toJsonObject();
            if (lateMs > 0 && number(event) % oneIn == 7) {
                vertx.setTimer(lateMs, timer -> acknowledge(request));
            } else {
                acknowledge(request);
            }
            if (request.path().endsWith("/crm")) {
                deliver(event);
            } else if (request.path().endsWith("/crm-steps")) {
                deliverInSteps(event);
            }
        });
    }

    private static void acknowledge(HttpServerRequest request) {
        request.response().setStatusCode(202).end("{\"status\":\"queued\"}");
    }

    private void deliver(JsonObject event) {
        long fault = fault(event);
        if (fault == 1) {
            return;
        }
        Buffer body = member(event, fault == 3);
        for (int times = fault == 2 ? 2 : 1; times > 0; times--) {
            post(list(event), body).onFailure(StandIn::say);
        }
    }

    private void deliverInSteps(JsonObject event) {
        int fault = (int) fault(event);
        int[] steps = fault >= 1 && fault < FAULTY_STEPS.length ? FAULTY_STEPS[fault] : FAULTY_STEPS[0];
        Future<Buffer> last = Future.succeededFuture();
        for (int i = 0; i < steps.length; i++) {
            String path = list(event) + "/" + steps[i];
            Buffer body = member(event, fault == 3 && i == 2);
            last = last.compose(answer -> post(path, body));
        }
        last.onFailure(StandIn::say);
    }

    private long fault(JsonObject event) {
        return every == 0 ? 0 : number(event) % every;
    }

    private static long number(JsonObject event) {
        return Long.parseLong(event.getString("id").substring(2));
    }

    private static String list(JsonObject event) {
        String stage = event.getJsonObject("properties").getString("lifecyclestage");
        return "/lists/" + (stage.equals("customer") ? "customers" : "leads");
    }

    private Buffer member(JsonObject event, boolean wrongAddress) {
        JsonObject person = event.getJsonObject("properties");
        var names = new JsonObject()
                .put("FNAME", person.getString("firstname"))
                .put("LNAME", person.getString("lastname"))
                .put("PHONE", person.getString("phone"));
        String email = person.getString("email");
        String key = "crm_" + event.getString("id") + "_" + event.getString("updated_at");
        byte[] hash = sha256.digest(key.getBytes(StandardCharsets.UTF_8));
        return new JsonObject()
                .put("email", wrongAddress ? email : email.strip().toLowerCase(Locale.ROOT))
                .put("merge_fields", names)
                .put("status", "subscribed")
                .put("idempotency_key", HexFormat.of().formatHex(hash))
                .toBuffer();
    }

    private Future<Buffer> post(String path, Buffer body) {
        return client.request(HttpMethod.POST, sinkPort, "127.0.0.1", path)
                .compose(request ->
                        request.putHeader("Content-Type", "application/json").send(body))
                .compose(answer -> answer.body());
    }

    private static void say(Throwable problem) {
        System.err.println(problem.getMessage());
    }
}
