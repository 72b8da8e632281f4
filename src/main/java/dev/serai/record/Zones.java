package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.TextStyle;
import java.time.temporal.TemporalQueries;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Time zones by IANA name; English names are those of the JDK's locale data (CLDR). */
final class Zones {
    /** Of the zones that share an English name, the one meant: the largest city. */
    private static final Set<ZoneId> PREFERRED = Set.of(
            ZoneId.of("America/New_York"),
            ZoneId.of("America/Chicago"),
            ZoneId.of("America/Denver"),
            ZoneId.of("America/Los_Angeles"),
            ZoneId.of("America/Sao_Paulo"),
            ZoneId.of("Europe/London"),
            ZoneId.of("Europe/Paris"),
            ZoneId.of("Europe/Athens"),
            ZoneId.of("Europe/Moscow"),
            ZoneId.of("Asia/Kolkata"),
            ZoneId.of("Asia/Shanghai"),
            ZoneId.of("Asia/Tokyo"),
            ZoneId.of("Australia/Sydney"));

    private static final List<DateTimeFormatter> ENGLISH = List.of(
            new DateTimeFormatterBuilder()
                    .parseCaseInsensitive()
                    .appendZoneText(TextStyle.FULL, PREFERRED)
                    .toFormatter(Locale.ENGLISH),
            new DateTimeFormatterBuilder()
                    .parseCaseInsensitive()
                    .appendGenericZoneText(TextStyle.FULL, PREFERRED)
                    .toFormatter(Locale.ENGLISH));

    private static final Map<String, String> BY_ID = ids();

    private Zones() {}

    static JsonNode timezone(JsonNode value) {
        return TextNode.valueOf(find(TextRules.text(value)).getId());
    }

    /** The zone of an IANA or English name. @throws Unacceptable when there is none */
    static ZoneId find(String name) {
        String text = TextRules.strip(name);
        String id = BY_ID.get(text.toLowerCase(Locale.ROOT).replace(' ', '_'));
        if (id != null) {
            return ZoneId.of(id);
        }
        for (DateTimeFormatter format : ENGLISH) {
            try {
                ZoneId zone = format.parse(text.replaceFirst("\\s*\\(.*\\)$", ""), TemporalQueries.zone());
                if (zone != null && BY_ID.containsValue(zone.getId())) {
                    return zone;
                }
            } catch (DateTimeParseException e) {
                // the next one may read it
            }
        }
        throw new Unacceptable("is not a time zone; an IANA name such as Europe/Berlin is expected");
    }

    /** Names of places and UTC; names of the old kind (EST5EDT, SystemV) and bare offsets say too little. */
    private static Map<String, String> ids() {
        var ids = new HashMap<String, String>();
        for (String id : ZoneId.getAvailableZoneIds()) {
            if (id.contains("/") && !id.startsWith("SystemV") && !id.startsWith("Etc/")) {
                ids.put(id.toLowerCase(Locale.ROOT), id);
            }
        }
        List.of("utc", "z", "gmt", "etc/utc", "etc/gmt", "coordinated_universal_time", "greenwich_mean_time")
                .forEach(name -> ids.put(name, "UTC"));
        return Map.copyOf(ids);
    }
}
