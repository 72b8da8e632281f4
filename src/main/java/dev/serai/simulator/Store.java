package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a vendor knows: records by collection and key, in the order they were created. Guarded by its vendor's lock. */
final class Store {

    /** @param made when it came to be; {@link Instant#EPOCH} for what has always been there */
    record Stored(String key, JsonNode json, Instant made, Instant changed) {}

    private final Map<String, Map<String, Stored>> collections = new HashMap<>();
    /** By {@code collection|dotted path}, made when first asked for: value to key. */
    private final Map<String, Map<String, String>> indexes = new HashMap<>();

    private long number;

    /** A number this vendor has not given out before, from 1. */
    long nextNumber() {
        return ++number;
    }

    Optional<Stored> get(String collection, String key) {
        return Optional.ofNullable(records(collection).get(key));
    }

    List<Stored> all(String collection) {
        return new ArrayList<>(records(collection).values());
    }

    void put(String collection, Stored record) {
        Stored before = records(collection).put(record.key(), record);
        indexes.forEach((index, keys) -> {
            if (index.startsWith(collection + "|")) {
                if (before != null) {
                    keys.remove(value(before.json(), index), record.key());
                }
                keys.putIfAbsent(value(record.json(), index), record.key());
            }
        });
    }

    void remove(String collection, String key) {
        Stored before = records(collection).remove(key);
        indexes.forEach((index, keys) -> {
            if (before != null && index.startsWith(collection + "|")) {
                keys.remove(value(before.json(), index), key);
            }
        });
    }

    /** The record whose {@code path} has that text, compared without regard to case. */
    Optional<Stored> find(String collection, String path, String text) {
        String index = collection + "|" + path;
        var keys = indexes.computeIfAbsent(index, name -> {
            var made = new HashMap<String, String>();
            records(collection).forEach((key, record) -> made.putIfAbsent(value(record.json(), name), key));
            return made;
        });
        String key = text.isEmpty() ? null : keys.get(text.toLowerCase(Locale.ROOT));
        return key == null ? Optional.empty() : get(collection, key);
    }

    private static String value(JsonNode json, String index) {
        JsonNode at = json;
        for (String name : index.substring(index.indexOf('|') + 1).split("\\.")) {
            at = at.path(name);
        }
        return at.asText("").toLowerCase(Locale.ROOT);
    }

    /** How many records there are, by collection; empty ones left out. */
    Map<String, Integer> sizes() {
        var sizes = new TreeMap<String, Integer>();
        collections.forEach((name, records) -> {
            if (!records.isEmpty()) {
                sizes.put(name, records.size());
            }
        });
        return sizes;
    }

    void clear() {
        collections.clear();
        indexes.clear();
        number = 0;
    }

    private Map<String, Stored> records(String collection) {
        return collections.computeIfAbsent(collection, name -> new LinkedHashMap<>());
    }
}
