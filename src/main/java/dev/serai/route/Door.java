package dev.serai.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connector.webhook.Incoming;
import dev.serai.connector.webhook.RawRequest;
import dev.serai.metric.Metrics;
import dev.serai.record.Masks;
import dev.serai.run.Admission;
import dev.serai.store.Inbox;
import dev.serai.store.Receipt;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both doors share: the body as it arrived, within its limit; the receipt once everything is committed; a refusal
 * otherwise. Works on Vert.x' own threads and never blocks them.
 */
final class Door {
    private static final Logger LOG = LoggerFactory.getLogger(Door.class);
    private static final Duration BUSY = Duration.ofSeconds(1);
    private static final Duration AWAY = Duration.ofSeconds(5);

    private final Intake intake;
    private final Metrics metrics;
    private final String publicUrl;
    private final int maxBody;
    private final IntakeRate rate;

    /** @param publicUrl address vendors use, without a slash at its end; empty: taken from the request @param maxBody bytes */
    Door(Intake intake, Metrics metrics, String publicUrl, int maxBody, IntakeRate rate) {
        this.intake = intake;
        this.metrics = metrics;
        this.publicUrl = publicUrl;
        this.maxBody = maxBody;
        this.rate = rate;
    }

    /** Reads the body to its end and hands it on; refuses what is too large or too much. */
    void receive(String source, HttpServerRequest request, BiConsumer<RawRequest, HttpServerResponse> next) {
        HttpServerResponse response = request.response();
        if (!rate.admits(source)) {
            refuse(
                    source,
                    Admission.TOO_MANY,
                    new HttpProblem(
                            429, "too_many", "this source sends more than serai.intake.rate allows; wait", BUSY),
                    response);
            return;
        }
        var body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() <= maxBody) {
                body.appendBuffer(chunk);
            } else if (!response.ended()) {
                response.putHeader("Connection", "close");
                String detail = "the body has more than " + maxBody / 1024 + " KiB; see serai.http.max-body-kb";
                refuse(source, Admission.TOO_LARGE, new HttpProblem(413, "too_large", detail), response);
            }
        });
        request.endHandler(end -> {
            if (!response.ended()) {
                hand(source, raw(request, body.getBytes()), response, next);
            }
        });
        request.exceptionHandler(gone -> LOG.debug("sender went away: {}", gone.getMessage()));
        request.resume();
    }

    /** Whatever goes wrong, the sender gets an answer: without one it would wait for its own timeout. */
    private void hand(
            String source,
            RawRequest request,
            HttpServerResponse response,
            BiConsumer<RawRequest, HttpServerResponse> next) {
        try {
            next.accept(request, response);
        } catch (RuntimeException e) {
            LOG.error("door.failed: a fault of Serai", e);
            var problem = new HttpProblem(500, "fault", "the hub failed; nothing was stored");
            refuse(source, Admission.FAULT, problem, response);
        }
    }

    /** Answers, and counts it. @param source empty when it is none that the hub knows */
    void refuse(String source, Admission why, HttpProblem problem, HttpServerResponse response) {
        metrics.refused(source, why.word());
        problem.send(response);
    }

    /** Counts what was answered already. */
    void refused(String source, Admission why) {
        metrics.refused(source, why.word());
    }

    private RawRequest raw(HttpServerRequest request, byte[] body) {
        Map<String, String> headers = new HashMap<>();
        // a header that comes twice is joined as HTTP says, so that no second signature can hide
        request.headers()
                .forEach((name, value) ->
                        headers.merge(name.toLowerCase(java.util.Locale.ROOT), value, (a, b) -> a + "," + b));
        String url = publicUrl.isEmpty() ? request.absoluteURI() : publicUrl + request.uri();
        return new RawRequest(request.method().name(), url, headers, body);
    }

    /** Commits the events, then answers 202 with their receipts. */
    void accept(String source, List<Incoming> events, HttpServerResponse response) {
        try {
            intake.append(source, events).whenComplete((receipts, failure) -> {
                if (failure == null) {
                    metrics.accepted(source);
                    log(source, events, receipts);
                    response.setStatusCode(202)
                            .putHeader("Content-Type", "application/json")
                            .end(receiptJson(events, receipts).toString());
                } else {
                    LOG.warn("intake.not_stored source={}: {}", source, failure.getMessage());
                    refuse(
                            source,
                            Admission.STORE_AWAY,
                            new HttpProblem(503, "store_away", "the event could not be stored; send it again", AWAY),
                            response);
                }
            });
        } catch (Intake.Reserved e) {
            LOG.atWarn()
                    .addKeyValue("source", source)
                    .addKeyValue("reason", e.getMessage())
                    .log("intake.refused");
            refuse(source, Admission.RESERVED_TYPE, new HttpProblem(400, "reserved_type", e.getMessage()), response);
        } catch (Inbox.Busy e) {
            refuse(
                    source,
                    Admission.BUSY,
                    new HttpProblem(503, "busy", "too many requests wait to be stored; send it again", BUSY),
                    response);
        }
    }

    private static void log(String source, List<Incoming> events, List<Receipt> receipts) {
        if (LOG.isDebugEnabled()) {
            for (int i = 0; i < events.size(); i++) {
                LOG.atDebug()
                        .addKeyValue("receipt", receipts.get(i).name())
                        .addKeyValue("source", source)
                        .addKeyValue("type", events.get(i).type())
                        .addKeyValue(
                                "record", Masks.inText(events.get(i).record().orElse("-")))
                        .addKeyValue("key", Masks.inText(events.get(i).key()))
                        .addKeyValue(
                                "payload_sha256", PayloadHash.of(events.get(i).payload()))
                        .addKeyValue("duplicate", receipts.get(i).duplicate())
                        .log("event.stored");
            }
        }
    }

    /** {@code {"status":"queued","receipt":"e_81","events":[{"receipt":"e_81","type":"…","duplicate":false}]}}. */
    private static ObjectNode receiptJson(List<Incoming> events, List<Receipt> receipts) {
        var answer = JsonNodeFactory.instance.objectNode();
        boolean all = !receipts.isEmpty() && receipts.stream().allMatch(Receipt::duplicate);
        answer.put("status", all ? "duplicate" : "queued");
        if (!receipts.isEmpty()) {
            answer.put("receipt", receipts.get(0).name());
        }
        ArrayNode list = answer.putArray("events");
        for (int i = 0; i < events.size(); i++) {
            list.addObject()
                    .put("receipt", receipts.get(i).name())
                    .put("type", events.get(i).type())
                    .put("duplicate", receipts.get(i).duplicate());
        }
        return answer;
    }
}
