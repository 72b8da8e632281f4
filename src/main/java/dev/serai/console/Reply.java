package dev.serai.console;

import java.util.HashMap;
import java.util.Map;

/**
 * What the browser gets.
 *
 * @param html the page, or what is in the file; empty when it is sent elsewhere
 * @param location where it is to go (303); empty when it stays
 * @param file the name of what is to be kept, JSON; empty for a page
 * @param cookies what it is to bring from now on, by name; an empty value takes the cookie away
 */
public record Reply(int status, String html, String location, String file, Map<String, String> cookies) {
    static Reply page(int status, String html) {
        return new Reply(status, html, "", "", Map.of());
    }

    static Reply to(String location) {
        return new Reply(303, "", location, "", Map.of());
    }

    /** @param name letters, digits, dots and hyphens */
    static Reply file(String name, String json) {
        return new Reply(200, json, "", name, Map.of());
    }

    Reply with(String cookie, String value) {
        var more = new HashMap<>(cookies);
        more.put(cookie, value);
        return new Reply(status, html, location, file, Map.copyOf(more));
    }
}
