package dev.serai.bench.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;

/** The twenty fields in Java, as a careful person writes them for this one record: no messages, no explanation. */
final class ByHand {
    private static final Pattern SPACES = Pattern.compile(" +");

    private ByHand() {}

    static ObjectNode apply(JsonNode lead) {
        JsonNode properties = lead.path("properties");
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("id", lead.path("id").asText());
        out.put("source", "crm");
        out.put("email", text(properties, "email").toLowerCase(Locale.ROOT));
        out.put("first_name", text(properties, "firstname"));
        out.put("last_name", text(properties, "lastname"));
        out.put("company", SPACES.matcher(text(properties, "company")).replaceAll(" "));
        out.put("title", text(properties, "title"));
        out.put("phone", Phone.e164(properties.path("phone").asText(), "US"));
        String country = text(properties, "country");
        out.put("country", country.equals("United States") ? "US" : country);
        out.put("language", text(properties, "language").replace('_', '-'));
        out.put("city", text(properties, "city"));
        out.put("zip", text(properties, "zip"));
        String plan = text(properties, "plan").toLowerCase(Locale.ROOT);
        out.put("plan", plan);
        out.put("opted_in", text(properties, "newsletter").equals("yes"));
        out.put("status", status(lead.path("status").asText()));
        out.put("score", new BigDecimal(lead.path("score").asText()));
        if (plan.equals("enterprise")) {
            out.put("vip", true);
        }
        out.put("owner_email", lead.path("owner").path("email").asText().toLowerCase(Locale.ROOT));
        out.put("created_at", time(lead.path("createdAt").asText()));
        out.put("updated_at", time(lead.path("updatedAt").asText()));
        return out;
    }

    private static String text(JsonNode in, String field) {
        return in.path(field).asText().strip();
    }

    private static String status(String status) {
        return switch (status) {
            case "MQL" -> "marketing";
            case "SQL" -> "sales";
            default -> "lead";
        };
    }

    private static String time(String text) {
        return DateTimeFormatter.ISO_INSTANT.format(
                OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.SECONDS));
    }
}
