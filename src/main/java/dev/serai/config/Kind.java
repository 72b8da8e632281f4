package dev.serai.config;

import dev.serai.file.Durations;
import java.util.List;

/** What the value of a setting must look like. */
enum Kind {
    TEXT("text"),
    SECRET("a secret"),
    NUMBER("a whole number from 1 to 1000000"),
    COUNT("a whole number from 0 to 1000"),
    PERCENT("a whole number from 0 to 100"),
    NETWORKS("a list of addresses and networks such as 10.0.0.5, 10.1.0.0/16"),
    PORT("a port from 0 to 65535; 0 takes a free one"),
    DURATION("a duration such as 500ms, 30s, 5m, 2h"),
    YES_NO("yes or no"),
    WEEKLY("a day and an hour such as mon 07:00, or off"),
    EVIDENCE("none, sampled or all"),
    LOG_FORMAT("auto, text or json");

    private final String words;

    Kind(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    boolean accepts(String value) {
        return switch (this) {
            case TEXT, SECRET -> true;
            case NUMBER -> within(value, 1, 1_000_000);
            case COUNT -> within(value, 0, 1_000);
            case PERCENT -> within(value, 0, 100);
            case NETWORKS -> Networks.read(value).isPresent();
            case PORT -> within(value, 0, 65_535);
            case DURATION -> Durations.parse(value).isPresent();
            case YES_NO -> List.of("yes", "no").contains(value);
            case WEEKLY -> value.matches("off|(mon|tue|wed|thu|fri|sat|sun) ([01]\\d|2[0-3]):[0-5]\\d");
            case EVIDENCE -> List.of("none", "sampled", "all").contains(value);
            case LOG_FORMAT -> List.of("auto", "text", "json").contains(value);
        };
    }

    private static boolean within(String value, int low, int high) {
        try {
            int number = Integer.parseInt(value);
            return number >= low && number <= high;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
