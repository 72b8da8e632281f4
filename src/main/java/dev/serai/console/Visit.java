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

    /** What a page was told of an order that was done; empty for anything but a number, as a stranger's link may say. */
    String count(String name) {
        String given = query(name);
        return given.matches("\\d{1,9}") ? given : "";
    }

    String form(String name) {
        return form.getOrDefault(name, "").strip();
    }

    String cookie(String name) {
        return cookies.getOrDefault(name, "");
    }
}
