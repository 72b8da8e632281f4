package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Calls a simulated vendor with a right credential, unless told otherwise. */
final class Caller {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** An answer, its body as JSON when it is JSON. */
    record Reply(int status, HttpResponse<String> http) {
        JsonNode json() throws IOException {
            return JSON.readTree(http.body());
        }

        String header(String name) {
            return http.headers().firstValue(name).orElse("");
        }
    }

    private final String base;
    private final Map<String, String> headers = new LinkedHashMap<>();

    private Caller(String base) {
        this.base = base;
    }

    static Caller nobody(Simulator simulator, String vendor) {
        return new Caller(simulator.url(vendor));
    }

    static Caller bearer(Simulator simulator, String vendor) {
        return nobody(simulator, vendor).with("Authorization", "Bearer " + simulator.secret(vendor));
    }

    static Caller basic(Simulator simulator, String vendor, String user) {
        byte[] pair = (user + ":" + simulator.secret(vendor)).getBytes(StandardCharsets.UTF_8);
        return nobody(simulator, vendor)
                .with("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    }

    Caller with(String name, String value) {
        var more = new Caller(base);
        more.headers.putAll(headers);
        more.headers.put(name, value);
        return more;
    }

    Reply get(String path) throws IOException, InterruptedException {
        return send("GET", path, null, null);
    }

    Reply delete(String path) throws IOException, InterruptedException {
        return send("DELETE", path, null, null);
    }

    Reply json(String method, String path, String body) throws IOException, InterruptedException {
        return send(method, path, "application/json", body);
    }

    Reply form(String path, String body) throws IOException, InterruptedException {
        return send("POST", path, "application/x-www-form-urlencoded", body);
    }

    Reply send(String method, String path, String type, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofMinutes(2));
        headers.forEach(request::header);
        if (type != null) {
            request.header("Content-Type", type);
        }
        request.method(
                method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        HttpResponse<String> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Reply(answer.statusCode(), answer);
    }
}
