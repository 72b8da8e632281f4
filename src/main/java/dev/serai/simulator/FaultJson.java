package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.file.Durations;
import dev.serai.file.Suggest;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A fault as the admin door takes it: {@code {"vendor": "mailchimp", "fault": "status", "status": 503, "retry_after":
 * "2s", "times": 1}}. Beside these: {@code operation}, {@code delay}, {@code lasting} (until cleared without it),
 * {@code probability}, {@code seed}, {@code after_work}, {@code content_type}, {@code body}.
 */
final class FaultJson {
    private static final Set<String> KNOWN = Set.of(
            "vendor",
            "operation",
            "fault",
            "status",
            "retry_after",
            "times",
            "delay",
            "lasting",
            "probability",
            "seed",
            "after_work",
            "content_type",
            "body");
    private static final List<String> FAULTS =
            List.of("status", "delay", "drop", "reset", "truncated", "html", "garbage");

    private FaultJson() {}

    /** @throws IllegalArgumentException naming what is wrong */
    static Fault read(JsonNode json) {
        json.fieldNames().forEachRemaining(name -> {
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException(
                        "\"" + name + "\" is not known in a fault; " + Suggest.hint(name, KNOWN));
            }
        });
        Fault fault = kind(json).times(json.path("times").asInt(0)).lasting(duration(json, "lasting"));
        fault = fault.probability(
                json.path("probability").asDouble(1), json.path("seed").asLong(0));
        if (json.has("retry_after")) {
            fault = fault.retryAfter(duration(json, "retry_after"));
        }
        if (json.has("body")) {
            fault = fault.body(
                    json.path("content_type").asText("application/json"),
                    json.path("body").asText());
        }
        if (json.has("delay")) {
            fault = fault.delayed(duration(json, "delay"));
        }
        return json.path("after_work").asBoolean() ? fault.afterTheWork() : fault;
    }

    private static Fault kind(JsonNode json) {
        String name = json.path("fault").asText();
        return switch (name) {
            case "status" -> Fault.status(status(json, 0));
            case "delay" -> Fault.delay(duration(json, "delay"));
            case "drop" -> Fault.drop();
            case "reset" -> Fault.reset();
            case "truncated" -> Fault.truncated();
            case "html" -> Fault.html(status(json, 502));
            case "garbage" -> Fault.garbage();
            default ->
                throw new IllegalArgumentException("\"" + name + "\" is no fault; " + Suggest.hint(name, FAULTS));
        };
    }

    private static int status(JsonNode json, int otherwise) {
        int status = json.path("status").asInt(otherwise);
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("\"status\" is " + status + "; 200 to 599 can be answered");
        }
        return status;
    }

    private static Duration duration(JsonNode json, String name) {
        return json.has(name) ? Durations.of(json.path(name).asText()) : Duration.ZERO;
    }
}
