package dev.serai.mapping;

import dev.serai.file.Place;
import dev.serai.file.Yaml;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Where a mapping comes from.
 *
 * @param version the first 8 digits of the SHA-256 of the file: another text, another version
 * @param places of its fields, those of included files left out
 */
record Origin(Place file, String version, Map<String, Place> places) {
    private static final int DIGITS = 8;

    static Origin of(Yaml root, String text) {
        var places = new HashMap<String, Place>();
        root.get("fields").filter(Yaml::isMap).ifPresent(fields -> fields.entries()
                .keySet()
                .forEach(name -> places.put(name, fields.keyPlace(name))));
        return new Origin(Place.whole(root.file()), version(text), Map.copyOf(places));
    }

    private static String version(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    Place of(String field) {
        return places.getOrDefault(field, file);
    }
}
