package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What is used of limits, and when that is all. */
final class QuotaTable {
    private QuotaTable() {}

    /** @param quotas as the API tells them */
    static Table of(List<JsonNode> quotas) {
        var table = new Table("connection", "limit", "used", "of it", "of late", "used up");
        Instant now = Instant.now();
        for (JsonNode quota : quotas) {
            Instant closed = Facts.time(quota, "closed_until");
            boolean flows = Facts.has(quota, "per");
            table.noted(
                    closed == null || closed.isBefore(now)
                            ? ""
                            : "It said \"too many\": nothing is sent before " + Words.time(closed) + ".",
                    Facts.text(quota, "connection")
                            + (Facts.has(quota, "operation") ? "/" + Facts.text(quota, "operation") : ""),
                    limit(quota),
                    number(quota.path("used").asLong()),
                    Facts.text(quota, "percent") + " %",
                    flows ? number(quota.path("per_hour").asLong()) + "/h" : "-",
                    end(quota));
        }
        return table;
    }

    private static String end(JsonNode quota) {
        if (!quota.path("budget").asBoolean()) {
            return "-";
        }
        return Facts.has(quota, "used_up_at")
                ? Words.time(Facts.time(quota, "used_up_at"))
                : "not before " + Words.time(Facts.time(quota, "ends_at"));
    }

    /** {@code 650,000 a day}, {@code 190 in 10 s}. */
    static String limit(JsonNode limit) {
        String most = number(limit.path("limit").asLong());
        if (limit.path("limit").asLong() == 0) {
            return "none is stated";
        }
        if (!Facts.has(limit, "per")) {
            return most + " at the same time";
        }
        String per = Facts.text(limit, "per");
        String points = Facts.text(limit, "unit").equals("points") ? " points" : "";
        return most + points + (per.equals("day") || per.equals("month") ? " a " + per : " in " + span(per));
    }

    private static String span(String per) {
        return per.endsWith("ms") || !per.endsWith("m")
                ? per.replaceFirst("(?<=\\d)(?=\\D)", " ")
                : per.replace("m", " min");
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
