package dev.serai.connector;

import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.util.List;
import java.util.Set;

/**
 * Values inside a question's own language: {@code q: "SELECT Id FROM Contact WHERE Email = '{email}'"}. One with an apostrophe
 * would end the text it stands in, and could ask for something else.
 */
final class Quotes {
    private Quotes() {}

    /** Notes places between quotation marks whose value is put there as it is. @param ours places that the hub fills itself */
    static void check(Yaml operation, Set<String> ours, Problems problems) {
        for (String key : List.of("path", "query", "body", "form")) {
            operation.get(key).filter(at -> !isEncoding(operation, key)).ifPresent(at -> checkAll(at, ours, problems));
        }
    }

    /** Of a write {@code body} says how it is written. */
    private static boolean isEncoding(Yaml operation, String key) {
        return key.equals("body") && operation.get(key).filter(Yaml::isScalar).isPresent();
    }

    private static void checkAll(Yaml at, Set<String> ours, Problems problems) {
        if (at.isMap()) {
            at.entries().values().forEach(value -> checkAll(value, ours, problems));
        } else if (at.isList()) {
            at.items().forEach(item -> checkAll(item, ours, problems));
        } else {
            try {
                Text.of(at.text())
                        .looseInQuotes(ours)
                        .ifPresent(place -> problems.add(
                                at,
                                "\"" + at.text() + "\" has {" + place
                                        + "} between quotation marks, and a value with such a mark would end them; write {escaped("
                                        + place + ")}, or in '…' {quoted(" + place
                                        + ")} where the system writes an apostrophe twice"));
            } catch (IllegalArgumentException e) {
                return; // a broken text was noted where it is read
            }
        }
    }
}
