package dev.serai.console;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;

/** A browser without scripts: it keeps cookies and sends forms, and follows nothing by itself. */
final class Guest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final String hub;
    final Map<String, String> cookies = new HashMap<>();
    /** Sent with each request. */
    final Map<String, String> headers = new HashMap<>();

    /** @param hub its address without a slash at the end */
    Guest(String hub) {
        this.hub = hub;
    }

    record Seen(int status, HttpHeaders headers, String html) {
        Document page() {
            return Jsoup.parse(html);
        }

        String text() {
            return page().text();
        }

        String location() {
            return headers.firstValue("Location").orElse("");
        }
    }

    Seen get(String path) {
        return send(HttpRequest.newBuilder(URI.create(hub + path)).GET());
    }

    /** @param fields name, value, name, value */
    Seen post(String path, String... fields) {
        Iterator<String> all = List.of(fields).iterator();
        var pairs = new java.util.ArrayList<String>();
        while (all.hasNext()) {
            pairs.add(all.next() + "=" + URLEncoder.encode(all.next(), StandardCharsets.UTF_8));
        }
        return send(HttpRequest.newBuilder(URI.create(hub + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(String.join("&", pairs))));
    }

    /** Sends a form as the page has it: with its proof and all that is hidden in it. */
    Seen submit(String page, String form, String... fields) {
        return submit(get(page), form, fields);
    }

    /** @param form a selector */
    Seen submit(Seen page, String form, String... fields) {
        var element = page.page().selectFirst(form);
        if (element == null) {
            throw new AssertionError("there is no " + form + " on the page: " + page.text());
        }
        var all = new java.util.ArrayList<String>();
        element.select("input[type=hidden]").forEach(input -> all.addAll(List.of(input.attr("name"), input.val())));
        all.addAll(Arrays.asList(fields));
        return post(element.attr("action"), all.toArray(String[]::new));
    }

    Guest login(String token) {
        Seen done = submit("/login", "form", "token", token);
        if (done.status() != 303) {
            throw new AssertionError("not logged in: " + done.text());
        }
        return this;
    }

    private Seen send(HttpRequest.Builder request) {
        headers.forEach(request::header);
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        try {
            HttpResponse<String> answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            answer.headers().allValues("Set-Cookie").forEach(this::keep);
            return new Seen(answer.statusCode(), answer.headers(), answer.body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void keep(String set) {
        String[] parts = set.split(";")[0].split("=", 2);
        if (parts[1].isEmpty()) {
            cookies.remove(parts[0]);
        } else {
            cookies.put(parts[0], parts[1]);
        }
    }
}
