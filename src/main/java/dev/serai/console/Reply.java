package dev.serai.console;

import java.util.HashMap;
import java.util.Map;

/**
 * What the browser gets.
 *
 * @param html the page; empty when it is sent elsewhere
 * @param location where it is to go (303); empty when it stays
 * @param cookies what it is to bring from now on, by name; an empty value takes the cookie away
 */
public record Reply(int status, String html, String location, Map<String, String> cookies) {
    static Reply page(int status, String html) {
        return new Reply(status, html, "", Map.of());
    }

    static Reply to(String location) {
        return new Reply(303, "", location, Map.of());
    }

    Reply with(String cookie, String value) {
        var more = new HashMap<>(cookies);
        more.put(cookie, value);
        return new Reply(status, html, location, Map.copyOf(more));
    }
}
