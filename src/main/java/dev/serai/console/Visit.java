package dev.serai.console;

import java.util.Map;

/**
 * One request of a browser.
 *
 * @param path decoded, as {@code /runs/r_7}
 * @param form what a POST carries; empty for a GET
 * @param cookies those of the console, by name
 * @param address where it comes from, for counting attempts to log in
 * @param clicked whether a person asks, and not a page that keeps itself fresh
 */
public record Visit(
        String method,
        String path,
        Map<String, String> query,
        Map<String, String> form,
        Map<String, String> cookies,
        String address,
        boolean clicked) {

    boolean posts() {
        return method.equals("POST");
    }

    String query(String name) {
        return query.getOrDefault(name, "").strip();
    }

    String form(String name) {
        return form.getOrDefault(name, "").strip();
    }

    String cookie(String name) {
        return cookies.getOrDefault(name, "");
    }
}
